/** What an address below /ogcapi is. */
export type OgcKind =
  | 'landing' | 'conformance' | 'api' | 'collections' | 'collection'
  | 'map' | 'tileMatrixSets' | 'tileMatrixSet' | 'tilesets' | 'tileset' | 'tile';

/** One kind of address: what it looks like, and the parameters that it knows. The order of the OpenAPI document. */
export interface OgcRoute {
  readonly kind: OgcKind;
  /** Below /ogcapi. A picture's may end in an extension. */
  readonly template: string;
  readonly group: 'common' | 'maps' | 'tiles';
  /** Answers with a picture. */
  readonly isPicture: boolean;
  /** Names of the query, as they are written: OGC API tells upper from lower case. */
  readonly parameters: readonly string[];
  readonly summary: string;
}

const DOCUMENT: readonly string[] = ['f'];
/** What chooses the rectangle, the size and the background of a map (OGC 20-058, clauses 7 to 12). */
const MAP: readonly string[] = [
  'f', 'crs', 'bbox', 'bbox-crs', 'subset', 'subset-crs', 'center', 'center-crs', 'width', 'height', 'scale-denominator', 'mm-per-pixel', 'transparent', 'bgcolor',
];
/** Of the dataset: which collections are drawn, first at the bottom. */
const COLLECTIONS = 'collections';

function document(kind: OgcKind, template: string, group: OgcRoute['group'], summary: string, parameters: readonly string[] = DOCUMENT): OgcRoute {
  return { kind, template, group, isPicture: false, parameters, summary };
}

const ONE = '/collections/{collectionId}';
const TILE = '/{tileMatrixSetId}/{tileMatrix}/{tileRow}/{tileCol}';

/** Every address of the service. */
export const OGC_ROUTES: readonly OgcRoute[] = [
  document('landing', '/', 'common', 'The landing page'),
  document('conformance', '/conformance', 'common', 'The conformance classes that are met'),
  document('api', '/api', 'common', 'This document'),
  document('collections', '/collections', 'common', 'All collections'),
  document('collection', ONE, 'common', 'A collection'),
  { kind: 'map', template: `${ONE}/map`, group: 'maps', isPicture: true, parameters: MAP, summary: 'A map of a collection' },
  { kind: 'map', template: '/map', group: 'maps', isPicture: true, parameters: [COLLECTIONS, ...MAP], summary: 'A map of the dataset' },
  document('tileMatrixSets', '/tileMatrixSets', 'tiles', 'All tile matrix sets'),
  document('tileMatrixSet', '/tileMatrixSets/{tileMatrixSetId}', 'tiles', 'A tile matrix set'),
  document('tilesets', `${ONE}/map/tiles`, 'tiles', 'The tile sets of a collection'),
  document('tileset', `${ONE}/map/tiles/{tileMatrixSetId}`, 'tiles', 'A tile set of a collection'),
  { kind: 'tile', template: `${ONE}/map/tiles${TILE}`, group: 'tiles', isPicture: true, parameters: ['f'], summary: 'A tile of a collection' },
  document('tilesets', '/map/tiles', 'tiles', 'The tile sets of the dataset', [COLLECTIONS, ...DOCUMENT]),
  document('tileset', '/map/tiles/{tileMatrixSetId}', 'tiles', 'A tile set of the dataset', [COLLECTIONS, ...DOCUMENT]),
  { kind: 'tile', template: `/map/tiles${TILE}`, group: 'tiles', isPicture: true, parameters: [COLLECTIONS, 'f'], summary: 'A tile of the dataset' },
];

/** What an address names. */
export interface OgcResource {
  readonly route: OgcRoute;
  /** null = the dataset, or nothing of a collection. */
  readonly collection: string | null;
  /** Texts of the path, '' where the route has none. */
  readonly set: string;
  readonly matrix: string;
  readonly row: string;
  readonly col: string;
  /** 'png' of '/map.png'; null = none is written. */
  readonly extension: string | null;
}

const PATTERNS = OGC_ROUTES.map((route) => {
  const names = [...route.template.matchAll(/\{(\w+)\}/g)].map((found) => found[1] as string);
  const segments = route.template.replaceAll(/\{(\w+)\}/g, (_, name) => (name === 'tileCol' ? '([^/.]+)' : '([^/]+)'));
  return { route, names, pattern: new RegExp(`^${segments === '/' ? '' : segments}${route.isPicture ? String.raw`(?:\.(\w+))?` : ''}$`) };
});

/** A broken % escape names nothing that there is: it stays as it was sent. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** An address below /ogcapi, still %-encoded, with or without a slash at its end; null where there is nothing (404). */
export function parseOgcPath(path: string): OgcResource | null {
  const plain = path.replace(/\/+$/, '');
  for (const { route, names, pattern } of PATTERNS) {
    const found = pattern.exec(plain);
    if (found === null) continue;
    const valueOf = (name: string): string | null => (names.includes(name) ? decoded(found[names.indexOf(name) + 1] as string) : null);
    return {
      route,
      collection: valueOf('collectionId'),
      set: valueOf('tileMatrixSetId') ?? '',
      matrix: valueOf('tileMatrix') ?? '',
      row: valueOf('tileRow') ?? '',
      col: valueOf('tileCol') ?? '',
      extension: route.isPicture ? (found[names.length + 1] ?? null) : null,
    };
  }
  return null;
}
