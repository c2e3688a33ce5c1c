import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { DEGREE } from '../../../src/geometry/angles.ts';
import { degreesOnBody } from '../../../src/geometry/crs/alias.ts';
import { bodyFrame, SKY_FRAMES } from '../../../src/geometry/frame/frame.ts';
import { crsLatticeOfBbox } from '../../../src/geometry/lattice/crsLattice.ts';
import type { SpherePoints } from '../../../src/geometry/lattice/types.ts';
import { hipsGrid } from '../../../src/geometry/pyramid/hips.ts';
import { polygonRegion } from '../../../src/geometry/region/polygonRegion.ts';
import { shapeOfGrid } from '../../../src/geometry/region/shape.ts';
import type { Overlap, Region } from '../../../src/geometry/region/types.ts';
import { mocRegion } from '../../../src/io/source/mocRegion.ts';
import { mocOfJson } from '../../../src/protocol/hips/mocJson.ts';
import { parseMocText } from '../../../src/protocol/hips/mocText.ts';
import { parseWktPolygons } from '../../../src/protocol/wktPolygons.ts';

type Pair = readonly [number, number];

interface Oracle {
  readonly polygons: readonly {
    readonly wkt: string;
    readonly points: readonly Pair[];
    readonly inside: readonly number[];
    readonly boxes: readonly { readonly box: readonly [number, number, number, number]; readonly overlap: Overlap }[];
  }[];
  readonly moc: {
    readonly text: string;
    readonly json: unknown;
    readonly points: readonly Pair[];
    readonly inside: readonly number[];
    readonly cells: readonly { readonly order: number; readonly npix: number; readonly overlap: Overlap }[];
  };
}

const oracle = JSON.parse(readFileSync(new URL('regions.json', import.meta.url), 'utf8')) as Oracle;

function directions(points: readonly Pair[]): SpherePoints {
  return { lon: Float64Array.from(points, ([lon]) => lon * DEGREE), lat: Float64Array.from(points, ([, lat]) => lat * DEGREE) };
}

function inside(region: Region, points: readonly Pair[]): readonly number[] {
  const out = new Uint8Array(points.length).fill(7);
  region.contains(points.length, directions(points), out);
  return [...out];
}

describe('polygons, beside shapely', () => {
  const crs = degreesOnBody(bodyFrame('mars'), 'CRS:84');
  for (const { wkt, points, inside: expected, boxes } of oracle.polygons) {
    const region = polygonRegion(crs, parseWktPolygons(wkt));
    it(`${wkt.slice(0, 40)}: points`, () => expect(inside(region, points)).toEqual(expected));
    it(`${wkt.slice(0, 40)}: boxes`, () => {
      const found = boxes.map(({ box }) => region.overlap(shapeOfGrid({ lattice: crsLatticeOfBbox(crs, box, 8, 8), chart: 0, col: 0, row: 0, width: 8, height: 8 })));
      const wrong = boxes.flatMap(({ box, overlap }, i) => (found[i] === overlap ? [] : [{ box, overlap, found: found[i] }]));
      // Polygons that share a border or overlap each other may hold a box together: not seen, and 'partial' is never wrong.
      expect(wrong.filter(({ overlap, found: one }) => !(overlap === 'inside' && one === 'partial'))).toEqual([]);
      expect(wrong.length).toBeLessThan(boxes.length / 20);
    });
  }
});

describe('MOCs, beside mocpy', () => {
  const region = mocRegion(parseMocText(oracle.moc.text), SKY_FRAMES.icrs);
  it('text and JSON say the same', () => expect(mocOfJson(oracle.moc.json)).toEqual(parseMocText(oracle.moc.text)));
  it('points', () => expect(inside(region, oracle.moc.points)).toEqual(oracle.moc.inside));
  it('cells: certain answers are right, and most are certain', () => {
    const found = oracle.moc.cells.map((cell) => region.overlap(shapeOfGrid(hipsGrid(SKY_FRAMES.icrs, cell, 1))));
    const wrong = oracle.moc.cells.filter(({ overlap }, i) => found[i] !== overlap && found[i] !== 'partial');
    expect(wrong).toEqual([]);
    const unsure = oracle.moc.cells.filter(({ overlap }, i) => found[i] === 'partial' && overlap !== 'partial');
    expect(unsure.length / oracle.moc.cells.length).toBeLessThan(0.1);
  });
});
