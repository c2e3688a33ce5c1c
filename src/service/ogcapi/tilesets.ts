import { GatewayError } from '../../errors.ts';
import type { Bbox } from '../../geometry/crs/axis.ts';
import type { TileLimits } from '../../geometry/pyramid/tileMatrixSet.ts';
import { offeredMatrices } from '../../protocol/tms/profile.ts';
import { ogcSetId } from '../../protocol/ogcapi/tileMatrixSet.ts';
import type { TilesetDescription } from '../../protocol/ogcapi/tileset.ts';
import type { WmtsSet } from '../../protocol/wmts/types.ts';
import type { ImageFormat, MapFormat } from '../../raster/format.ts';
import { layerExtent } from '../layerExtent.ts';
import { publicAddress } from '../publicAddress.ts';
import { chosenCollections, type OgcCollection } from './collections.ts';
import type { OgcExchange } from './exchange.ts';

/** What is cut into tiles: one collection, or several drawn on each other. */
export interface TiledCollections {
  readonly chosen: readonly [OgcCollection, ...OgcCollection[]];
  /** Those that all of them have, by their names in addresses. */
  readonly sets: ReadonlyMap<string, WmtsSet>;
  /** The one to use when a client does not choose first. */
  readonly formats: readonly ImageFormat[];
}

function unionOf(a: TileLimits | undefined, b: TileLimits): TileLimits {
  if (a === undefined) return b;
  return { minCol: Math.min(a.minCol, b.minCol), maxCol: Math.max(a.maxCol, b.maxCol), minRow: Math.min(a.minRow, b.minRow), maxRow: Math.max(a.maxRow, b.maxRow) };
}

function limitsOfBoth(a: WmtsSet['limits'], b: WmtsSet['limits']): WmtsSet['limits'] {
  if (a === null || b === null) return null;
  const merged = new Map(a);
  for (const [id, limits] of b) merged.set(id, unionOf(merged.get(id), limits));
  return merged;
}

function setsByName(sets: readonly WmtsSet[]): ReadonlyMap<string, WmtsSet> {
  return new Map(sets.map((offered) => [ogcSetId(offered.set), offered]));
}

function commonSets(a: ReadonlyMap<string, WmtsSet>, b: ReadonlyMap<string, WmtsSet>): ReadonlyMap<string, WmtsSet> {
  return new Map([...a].flatMap(([name, own]) => {
    const other = b.get(name);
    return other === undefined ? [] : [[name, { ...own, limits: limitsOfBoth(own.limits, other.limits) }] as const];
  }));
}

/** The cache's own format first; those that the configuration wants, if any of them is offered at all. */
function formatsOf({ tiles }: OgcCollection, wanted: readonly MapFormat[]): readonly ImageFormat[] {
  const own = tiles?.layer.formats ?? [];
  const offered = own.filter((format) => wanted.includes(format));
  return offered.length === 0 ? own : offered;
}

/** What an address below .../map/tiles means. @throws as chosenCollections; LAYER_NOT_DEFINED where there are no tiles */
export function tiledCollections({ service: { node, collections }, resource, query }: OgcExchange): TiledCollections {
  const chosen = chosenCollections(resource.collection, query.get('collections'), node.dataset, collections);
  const [first, ...others] = chosen;
  if (chosen.length === 1 && first.tiles === null) {
    throw new GatewayError('LAYER_NOT_DEFINED', `the collection '${first.description.id}' has no tiles`, { locator: resource.collection === null ? 'collections' : 'collectionId' });
  }
  const sets = others.reduce((common, { tiles }) => commonSets(common, setsByName(tiles?.sets ?? [])), setsByName(first.tiles?.sets ?? []));
  return { chosen, sets, formats: formatsOf(first, node.maps.formats) };
}

/** TileJSON numbers levels from 0 by ones: true where the identifiers of the matrices are these numbers. */
function hasTileJson({ set }: WmtsSet): boolean {
  return offeredMatrices(set, false).every(({ id }, level) => id === String(level));
}

/** The rectangle around what all show, in the set's CRS. */
function shownIn(chosen: TiledCollections['chosen'], { set }: WmtsSet): Bbox {
  const boxes = chosen.map(({ tiles }) => (tiles === null ? null : layerExtent(tiles.layer, set.crs))).filter((bbox) => bbox !== null);
  return boxes.length === 0 ? set.bbox : boxes.reduce((a, b) => [Math.min(a[0], b[0]), Math.min(a[1], b[1]), Math.max(a[2], b[2]), Math.max(a[3], b[3])]);
}

/** A tile set as its documents describe it. */
export function describeTileset({ service, resource, query, request }: OgcExchange, { chosen, formats }: TiledCollections, set: WmtsSet): TilesetDescription {
  const root = `${publicAddress(service.publicUrl, request)}/ogcapi`;
  const named = query.get('collections');
  return {
    title: resource.collection === null ? 'Dataset' : chosen[0].description.title,
    set,
    bbox: shownIn(chosen, set),
    formats,
    geodata: resource.collection === null ? root : `${root}/collections/${encodeURIComponent(resource.collection)}`,
    query: named === undefined ? '' : `collections=${encodeURIComponent(named)}`,
    hasTileJson: hasTileJson(set),
    root,
  };
}

/** The set that an address names. @throws INVALID_PARAMETER (404) */
export function setNamed(name: string, sets: ReadonlyMap<string, WmtsSet>): WmtsSet {
  const found = sets.get(name);
  if (found !== undefined) return found;
  throw new GatewayError('INVALID_PARAMETER', `there is no tile matrix set '${name}' here; there are ${[...sets.keys()].join(', ') || 'none'}`, { locator: 'TileMatrixSet' });
}
