import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { crsOf } from '../crs/registry.ts';
import { samePlane } from '../crs/samePlane.ts';
import { degreesOnBody } from '../crs/alias.ts';
import { bodyFrame } from '../frame/frame.ts';
import { envelopeBbox } from './envelope.ts';
import { closestLevel, isTooSmall } from './levelChoice.ts';
import { createGrid } from './mapproxyGrid.ts';
import { metaTileOf } from './metaTile.ts';
import type { TileMatrixSet } from './tileMatrixSet.ts';

type Four = [number, number, number, number];
interface Oracle {
  readonly grids: Readonly<Record<string, {
    readonly conf: { srs: string; bbox: Four; origin: 'll' | 'ul'; res?: number[]; tile_size?: [number, number]; res_factor?: 'sqrt2'; num_levels?: number; threshold_res?: number[] };
    readonly metas: readonly { size: [number, number]; buffer: number; z: number; col: number; row: number; bbox: Four; width: number; height: number; parts: Four[] }[];
    readonly levels: readonly (readonly [number, number])[];
  }>>;
  readonly envelopes: readonly (readonly [string, string, Four, Four])[];
}

/** What MapProxy 7.0.0 computes: test/conformance/mapproxy/makeMetaTiles.py. */
const oracle = JSON.parse(readFileSync(new URL('../../../test/conformance/mapproxy/metaTiles.json', import.meta.url), 'utf8')) as Oracle;
const UTM = { 'EPSG:25832': '+proj=utm +zone=32 +ellps=GRS80 +units=m' };

function gridOf(name: string): TileMatrixSet {
  const { srs, bbox, origin, res, tile_size: tileSize, res_factor: resFactor, num_levels: numLevels } = oracle.grids[name]!.conf;
  return createGrid({ name, crs: crsOf(srs, { definitions: UTM }), bbox, origin, ...(res && { res }), ...(tileSize && { tileSize }), ...(resFactor && { resFactor }), ...(numLevels && { numLevels }) });
}

/** Danger: pictures asked for that another cache would not ask for, and tiles cut out of them a pixel beside. */
describe.each(Object.keys(oracle.grids))('the grid %s as in MapProxy', (name) => {
  const set = gridOf(name);

  it('meta tiles: rectangle, size and place of each tile', () => {
    for (const { size, buffer, z, col, row, bbox, width, height, parts } of oracle.grids[name]!.metas) {
      const matrix = set.tileMatrices[z]!;
      const meta = metaTileOf(set, matrix, { col, row }, { size, buffer });
      const at = `${z}/${col}/${row} ${size} ${buffer}`;
      expect([meta.width, meta.height], at).toEqual([width, height]);
      meta.bbox.forEach((edge, i) => expect(Math.abs(edge - bbox[i]!), at).toBeLessThan(1e-9 * matrix.cellSize));
      expect(meta.parts.map((part) => [part.col, part.row, part.x, part.y]), at).toEqual(parts);
    }
  });

  it('levels of maps', () => {
    const choice = { stretchFactor: 1.15, maxShrinkFactor: 4, thresholdRes: oracle.grids[name]!.conf.threshold_res ?? [] };
    const cells = set.tileMatrices.map(({ cellSize }) => cellSize);
    for (const [res, level] of oracle.grids[name]!.levels) expect(closestLevel(cells, res, choice), String(res)).toBe(level);
    expect(isTooSmall(cells, cells[0]! * 4.01, choice)).toBe(true);
    expect(isTooSmall(cells, cells[0]! * 4, choice)).toBe(false);
  });
});

it.each(oracle.envelopes)('a rectangle of %s in %s', (from, to, bbox, wanted) => {
  const found = envelopeBbox(crsOf(from, { definitions: UTM }), bbox, crsOf(to, { definitions: UTM }))!;
  const size = Math.max(wanted[2] - wanted[0], wanted[3] - wanted[1]);
  found.forEach((edge, i) => expect(Math.abs(edge - wanted[i]!)).toBeLessThan(2e-9 * size));
});

/** Danger: an upstream asked in a plane that only sounds like the wanted one. */
describe('planes that are the same', () => {
  const mars = degreesOnBody(bodyFrame('Mars'), 'EPSG:4326');
  it.each([['EPSG:3857', 'EPSG:900913', true], ['EPSG:4326', 'CRS:84', true], ['EPSG:4326', 'EPSG:3857', false], ['IAU_2015:49900', 'IAU_2015:30100', false], ['IAU_2015:49910', 'IAU_2015:49900', false], ['IAU_2015:49930', 'IAU_2015:49935', false]] as const)(
    '%s and %s: %s', (a, b, same) => expect(samePlane(crsOf(a), crsOf(b))).toBe(same));
  it('degrees of Mars by two names', () => {
    expect(samePlane(mars, crsOf('IAU_2015:49900'))).toBe(true);
    expect(samePlane(mars, crsOf('IAU_2015:49901'))).toBe(false); // planetographic, west-positive
  });
});
