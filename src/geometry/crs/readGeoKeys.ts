import { BODIES, type Body } from './bodyTable.ts';
import { geoKeysOf } from './geoKeys.ts';
import { iauCodesOf, iauCrs, iauParts } from './iau.ts';

/** From here on a number means "described by other keys" (OGC 19-008r4, 7.1.2). */
const USER_DEFINED = 32_767;
const GEOGRAPHIC = 2;
const METRE = 9001;
const KEY = Object.freeze({ model: 1024, geographic: 2048, a: 2057, b: 2058, inverseFlattening: 2059, projected: 3072, method: 3075, unit: 3076, falseEasting: 3082, falseNorthing: 3083, scale: 3092 } as const);
/** Parameters of projections: parallels, origins, centres, false origins, the pole's meridian. Left out = 0. */
const PARAMETERS: readonly number[] = [3078, 3079, 3080, 3081, 3084, 3085, 3086, 3087, 3088, 3089, 3095];

/** Share of a radius by which files differ from the table: reports and rounding. */
const SAME_RADIUS = 1e-4;
/** Degrees, and metres. */
const SAME = 1e-6;

type Keys = ReadonlyMap<number, number>;

/**
 * The identifier of the reference system that a GeoTIFF tells by its numeric keys: an EPSG number, or the code of the IAU whose sphere
 * and projection are those of the file. null where the keys say nothing, or something that no code says: longitudes and
 * latitudes on a spheroid of another body, which count otherwise in every code.
 */
export function srsOfGeoKeys(keys: Keys): string | null {
  const number = keys.get(KEY.projected) ?? keys.get(KEY.geographic);
  if (number !== undefined && number > 0 && number < USER_DEFINED) return `EPSG:${number}`;
  const codes = bodiesOf(keys).flatMap(({ name }) => iauCodesOf(name.toLowerCase())).filter((code) => iauParts(code)?.base === 0 && isSame(keys, code));
  return codes.length === 1 ? `IAU_2015:${codes[0]}` : null;
}

/** Those whose sphere the file names; small bodies may share theirs. */
function bodiesOf(keys: Keys): readonly Body[] {
  const a = keys.get(KEY.a);
  if (a === undefined || !isSphere(keys, a)) return [];
  return BODIES.filter(({ radius }) => Math.abs(radius - a) <= SAME_RADIUS * radius);
}

function isSphere(keys: Keys, a: number): boolean {
  const b = keys.get(KEY.b);
  return b === undefined ? (keys.get(KEY.inverseFlattening) ?? 0) === 0 : Math.abs(a - b) <= SAME_RADIUS * a;
}

/** Whether a code is written as the file is. */
function isSame(keys: Keys, code: number): boolean {
  const isGeographic = keys.get(KEY.model) === GEOGRAPHIC;
  const isDegrees = iauParts(code)?.conversion === 0;
  if (isGeographic || isDegrees) return isGeographic && isDegrees;
  const crs = iauCrs(`IAU_2015:${code}`, code, [], { equidistantCylindrical: 'epsg1028' });
  const wanted = new Map(crs === null ? [] : geoKeysOf(crs).flatMap(({ id, value }) => (typeof value === 'number' ? [[id, value] as const] : [])));
  const near = (id: number, usual: number): boolean => Math.abs((keys.get(id) ?? usual) - (wanted.get(id) ?? usual)) <= SAME;
  return wanted.has(KEY.method) && keys.get(KEY.method) === wanted.get(KEY.method) && near(KEY.unit, METRE) && near(KEY.scale, 1)
    && near(KEY.falseEasting, 0) && near(KEY.falseNorthing, 0) && PARAMETERS.every((id) => near(id, 0));
}
