import type { Bbox } from '../../src/geometry/crs/axis.ts';
import type { Crs } from '../../src/geometry/crs/types.ts';
import { bodyFrame } from '../../src/geometry/frame/frame.ts';

function noPoints(): never {
  throw new Error('this CRS has no points: parsing and documents must not need any');
}

/** The outside of a CRS: identifier, axes, extent; no mathematics. Degrees of the Earth, lon/lat, unless told otherwise. */
export function planeStub(id: string, parts: Partial<Omit<Crs, 'id'>> = {}): Crs {
  return {
    id,
    frame: bodyFrame('earth'),
    title: id,
    unit: 'degree',
    axes: 'xy',
    semiMajorAxis: 6378137,
    extent: [-180, -90, 180, 90],
    periodX: 360,
    poleLines: true,
    toSphere: noPoints,
    fromSphere: noPoints,
    ...parts,
  };
}

const MERCATOR: Bbox = [-20037508.342789244, -20037508.342789244, 20037508.342789244, 20037508.342789244];
const MOON_RADIUS = 1737400;
const MOON_HALF = Math.PI * MOON_RADIUS;
const MOON = { frame: bodyFrame('moon'), semiMajorAxis: MOON_RADIUS };
const METRES = { unit: 'metre', periodX: null, poleLines: false } as const;

/** The CRSs that the conformance suites speak of, by canonical identifier. */
export const STUBS: { readonly [id: string]: Crs } = Object.freeze({
  'EPSG:4326': planeStub('EPSG:4326', { axes: 'yx' }),
  'CRS:84': planeStub('CRS:84'),
  'EPSG:3857': planeStub('EPSG:3857', { ...METRES, extent: MERCATOR, periodX: 2 * MERCATOR[2] }),
  'EPSG:32631': planeStub('EPSG:32631', { ...METRES, extent: [0, 0, 1_000_000, 10_000_000] }),
  'IAU_2015:30100': planeStub('IAU_2015:30100', { ...MOON, axes: 'yx' }),
  'IAU_2015:30110': planeStub('IAU_2015:30110', {
    ...MOON,
    ...METRES,
    extent: [-MOON_HALF, -MOON_HALF / 2, MOON_HALF, MOON_HALF / 2],
    periodX: 2 * MOON_HALF,
    poleLines: true,
  }),
  'IAU_2015:30130': planeStub('IAU_2015:30130', { ...MOON, ...METRES, extent: [-1e8, -1e8, 1e8, 1e8] }),
  'IAU_2015:49900': planeStub('IAU_2015:49900', { frame: bodyFrame('mars'), semiMajorAxis: 3396190, axes: 'yx' }),
});
