import { degreesOnBody } from '../../../src/geometry/crs/alias.ts';
import { crsOf } from '../../../src/geometry/crs/registry.ts';
import { bodyFrame } from '../../../src/geometry/frame/frame.ts';
import type { MapLayer } from '../../../src/layer/types.ts';
import { NO_LINKS } from '../../../src/protocol/wms/description.ts';
import { WMS_VERSIONS } from '../../../src/protocol/wms/types.ts';
import { NO_DRESS } from '../../../src/raster/dress.ts';
import { emptyRaster } from '../../../src/raster/raster.ts';
import type { MapsNode } from '../../../src/service/types.ts';
import { DELIVERY, encoded, MODIFIED } from './fakeGateway.ts';

const MOON = bodyFrame('moon');

/** A map of the whole Moon on which there is nothing. */
const moon: MapLayer = {
  name: 'moon',
  title: 'The <moon>',
  abstract: '',
  frame: MOON,
  bbox: [-180, -90, 180, 90],
  queryable: true,
  opaque: false,
  modified: MODIFIED,
  dimensions: [],
  forwards: [],
  values: {},
  at: () => moon,
  render: async ({ width, height }) => emptyRaster(width, height),
  info: async () => ({ lon: 0, lat: 0, value: [], unit: null, hips: null }),
};

const PLAIN = { abstract: '', keywords: [], attribution: null, metadata: [], links: NO_LINKS, legends: [], minRes: null, maxRes: null } as const;

/** A WMS with one layer in a group without a name. */
export function fakeMaps(): MapsNode {
  const offered = ['IAU_2015:30100', 'IAU_2015:30130'].map((id) => crsOf(id));
  return {
    service: { title: 'Fake <maps>', abstract: '', keywords: [], onlineResource: null, contact: null, fees: '', accessConstraints: '' },
    versions: WMS_VERSIONS,
    roots: [{ ...PLAIN, name: null, title: 'All', layer: null, children: [{ ...PLAIN, name: 'moon', title: moon.title, layer: moon, children: [] }] }],
    crsOf: new Map([['moon', [...offered, degreesOnBody(MOON, 'EPSG:4326')]]]),
    resolveCrs: (identifier) => crsOf(identifier),
    formats: ['image/png'],
    infoFormats: ['text/plain'],
    deliveryOf: () => DELIVERY,
    dressOf: () => NO_DRESS,
    boxRuleOf: () => 'own',
    inspire: null,
    draw: async (_layers, _grid, { format }) => encoded('map', format),
    maxWidth: 4000,
    maxHeight: 4000,
    encode: async () => new Uint8Array(),
  };
}
