import { GatewayError } from '../../src/errors.ts';
import type { Bbox } from '../../src/geometry/crs/axis.ts';
import type { Crs } from '../../src/geometry/crs/types.ts';
import { bodyFrame, type Frame } from '../../src/geometry/frame/frame.ts';
import { createGrid } from '../../src/geometry/pyramid/mapproxyGrid.ts';
import type { ServiceMetadata } from '../../src/protocol/serviceMetadata.ts';
import { bodyTree } from '../../src/protocol/wms/bodyTree.ts';
import type { WmsDescription, WmsLayerDescription } from '../../src/protocol/wms/description.ts';
import { INFO_FORMATS, KNOWN_INFO_FORMATS, type InfoFormat } from '../../src/protocol/wms/featureInfo.ts';
import { legendUrl } from '../../src/protocol/wms/legend.ts';
import { WMS_VERSIONS, type WmsLayerOffer, type WmsOffer } from '../../src/protocol/wms/types.ts';
import type { WmtsDescription, WmtsLayerDescription } from '../../src/protocol/wmts/description.ts';
import { DEFAULT_TEMPLATES } from '../../src/protocol/wmts/template.ts';
import { crsUrn } from '../../src/protocol/wmts/setElement.ts';
import type { WmtsLayerOffer, WmtsOffer } from '../../src/protocol/wmts/types.ts';
import { wmtsSet } from '../../src/protocol/wmts/wmtsSet.ts';
import { STUBS } from './planeStub.ts';

/** A service with a queryable layer of the Earth, one that is not, the Moon and Mars: what the suites ask questions of. */
const WORLD: Bbox = [-180, -90, 180, 90];
const EARTH = bodyFrame('earth');

export function crs(id: string): Crs {
  const stub = STUBS[id];
  if (stub === undefined) throw new GatewayError('CRS_NOT_SUPPORTED', `coordinate reference system '${id}' is not supported`, { locator: 'crs' });
  return stub;
}

/** EPSG:4326 and CRS:84 are degrees on the layer's own body. */
function crsOnBody(id: string, { frame }: { readonly frame: Frame }): Crs {
  const found = crs(id);
  return id === 'EPSG:4326' || id === 'CRS:84' ? { ...found, frame } : found;
}

const WMS_LAYERS: readonly WmsLayerOffer[] = [
  { name: 'blue marble', frame: EARTH, styles: ['relief'], queryable: true },
  { name: 'clouds', frame: EARTH, styles: [], queryable: false },
  { name: 'moon', frame: bodyFrame('moon'), styles: [], queryable: true },
  { name: 'mars', frame: bodyFrame('mars'), styles: [], queryable: true },
];

export const wmsOffer: WmsOffer = {
  versions: WMS_VERSIONS,
  maxWidth: 4000,
  maxHeight: 4000,
  layerLimit: null,
  formats: ['image/png', 'image/jpeg'],
  infoFormats: INFO_FORMATS,
  layer: (name) => WMS_LAYERS.find((layer) => layer.name === name),
  crsOf: crsOnBody,
  axesOf: ({ axes }) => axes,
};

export const service: ServiceMetadata = {
  title: 'Maps & <planets>',
  abstract: 'One line "with" \'quotes\'.',
  keywords: [
    { vocabulary: null, keywords: ['view', 'Moon'] },
    { vocabulary: 'GEMET', keywords: ['Orthoimagery'] },
  ],
  onlineResource: 'https://example.org/about?a=1&b=2',
  contact: {
    person: 'A. Person',
    position: 'Cartographer',
    organization: 'Observatory',
    address: '1 Street',
    city: 'City',
    state: '',
    postcode: '12345',
    country: 'Country',
    phone: '+1',
    fax: '',
    email: 'a@example.org',
  },
  fees: '',
  accessConstraints: '',
};

const WMS_URL = 'https://example.org/service?';

function wmsLayer(name: string, ids: readonly string[], queryable: boolean): WmsLayerDescription {
  const legend = queryable ? legendUrl(WMS_URL, { layer: name, style: 'default', width: 100, height: 20 }) : null;
  return {
    name,
    title: name,
    abstract: `About ${name}.`,
    keywords: [{ vocabulary: null, keywords: [name] }],
    extents: ids.map((id) => ({ crs: crs(id), bbox: crs(id).extent })),
    geographicBbox: WORLD,
    dimensions: queryable ? [{ name: 'time', values: ['2020-01-01', '2021-01-01'], default: '2021-01-01' }, { name: 'elevation', values: ['0', '500'], default: '0' }, { name: 'dim_level', values: ['a'], default: 'a' }] : [],
    queryable,
    opaque: !queryable,
    styles: [{ name: 'default', title: 'As it is', legend }],
    attribution: { title: 'Agency', url: 'https://example.org/', logo: { url: 'https://example.org/logo.png', format: 'image/png', width: 10, height: 20 } },
    metadata: [
      { type: 'ISO19115:2003', format: 'text/xml', url: 'https://example.org/md.xml' },
      { type: 'other', format: 'text/plain', url: 'https://example.org/md.txt' },
    ],
    links: {
      identifiers: [{ authority: 'agency', url: 'https://example.org/ids', value: name }, { authority: 'agency', url: 'https://example.org/ids', value: `${name} 2` }, { authority: 'silent', url: 'https://example.org/', value: null }],
      data: [{ url: 'https://example.org/data.tif', format: 'image/tiff' }],
      featureLists: [{ url: 'https://example.org/names.xml', format: 'text/xml' }],
    },
    minRes: queryable ? 10000 : null,
    maxRes: null,
    layers: [],
  };
}

