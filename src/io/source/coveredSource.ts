import { LRUCache } from 'lru-cache';
import { latticePoints, spherePoints } from '../../geometry/lattice/points.ts';
import type { PixelGrid } from '../../geometry/lattice/types.ts';
import { shapeOfGrid } from '../../geometry/region/shape.ts';
import type { Overlap, Region } from '../../geometry/region/types.ts';
import { RGBA, type Raster } from '../../raster/raster.ts';
import type { Patch, RasterSource, Tiling } from './types.ts';

export interface CoveredSourceOptions {
  /** In the frame of the source, which may come to be known later. */
  regionOf(tiling: Tiling): Region;
  /** Whether pixels outside are cleared; else only patches that lie outside altogether are left away. */
  readonly clip: boolean;
}

/** Patches whose place is remembered: planning asks for the same ones again and again. */
const REMEMBERED = 20_000;

/** A source of which only a part of the sphere is shown: patches outside are never asked for. Its tiling follows that of the source. */
export function coveredSource(source: RasterSource, { regionOf, clip }: CoveredSourceOptions): RasterSource {
  let known = source.tiling;
  let covered = coveredTiling(known, regionOf(known));
  const current = (): CoveredTiling => {
    if (source.tiling !== known) {
      known = source.tiling;
      covered = coveredTiling(known, regionOf(known));
    }
    return covered;
  };
  return {
    id: source.id,
    get tiling() {
      return current().tiling;
    },
    async fetch(patch, signal) {
      const { region, overlapOf } = current();
      const overlap = overlapOf(patch);
      if (overlap === 'outside') return null;
      const raster = await source.fetch(patch, signal);
      return raster === null || overlap === 'inside' || !clip ? raster : clipped(raster, patch.grid, region);
    },
  };
}

interface CoveredTiling {
  readonly tiling: Tiling;
  readonly region: Region;
  overlapOf(patch: Patch): Overlap;
}

function coveredTiling(tiling: Tiling, region: Region): CoveredTiling {
  const places = new LRUCache<string, Overlap>({ max: REMEMBERED });
  const overlapOf = (patch: Patch): Overlap => {
    const key = `${patch.level} ${patch.key}`;
    const overlap = places.get(key) ?? region.overlap(shapeOfGrid(patch.grid));
    places.set(key, overlap);
    return overlap;
  };
  return {
    region,
    overlapOf,
    tiling: {
      frame: tiling.frame,
      levels: tiling.levels,
      levelFor: (cols, rows) => tiling.levelFor(cols, rows),
      patchAt(level, chart, patchCol, patchRow) {
        const patch = tiling.patchAt(level, chart, patchCol, patchRow);
        return patch === null || overlapOf(patch) === 'outside' ? null : patch;
      },
    },
  };
}

/** The picture of a grid without the pixels whose centres lie outside of a region; the picture itself where there are none. */
export function clipped(raster: Raster, { lattice, chart, col, row, width, height }: PixelGrid, region: Region): Raster {
  let data: Uint8Array | null = null;
  const at = latticePoints(width);
  at.chart.fill(chart);
  const sphere = spherePoints(width);
  const inside = new Uint8Array(width);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      at.col[x] = col + x + 0.5;
      at.row[x] = row + y + 0.5;
    }
    lattice.toSphere(width, at, sphere);
    region.contains(width, sphere, inside);
    for (let x = 0; x < width; x++) {
      if (inside[x] === 1) continue;
      data ??= raster.data.slice();
      data.fill(0, (y * width + x) * RGBA, (y * width + x + 1) * RGBA);
    }
  }
  return data === null ? raster : { ...raster, data, opaque: false };
}
