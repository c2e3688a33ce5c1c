import { describe, expect, it } from 'vitest';
import { polygonsOfGeoJson } from './geoJsonPolygons.ts';
import { looksLikeWkt, parseWktPolygons } from './wktPolygons.ts';

const SQUARE = [[0, 0], [1, 0], [1, 1], [0, 0]];

describe('well-known text', () => {
  it.each([
    ['POLYGON((0 0, 1 0, 1 1, 0 0))', [[SQUARE]]],
    ['  polygon z ((0 0 5,1 0 5,1 1 5,0 0 5))\nPOLYGON ((0 0,1 0,1 1,0 0),(0 0,1 0,1 1,0 0))\n', [[SQUARE], [SQUARE, SQUARE]]],
    ['SRID=4326;MULTIPOLYGON(((0 0,1 0,1 1,0 0)),((0 0,1e0 .0,+1. 1,0 -0.0)))', [[SQUARE], [[[0, 0], [1, 0], [1, 1], [0, -0]]]]],
    ['MULTIPOLYGON EMPTY', []],
  ])('%s', (text, polygons) => {
    expect(looksLikeWkt(text)).toBe(true);
    expect(parseWktPolygons(text)).toEqual(polygons);
  });
  it.each([
    ['POINT(1 2)', /expected POLYGON or MULTIPOLYGON, found 'POINT'/],
    ['POLYGON((0 0, 1 x))', /found 'x'/],
    ['POLYGON((0 0, 1))', /two numbers/],
    ['POLYGON((0 0, 1 1)', /found the end/],
    ['POLYGON', /expected \(, found the end/],
  ])('%s is refused', (text, message) => expect(() => parseWktPolygons(text)).toThrow(message));
});

describe('GeoJSON', () => {
  it('takes areas at any depth', () => {
    const polygon = { type: 'Polygon', coordinates: [SQUARE] };
    const collection = {
      type: 'FeatureCollection',
      features: [
        { type: 'Feature', geometry: { type: 'GeometryCollection', geometries: [polygon, { type: 'Point', coordinates: [1, 2] }] } },
        { type: 'Feature', geometry: null },
        { type: 'Feature', geometry: { type: 'MultiPolygon', coordinates: [[SQUARE], [SQUARE, SQUARE]] } },
      ],
    };
    expect(polygonsOfGeoJson(collection)).toEqual([[SQUARE], [SQUARE], [SQUARE, SQUARE]]);
  });
  it.each([
    [{ type: 'Polygone' }, /a type of GeoJSON/],
    [[1, 2], /an object/],
    [{ type: 'Polygon', coordinates: [[[0, '1']]] }, /two numbers/],
    [{ type: 'FeatureCollection' }, /a list of features/],
  ])('%j is refused', (object, message) => expect(() => polygonsOfGeoJson(object)).toThrow(message));
});