const EARTH_CRS = ['EPSG:4326', 'CRS:84', 'EPSG:3857'];

const EARTH_LAYERS = [wmsLayer('blue marble', EARTH_CRS, true), wmsLayer('clouds', EARTH_CRS, false)].map((layer) => ({ frame: EARTH, layer }));
const MOON_LAYER = { frame: bodyFrame('moon'), layer: wmsLayer('moon', ['IAU_2015:30100', 'IAU_2015:30110'], true) };

function describe(root: WmsLayerDescription): WmsDescription {
  return {
    service,
    url: WMS_URL,
    maxWidth: 4000,
    maxHeight: 4000,
    layerLimit: null,
    formats: ['image/png', 'image/jpeg'],
    infoFormats: INFO_FORMATS,
    root,
    tileSets: [],
    axesOf: ({ axes }) => axes,
  };
}

/** The Earth alone: what CITE is run against. */
export const earthWms: WmsDescription = describe(bodyTree('All maps', EARTH_LAYERS));
/** Two bodies in one service. */
export const mixedWms: WmsDescription = describe(bodyTree('All maps', [...EARTH_LAYERS, MOON_LAYER]));

export const GEODETIC = createGrid({ name: 'GLOBAL_GEODETIC', crs: crs('EPSG:4326') });
export const WEBMERCATOR = createGrid({ name: 'GLOBAL_WEBMERCATOR', crs: crs('EPSG:3857'), origin: 'nw' });
const moonHalf = Math.PI * 1737400;
export const MOON_METRES = createGrid({ name: 'MOON_EQUIRECTANGULAR', crs: crs('IAU_2015:30110'), origin: 'nw', minRes: moonHalf / 256 });
export const MOON_DEGREES = createGrid({ name: 'MOON_GEOGRAPHIC', crs: crs('IAU_2015:30100'), origin: 'nw', minRes: 0.703125 });

const EUROPE: Bbox = [-10, 35, 40, 70];

const EARTH_SETS = [wmtsSet(WEBMERCATOR, null), wmtsSet(GEODETIC, WORLD)];
const EUROPE_SETS = [wmtsSet(GEODETIC, EUROPE)];
const MOON_SETS = [wmtsSet(MOON_METRES, crs('IAU_2015:30110').extent), wmtsSet(MOON_DEGREES, WORLD)];

function wmtsLayer(name: string, sets: WmtsLayerDescription['sets'], wgs84Bbox: Bbox | null, infoFormats: readonly InfoFormat[]): WmtsLayerDescription {
  const metres = sets.filter(({ set }) => set.crs.unit === 'metre');
  return {
    name,
    title: name,
    abstract: '',
    keywords: [{ vocabulary: 'words', keywords: ['map'] }],
    wgs84Bbox,
    extents: metres.map(({ set }) => ({ crsUrn: crsUrn(set.crs), bbox: set.bbox })),
    styles: [{ name: 'default', title: '', legend: { url: 'http://example.org/legend.png', format: 'image/png', width: 100, height: 20 } }],
    formats: ['image/png', 'image/jpeg'],
    infoFormats,
    dimensions: name === 'moon' ? [{ name: 'Time', values: ['2020-01-01', '2021-01-01'], default: '2021-01-01' }] : [],
    sets,
  };
}

export const wmtsDescription: WmtsDescription = {
  service,
  kvpUrl: 'https://example.org/service?',
  restUrl: 'https://example.org/wmts',
  templates: DEFAULT_TEMPLATES,
  layers: [
    wmtsLayer('blue marble', EARTH_SETS, WORLD, KNOWN_INFO_FORMATS),
    wmtsLayer('europe', EUROPE_SETS, EUROPE, []),
    wmtsLayer('moon', MOON_SETS, null, KNOWN_INFO_FORMATS),
  ],
  degreeScale: 'earth',
};

export const wmtsOffer: WmtsOffer = {
  layer(name): WmtsLayerOffer | undefined {
    const layer = wmtsDescription.layers.find((candidate) => candidate.name === name);
    if (layer === undefined) return undefined;
    const { formats, infoFormats, dimensions, sets } = layer;
    return { name, styles: [], formats, infoFormats, dimensions, sets: new Map(sets.map((offered) => [offered.set.id, offered])) };
  },
};
