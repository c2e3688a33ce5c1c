import { bodyFrame } from '../frame/frame.ts';
import { createPlaneCrs, PLAIN } from './planeCrs.ts';
import { DEGREES } from './projections/degrees.ts';
import type { Crs } from './types.ts';

/** Code, body as in the IAU table, semi-major axis in metres, inverse flattening (0 = sphere). */
type Row = readonly [code: number, body: string, a: number, inverseFlattening: number];

/**
 * Esri's geographic codes of bodies other than Earth: derived from PROJ proj.db (MIT). Servers publish them as ESRI:104905
 * and, wrongly, as EPSG:104905.
 */
const ROWS: readonly Row[] = Object.freeze([
  [104872, 'Phobos', 11080, 0],
  [104873, 'Callisto', 2410300, 0],
  [104874, 'Europa', 1560800, 0],
  [104875, 'Ganymede', 2631200, 0],
  [104876, 'Io', 1821490, 0],
  [104877, 'Metis', 21500, 0],
  [104878, 'Aegaeon', 330, 0],
  [104879, 'Anthe', 500, 0],
  [104897, 'Pandora', 40600, 0],
  [104898, 'Phoebe', 106500, 0],
  [104899, 'Polydeuces', 1300, 0],
  [104900, 'Mercury', 2439700, 0],
  [104901, 'Venus', 6051000, 0],
  [104902, 'Venus', 6051800, 0],
  [104903, 'Moon', 1737400, 0],
  [104904, 'Mars', 3393400, 192.0430107526882],
  [104905, 'Mars', 3396190, 169.8944472236118],
  [104906, 'Deimos', 6200, 0],
  [104907, 'Phobos', 11100, 0],
  [104908, 'Jupiter', 71492000, 15.41440275981026],
  [104909, 'Adrastea', 8200, 0],
  [104910, 'Amalthea', 83500, 0],
  [104911, 'Ananke', 10000, 0],
  [104912, 'Callisto', 2409300, 0],
  [104913, 'Carme', 15000, 0],
  [104914, 'Elara', 40000, 0],
  [104915, 'Europa', 1562090, 0],
  [104916, 'Ganymede', 2632345, 0],
  [104917, 'Himalia', 85000, 0],
  [104918, 'Io', 1821460, 0],
  [104919, 'Leda', 5000, 0],
  [104920, 'Lysithea', 12000, 0],
  [104921, 'Metis', 30000, 3],
  [104922, 'Pasiphae', 18000, 0],
  [104923, 'Sinope', 14000, 0],
  [104924, 'Thebe', 49300, 0],
  [104925, 'Saturn', 60268000, 10.2079945799458],
  [104926, 'Atlas', 16000, 0],
  [104927, 'Calypso', 9500, 0],
  [104928, 'Dione', 560000, 0],
  [104929, 'Enceladus', 249400, 0],
  [104930, 'Epimetheus', 59500, 0],
  [104931, 'Helene', 16000, 0],
  [104932, 'Hyperion', 133000, 0],
  [104933, 'Iapetus', 718000, 0],
  [104934, 'Janus', 88800, 0],
  [104935, 'Mimas', 198630, 0],
  [104936, 'Pan', 10000, 0],
  [104937, 'Pandora', 41900, 0],
  [104938, 'Phoebe', 110000, 0],
  [104939, 'Prometheus', 50100, 0],
  [104940, 'Rhea', 764000, 0],
  [104941, 'Telesto', 11000, 0],
  [104942, 'Tethys', 529800, 0],
  [104943, 'Titan', 2575000, 0],
  [104944, 'Uranus', 25559000, 43.61604095563141],
  [104945, 'Ariel', 578900, 0],
  [104946, 'Belinda', 33000, 0],
  [104947, 'Bianca', 21000, 0],
  [104948, 'Cordelia', 13000, 0],
  [104949, 'Cressida', 31000, 0],
  [104950, 'Desdemona', 27000, 0],
  [104951, 'Juliet', 42000, 0],
  [104952, 'Miranda', 235800, 0],
  [104953, 'Oberon', 761400, 0],
  [104954, 'Ophelia', 15000, 0],
  [104955, 'Portia', 54000, 0],
  [104956, 'Puck', 77000, 0],
  [104957, 'Rosalind', 27000, 0],
  [104958, 'Titania', 788900, 0],
  [104959, 'Umbriel', 584700, 0],
  [104960, 'Neptune', 24764000, 58.54373522458629],
  [104961, 'Despina', 74000, 0],
  [104962, 'Galatea', 79000, 0],
  [104963, 'Larissa', 104000, 6.933333333333334],
  [104964, 'Naiad', 29000, 0],
  [104965, 'Nereid', 170000, 0],
  [104966, 'Proteus', 208000, 0],
  [104967, 'Thalassa', 40000, 0],
  [104968, 'Triton', 1352600, 0],
  [104969, 'Pluto', 1195000, 0],
  [104970, 'Charon', 593000, 0],
  [104971, 'Mars', 3396190, 0],
  [104972, 'Ceres', 470000, 0],
  [104973, 'Vesta', 255000, 0],
  [104974, 'Mercury', 2439400, 0],
  [104975, 'Sun', 695700000, 0],
  [104976, 'Atlas', 15100, 0],
  [104977, 'Calypso', 9600, 0],
  [104978, 'Daphnis', 3800, 0],
  [104979, 'Dione', 561400, 0],
  [104980, 'Enceladus', 252100, 0],
  [104981, 'Epimetheus', 58200, 0],
  [104982, 'Helene', 18000, 0],
  [104983, 'Hyperion', 135000, 0],
  [104984, 'Iapetus', 745700, 0],
  [104985, 'Janus', 89200, 0],
  [104986, 'Methone', 1450, 0],
  [104987, 'Mimas', 198200, 0],
  [104988, 'Pallene', 2230, 0],
  [104989, 'Pan', 14000, 0],
  [104993, 'Prometheus', 43100, 0],
  [104994, 'Rhea', 763500, 0],
  [104995, 'Telesto', 12400, 0],
  [104996, 'Tethys', 531000, 0],
  [104997, 'Larissa', 96000, 0],
  [104998, 'Pluto', 1188300, 0],
  [104999, 'Charon', 606000, 0],
]);

/** Every code of the table. */
export const ESRI_CODES: readonly number[] = Object.freeze(ROWS.map(([code]) => code));

/**
 * The CRS ESRI:code, or null. Degrees, lat before lon, east-positive; on a spheroid the latitude is geodetic (planetographic).
 */
export function esriCrs(code: number): Crs | null {
  const row = ROWS.find(([known]) => known === code);
  if (row === undefined) return null;
  const [, body, a, inverseFlattening] = row;
  return createPlaneCrs({
    ...PLAIN,
    id: `ESRI:${code}`,
    frame: bodyFrame(body),
    title: inverseFlattening === 0 ? `${body}, sphere of ${a} m (Esri)` : `${body}, spheroid of ${a} m, planetographic (Esri)`,
    axes: 'yx',
    semiMajorAxis: a,
    geodeticOn: inverseFlattening === 0 ? null : { a, b: a * (1 - 1 / inverseFlattening) },
    projection: DEGREES,
  });
}
