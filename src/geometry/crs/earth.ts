import proj4, { type Converter, type ProjectionDefinition } from 'proj4';
import { GatewayError } from '../../errors.ts';
import { DEGREE, type Radians } from '../angles.ts';
import { bodyFrame } from '../frame/frame.ts';
import { EARTH, WGS84 } from './alias.ts';
import type { Ellipsoid } from './bodyTable.ts';
import { createPlaneCrs, PLAIN } from './planeCrs.ts';
import type { Projection } from './projections/types.ts';
import type { Crs } from './types.ts';

/** What a proj4 definition says, as far as the gateway needs it. */
interface Definition {
  readonly id: string;
  readonly text: string;
  readonly shape: Ellipsoid;
  readonly degrees: boolean;
  readonly axes: 'xy' | 'yx';
  /** null = Earth. */
  readonly body: string | null;
}

/** Semi-major axes that can be Earth's, metres: every ellipsoid in use lies well inside. */
const EARTH_SIZES = Object.freeze({ least: 6_350_000, most: 6_400_000 });
/** A point is on the map if forward and inverse agree within this part of the radius (6 m on Earth, 0.2 arc seconds). */
const AGREEMENT = 1e-6;
/** Step of the sampling that finds the extent, degrees. */
const EXTENT_STEP = 2.5;

function invalid(id: string, message: string, cause?: unknown): GatewayError {
  return new GatewayError('CONFIG_INVALID', `definition of ${id}: ${message}`, { locator: `definitions.${id}`, cause });
}

function option(text: string, name: string): string | null {
  return new RegExp(`\\+${name}=(\\S+)`).exec(text)?.[1] ?? null;
}

function parseProjection(id: string, text: string): ProjectionDefinition {
  try {
    return new proj4.Proj(text) as unknown as ProjectionDefinition;
  } catch (cause) {
    throw invalid(id, `proj4 cannot read '${text}'`, cause);
  }
}

function axesOf(id: string, text: string, degrees: boolean): 'xy' | 'yx' {
  const axis = option(text, 'axis');
  if (axis === null) return degrees ? 'yx' : 'xy';
  if (axis === 'enu') return 'xy';
  if (axis === 'neu') return 'yx';
  throw invalid(id, `+axis=${axis} is not supported; expected enu or neu`);
}

function parseDefinition(id: string, text: string): Definition {
  if (!/^\s*\+\S/.test(text)) throw invalid(id, `'${text}' is no proj4 string; expected +proj=... parameters`);
  const body = option(text, 'body');
  const bare = text.replace(/\+body=\S+/, '');
  const { a, b, units, to_meter: metres = 1, projName } = parseProjection(id, bare);
  if (!a || !b || !projName) throw invalid(id, `'${text}' has no projection or no ellipsoid`);
  if (body === null && (a < EARTH_SIZES.least || a > EARTH_SIZES.most)) {
    throw invalid(id, `a semi-major axis of ${a} m is not Earth's; name the body with +body=mars`);
  }
  const degrees = projName === 'longlat';
  if (!degrees && (metres !== 1 || (units !== undefined && units !== 'm'))) throw invalid(id, `unit ${units} is not supported; expected +units=m`);
  return { id, text: bare, shape: { a, b }, degrees, axes: axesOf(id, bare, degrees), body };
}

/** Definition <-> geodetic longitude and latitude in degrees: WGS 84 on Earth, the definition's own ellipsoid elsewhere. */
function converterOf({ id, text, shape, body }: Definition): Converter {
  try {
    return body === null ? proj4('WGS84', text) : proj4(`+proj=longlat +a=${shape.a} +b=${shape.b} +no_defs`, text);
  } catch (cause) {
    throw invalid(id, 'proj4 cannot set it up', cause);
  }
}

/** One point through proj4, [x, y]; NaN where proj4 has no answer. */
function transformed(transform: (point: [number, number]) => [number, number], x: number, y: number): readonly [number, number] {
  if (!Number.isFinite(x) || !Number.isFinite(y)) return [Number.NaN, Number.NaN];
  try {
    return transform([x, y]);
  } catch {
    return [Number.NaN, Number.NaN];
  }
}

