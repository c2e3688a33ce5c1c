import type { MapFormat } from '../../raster/format.ts';
import type { OgcFeatures } from './features.ts';
import type { OgcAbout } from './landing.ts';
import { extensionOf } from './negotiate.ts';
import { OGC_ROUTES, type OgcRoute } from './routes.ts';

/** What the document must know besides the addresses. */
export interface OpenApiSource {
  readonly about: OgcAbout;
  readonly features: OgcFeatures;
  readonly formats: readonly MapFormat[];
  /** Public address of /ogcapi without trailing slash. */
  readonly url: string;
}

const TEXT = { type: 'string' } as const;
const NUMBERS = (least: number, most: number) => ({ type: 'array', minItems: least, maxItems: most, items: { type: 'number' } }) as const;

/** What is said of each parameter of a query. */
const QUERY: { readonly [name: string]: { readonly description: string; readonly schema: object } } = {
  crs: { description: 'Reference system of the map, as an address of the OGC, a URN or a CURIE', schema: TEXT },
  bbox: { description: 'The rectangle of the map, in bbox-crs', schema: NUMBERS(4, 6) },
  'bbox-crs': { description: 'Reference system of bbox; degrees, longitude first, unless given', schema: TEXT },
  subset: { description: 'The rectangle as intervals of axes: Lon(0:10),Lat(-5:5)', schema: TEXT },
  'subset-crs': { description: 'Reference system of subset; degrees unless given', schema: TEXT },
  center: { description: 'The centre of the map, in center-crs', schema: NUMBERS(2, 2) },
  'center-crs': { description: 'Reference system of center; degrees, longitude first, unless given', schema: TEXT },
  width: { description: 'Width of the map in pixels', schema: { type: 'integer', minimum: 1 } },
  height: { description: 'Height of the map in pixels', schema: { type: 'integer', minimum: 1 } },
  'scale-denominator': { description: 'Scale of the map on a display of mm-per-pixel', schema: { type: 'number' } },
  'mm-per-pixel': { description: 'Size of a pixel of the display', schema: { type: 'number', default: 0.28 } },
  transparent: { description: 'Whether there is no background', schema: { type: 'boolean' } },
  bgcolor: { description: 'Colour of the background: 0xRRGGBB, or a name of the W3C', schema: TEXT },
  collections: { description: 'The collections that are drawn, the first one lowest', schema: { type: 'array', items: TEXT } },
};

/** Parameters that are lists, their members parted by commas. */
const LISTS: ReadonlySet<string> = new Set(['bbox', 'center', 'collections']);
const COMMAS = { style: 'form', explode: false } as const;

function formatParameter(names: readonly string[]) {
  return { name: 'f', in: 'query', required: false, description: 'Format; else the header Accept counts', schema: { ...TEXT, enum: names } };
}

function documentFormats({ kind }: OgcRoute): readonly string[] {
  return ['json', 'html', ...(kind === 'tileset' ? ['tilejson'] : [])];
}

function parametersOf(route: OgcRoute, formats: readonly MapFormat[]) {
  const inPath = [...route.template.matchAll(/\{(\w+)\}/g)].map(([, name]) => ({ name, in: 'path', required: true, schema: TEXT }));
  const names = route.isPicture ? formats.map(extensionOf) : documentFormats(route);
  const inQuery = route.parameters.map((name) => (name === 'f' ? formatParameter(names) : { name, in: 'query', required: false, ...QUERY[name], ...(LISTS.has(name) ? COMMAS : {}) }));
  return [...inPath, ...inQuery];
}

/** Tiles are not written as GeoTIFFs. */
function formatsOf({ kind }: OgcRoute, formats: readonly MapFormat[]): readonly MapFormat[] {
  return kind === 'tile' ? formats.filter((format) => format !== 'image/tiff') : formats;
}

function operationOf(route: OgcRoute, formats: readonly MapFormat[]) {
  const types = route.isPicture ? formats : ['application/json', 'text/html'];
  const schema = route.isPicture ? { type: 'string', format: 'binary' } : { type: 'object' };
  const empty = route.kind === 'tile' ? { 204: { description: 'There is nothing at this tile' } } : {};
  const problem = { description: 'Problem details', content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/problem' } } } };
  return {
    get: {
      operationId: operationId(route),
      tags: [route.group],
      summary: route.summary,
      parameters: parametersOf(route, formats),
      responses: {
        200: { description: route.summary, content: Object.fromEntries(types.map((type) => [type, { schema }])) },
        ...empty,
        400: problem, 404: problem, 406: problem, 500: problem,
      },
    },
  };
}

/** In OpenAPI each operation has a name of its own: those of a collection and of the dataset are told apart. */
function operationId({ kind, template }: OgcRoute): string {
  const isOfDataset = template.startsWith('/map');
  return isOfDataset ? `dataset.${kind}` : template.startsWith('/collections/') && kind !== 'collection' ? `collection.${kind}` : kind;
}

function isOffered({ group }: OgcRoute, features: OgcFeatures): boolean {
  return group === 'common' || features[group];
}

function infoOf({ title, description, termsOfService, contact, license }: OgcAbout) {
  return {
    title,
    version: '1.0.0',
    ...(description === '' ? {} : { description }),
    ...(termsOfService === null ? {} : { termsOfService }),
    ...(contact === null ? {} : { contact: written(contact) }),
    ...(license === null ? {} : { license: written(license) }),
  };
}

function written(texts: Readonly<Record<string, string | null>>): Readonly<Record<string, string | null>> {
  return Object.fromEntries(Object.entries(texts).filter(([, text]) => text !== null));
}

/** The service as an OpenAPI 3.0 document. */
export function openApiJson({ about, features, formats, url }: OpenApiSource): Readonly<Record<string, unknown>> {
  const routes = OGC_ROUTES.filter((route) => isOffered(route, features));
  const problem = {
    type: 'object',
    required: ['type', 'title', 'status', 'detail'],
    properties: { type: TEXT, title: TEXT, status: { type: 'integer' }, detail: TEXT, code: TEXT, parameter: TEXT },
  };
  return {
    openapi: '3.0.3',
    info: infoOf(about),
    servers: [{ url }],
    tags: [...new Set(routes.map(({ group }) => group))].map((name) => ({ name })),
    paths: Object.fromEntries(routes.map((route) => [route.template, operationOf(route, formatsOf(route, formats))])),
    components: { schemas: { problem } },
  };
}
