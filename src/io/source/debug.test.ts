import { describe, expect, it } from 'vitest';
import { crsOf } from '../../geometry/crs/registry.ts';
import { standardSet } from '../../geometry/pyramid/standardSets.ts';
import { textRaster } from '../../raster/text.ts';
import { debugSource } from './debug.ts';
import { matrixSetTiling } from './matrixTiling.ts';

describe('the debug source', () => {
  it('draws each tile\'s outline and its address in the numbers of the grid', async () => {
    const tiling = matrixSetTiling(standardSet('GLOBAL_MERCATOR', crsOf)!);
    const source = debugSource('d', tiling);
    const patch = tiling.patchAt(tiling.levels.length - 3, 0, 1, 0)!;
    const { data, width, height } = (await source.fetch(patch, new AbortController().signal))!;
    const pixel = (col: number, row: number) => [...data.subarray((row * width + col) * 4, (row * width + col) * 4 + 4)];
    expect([width, height]).toEqual([256, 256]);
    expect([pixel(0, 0), pixel(0, 255), pixel(255, 0)]).toEqual(Array.from({ length: 3 }, () => [255, 0, 0, 255]));
    expect(pixel(100, 200)).toEqual([0, 0, 0, 0]);
    const text = textRaster(`2/1/3 ${tiling.set.tileMatrices[2]!.cellSize}`, 256, 256);
    const other = textRaster(`2/1/0 ${tiling.set.tileMatrices[2]!.cellSize}`, 256, 256);
    const inner = (all: Uint8Array) => Array.from({ length: 20 }, (_, row) => [...all.subarray(((row + 1) * width + 1) * 4, ((row + 1) * width + 60) * 4)]).flat();
    expect(inner(data)).toEqual(inner(text.data));
    expect(inner(data)).not.toEqual(inner(other.data));
  });
});
