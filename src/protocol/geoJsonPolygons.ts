import { GatewayError } from '../errors.ts';
import type { Polygon, Ring } from '../geometry/region/planePolygon.ts';

/**
 * The polygons of a GeoJSON object (RFC 7946, section 3): geometries, features and collections of these, at any depth. Points and
 * lines have no area and are skipped, heights too; a `crs` member (of 2008) is not looked at.
 * @throws GatewayError CONFIG_INVALID where the object is something else
 */
export function polygonsOfGeoJson(object: unknown): readonly Polygon[] {
  if (!isRecord(object)) throw unreadable('an object with a type');
  switch (object['type']) {
    case 'FeatureCollection':
      return listOf(object['features'], 'features').flatMap(polygonsOfGeoJson);
    case 'Feature':
      return object['geometry'] === null ? [] : polygonsOfGeoJson(object['geometry']);
    case 'GeometryCollection':
      return listOf(object['geometries'], 'geometries').flatMap(polygonsOfGeoJson);
    case 'Polygon':
      return [polygonOf(object['coordinates'])];
    case 'MultiPolygon':
      return listOf(object['coordinates'], 'coordinates').map(polygonOf);
    case 'Point':
    case 'MultiPoint':
    case 'LineString':
    case 'MultiLineString':
      return [];
    default:
      throw unreadable(`a type of GeoJSON, found ${JSON.stringify(object['type'])}`);
  }
}

function polygonOf(coordinates: unknown): Polygon {
  return listOf(coordinates, 'rings').map((ring): Ring => listOf(ring, 'positions').map(positionOf));
}

function positionOf(position: unknown): readonly [number, number] {
  const [x, y] = listOf(position, 'numbers') as readonly unknown[];
  if (typeof x !== 'number' || typeof y !== 'number' || !Number.isFinite(x) || !Number.isFinite(y)) throw unreadable('two numbers for each position');
  return [x, y];
}

function listOf(value: unknown, what: string): readonly unknown[] {
  if (Array.isArray(value)) return value;
  throw unreadable(`a list of ${what}`);
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function unreadable(expected: string): GatewayError {
  return new GatewayError('CONFIG_INVALID', `the GeoJSON cannot be read: expected ${expected}`);
}