/** Distance of two nearby directions in degrees, as radians. */
function separation([lon1, lat1]: readonly [number, number], lon2: number, lat2: number): Radians {
  const half = Math.sin(((lon1 - lon2) * DEGREE) / 2) * Math.cos(lat2 * DEGREE);
  return Math.hypot((lat1 - lat2) * DEGREE, 2 * half);
}

/** proj4 as a batch projection: every point is checked by going back, because proj4 answers outside its maps too. */
function checkedProjection(definition: Definition): Projection {
  const converter = converterOf(definition);
  const there = (point: [number, number]): [number, number] => converter.forward(point);
  const back = (point: [number, number]): [number, number] => converter.inverse(point);
  const tolerance = AGREEMENT * (definition.degrees ? 1 / DEGREE : definition.shape.a);

  function forward(n: number, u: Float64Array, v: Float64Array): void {
    for (let i = 0; i < n; i++) {
      const lon = (u[i] as number) / DEGREE;
      const lat = (v[i] as number) / DEGREE;
      const [x, y] = transformed(there, lon, lat);
      const onMap = separation(transformed(back, x, y), lon, lat) <= AGREEMENT;
      u[i] = onMap ? x : Number.NaN;
      v[i] = onMap ? y : Number.NaN;
    }
  }

  function inverse(n: number, u: Float64Array, v: Float64Array): void {
    for (let i = 0; i < n; i++) {
      const x = u[i] as number;
      const y = v[i] as number;
      const [lon, lat] = transformed(back, x, y);
      const [againX, againY] = transformed(there, lon, lat);
      const onMap = Math.abs(lat) <= 90 && Math.abs(againX - x) <= tolerance && Math.abs(againY - y) <= tolerance;
      u[i] = onMap ? lon * DEGREE : Number.NaN;
      v[i] = onMap ? lat * DEGREE : Number.NaN;
    }
  }

  return { unit: definition.degrees ? 'degree' : 'metre', extent: [0, 0, 0, 0], periodX: null, poleLines: false, forward, inverse };
}

/** The rectangle around the whole globe, as far as it is on the map and within two circumferences of the origin. */
function sampledExtent({ id, shape }: Definition, projection: Projection): Projection['extent'] {
  const farthest = 2 * Math.PI * shape.a;
  let [minX, minY, maxX, maxY] = [Infinity, Infinity, -Infinity, -Infinity];
  for (let lat = -90; lat <= 90; lat += EXTENT_STEP) {
    for (let lon = -180; lon <= 180; lon += EXTENT_STEP) {
      const x = Float64Array.of(lon * DEGREE);
      const y = Float64Array.of(lat * DEGREE);
      projection.forward(1, x, y);
      if (!(Math.abs(x[0] as number) <= farthest) || !(Math.abs(y[0] as number) <= farthest)) continue;
      minX = Math.min(minX, x[0] as number);
      maxX = Math.max(maxX, x[0] as number);
      minY = Math.min(minY, y[0] as number);
      maxY = Math.max(maxY, y[0] as number);
    }
  }
  if (!(minX < maxX) || !(minY < maxY)) throw invalid(id, 'no point of the globe can be drawn with it');
  return [minX, minY, maxX, maxY];
}

/**
 * A CRS from a proj4 definition (the only use of proj4 in the gateway). Latitudes of the definition are geodetic; the frame
 * is 'earth', or another body if the definition says so with `+body=mars`. Axes: +axis=neu or enu, else lat,lon for degrees
 * and E,N for metres. Not periodic in x unless it is in degrees. Slow compared with the built-in projections: proj4
 * allocates for each point and each point is checked by going back.
 * Throws CONFIG_INVALID where the definition cannot be read, is in feet, or is of another body without saying so.
 */
export function crsFromDefinition(id: string, text: string): Crs {
  const definition = parseDefinition(id, text);
  const bare = checkedProjection(definition);
  const projection: Projection = definition.degrees
    ? { ...bare, extent: [-180, -90, 180, 90], periodX: 360, poleLines: true }
    : { ...bare, extent: sampledExtent(definition, bare) };
  return createPlaneCrs({
    ...PLAIN,
    id,
    frame: definition.body === null ? EARTH : bodyFrame(definition.body),
    title: id,
    axes: definition.axes,
    semiMajorAxis: definition.shape.a,
    geodeticOn: definition.body === null ? WGS84 : definition.shape,
    projection,
  });
}

