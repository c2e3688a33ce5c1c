import { describe, expect, it } from 'vitest';
import type { Crs } from '../../src/geometry/crs/types.ts';
import { crsOf } from '../../src/geometry/crs/registry.ts';
import { crsLatticeOfBbox } from '../../src/geometry/lattice/crsLattice.ts';
import type { PixelGrid } from '../../src/geometry/lattice/types.ts';
import { hipsGrid } from '../../src/geometry/pyramid/hips.ts';
import { crsTiling } from '../../src/io/source/crsTiling.ts';
import { hipsTiling } from '../../src/io/source/hipsTiling.ts';
import type { Raster } from '../../src/raster/raster.ts';
import { planReprojection } from '../../src/raster/reproject/plan.ts';
import { resample } from '../../src/raster/reproject/resample.ts';
import { KERNELS } from '../../src/raster/reproject/types.ts';
import type { Patch, Tiling } from '../../src/raster/tiling.ts';
import { fieldPicture } from '../support/smoothField.ts';

/**
 * Any rectangle of any projection, from any of a few pyramids, against the field itself at each pixel's centre. Danger: single pixels that
 * show what lay in memory, where a block reads across the corner of four base cells, or further than what is filled beyond an edge: one
 * in ten thousand, at places that no list of awkward places names.
 */
const DEGREES = crsOf('IAU_2015:30100');
const MOON = DEGREES.frame;
const PROJECTIONS = ['00', '10', '20', '30', '35', '40', '50', '60', '65', '90'].map((suffix) => crsOf(`IAU_2015:301${suffix}`));
const SOURCES: readonly Tiling[] = [
  ...([[0, 512], [1, 256], [2, 128], [3, 64], [3, 512]] as const).map(([order, tileWidth]) => hipsTiling({ frame: MOON, order, tileWidth, coverage: null })),
  crsTiling(DEGREES, [-180, -90, 180, 90], { finestCell: 0.1, patchSize: 256 }),
  crsTiling(crsOf('IAU_2015:30130'), [-1e6, -1e6, 1e6, 1e6], { finestCell: 3000, patchSize: 128 }),
];
/** The steepest of the field is 2 of 255 per degree: what is drawn from pixels of a degree may be off by this. */
const CLOSE = 8;

interface Case {
  readonly name: string;
  readonly grid: PixelGrid;
  readonly tiling: Tiling;
  readonly kernel: (typeof KERNELS)[number];
}

/** The same numbers in [0, 1) for the same seed (a linear congruence). */
function numbersOf(seed: number): () => number {
  let state = Math.imul(seed + 1, 2_654_435_761) >>> 0;
  return () => (state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0) / 2 ** 32;
}

function pick<T>(from: readonly T[], number: number): T {
  return from[Math.floor(number * from.length)]!;
}

function caseOf(seed: number): Case {
  const next = numbersOf(seed);
  const [tiling, kernel] = [pick(SOURCES, next()), pick(KERNELS, next())];
  if (next() < 0.3) {
    const order = Math.floor(next() * 4);
    const grid = hipsGrid(MOON, { order, npix: Math.floor(next() * 12 * 4 ** order) }, pick([64, 128, 256], next()));
    return { name: `${seed}: ${grid.lattice.id}, ${kernel}`, grid, tiling, kernel };
  }
  const crs = pick(PROJECTIONS, next());
  const bbox = someBox(crs, next);
  const [width, height] = [100 + Math.floor(next() * 300), 60 + Math.floor(next() * 200)];
  return { name: `${seed}: ${crs.id} ${bbox.map((x) => x.toPrecision(5)).join(' ')}, ${kernel}`, grid: { lattice: crsLatticeOfBbox(crs, bbox, width, height), chart: 0, col: 0, row: 0, width, height }, tiling, kernel };
}

/** Within the projection's extent, two percent of it and more; polar ones are infinite and cut. */
function someBox({ extent }: Crs, next: () => number): [number, number, number, number] {
  const cut = (value: number): number => Math.min(6e6, Math.max(-6e6, value));
  const [minX, minY, maxX, maxY] = [cut(extent[0]), cut(extent[1]), cut(extent[2]), cut(extent[3])];
  const share = Math.max(0.02, next() ** 2);
  const [width, height] = [(maxX - minX) * share, (maxY - minY) * share];
  const [left, bottom] = [minX + next() * (maxX - minX - width), minY + next() * (maxY - minY - height)];
  return [left, bottom, left + width, bottom + height];
}

const drawn = new Map<string, Raster>();

/** The field in a patch, drawn once. */
function patchPicture({ grid }: Patch): Raster {
  const key = `${grid.lattice.id} ${grid.chart} ${grid.col} ${grid.row} ${grid.width}`;
  const picture = drawn.get(key) ?? fieldPicture(grid.lattice, grid);
  drawn.set(key, picture);
  return picture;
}

/** Pixels of which all is there, and whose colour is not near that of their place. */
function wrongPixels({ grid, tiling, kernel }: Case): readonly string[] {
  const plan = planReprojection(grid, tiling, { kernel, maxError: 0.02, maxPatches: 2000 });
  const found = resample(plan, plan.patches.map(patchPicture));
  const truth = fieldPicture(grid.lattice, grid);
  const wrong: string[] = [];
  for (let i = 0; i < truth.data.length; i += 4) {
    if (truth.data[i + 3] !== 255 || found.data[i + 3] !== 255) continue;
    const off = [0, 1, 2].map((channel) => Math.abs(truth.data[i + channel]! - found.data[i + channel]!));
    if (Math.max(...off) > CLOSE) wrong.push(`${(i / 4) % grid.width},${Math.floor(i / 4 / grid.width)}: ${off.join(' ')}`);
  }
  return wrong;
}

describe('any map', () => {
  it.each(Array.from({ length: 150 }, (_, seed) => caseOf(seed)))('$name: every pixel shows its place', (one) => {
    expect(wrongPixels(one)).toEqual([]);
  });
});
