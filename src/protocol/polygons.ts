import type { Polygon } from '../geometry/region/planePolygon.ts';
import { polygonsOfGeoJson } from './geoJsonPolygons.ts';
import { parseWktPolygons } from './wktPolygons.ts';

/**
 * The polygons of an area: a box [minx, miny, maxx, maxy], well-known text, or GeoJSON, also as text.
 * @throws for anything else
 */
export function polygonsOfArea(area: unknown): readonly Polygon[] {
  if (typeof area === 'string') return area.trimStart().startsWith('{') ? polygonsOfGeoJson(JSON.parse(area)) : parseWktPolygons(area);
  if (!Array.isArray(area)) return polygonsOfGeoJson(area);
  const [minX, minY, maxX, maxY] = area.map(Number);
  if (area.length !== 4 || !(minX! < maxX! && minY! < maxY!)) throw new Error('a box is [minx, miny, maxx, maxy]');
  return [[[[minX!, minY!], [maxX!, minY!], [maxX!, maxY!], [minX!, maxY!]]]];
}
