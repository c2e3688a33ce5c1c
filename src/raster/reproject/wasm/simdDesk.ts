import { RGBA } from '../../raster.ts';
import { paintBlock, type Desk, type DeskSize } from '../desk.ts';
import type { TargetPixels } from '../kernels.ts';
import type { Mosaic } from '../mosaic.ts';
import type { Kernel, SmoothBlock } from '../types.ts';
import { BLOCK_BYTES, writeBlock } from './blockTable.ts';
import { createRooms, tableIn, type Room } from './room.ts';

/** Gives desks of the SIMD kernels, one at a time; null where they cannot run. */
export function createSimdDesks(): ((size: DeskSize) => Desk) | null {
  const roomFor = createRooms();
  return roomFor === null ? null : (size) => deskIn(roomFor(size), size);
}

function deskIn(room: Room, size: DeskSize): Desk {
  const { buffer } = room.kernels.memory;
  const pixels = size.width * size.height;
  const target: TargetPixels = { data: new Uint32Array(buffer, room.target, pixels), width: size.width };
  if (!size.isCovered) target.data.fill(0);
  return {
    target,
    mosaicPixels: (count) => new Uint32Array(buffer, room.mosaic, count),
    paint(kernel, mosaic, blocks) {
      if (kernel === 'nearest') paintNearest(room, mosaic, blocks, size.width);
      else paintSmooth(room, mosaic, blocks, kernel, target);
    },
    finish: () => new Uint8Array(buffer.slice(room.target, room.target + pixels * RGBA)),
  };
}

/** Nearest of four bytes, whatever they mean. */
export function paintNearest(room: Room, mosaic: Omit<Mosaic, 'data' | 'opaque'>, blocks: readonly SmoothBlock[], outWidth: number): void {
  const table = tableIn(room);
  blocks.forEach((block, i) => writeBlock(table, i, block, mosaic, 0));
  room.kernels.nearest(room.table, blocks.length, room.mosaic, mosaic.width, mosaic.height, room.target, outWidth);
}

/** Single samples from the table's start, means behind them; a block too wide for fixed point is left to the readable kernel. */
function paintSmooth(room: Room, mosaic: Mosaic, blocks: readonly SmoothBlock[], kernel: Kernel, target: TargetPixels): void {
  const { kernels } = room;
  const table = tableIn(room);
  let count = 0;
  for (const isMean of [false, true]) {
    const first = count;
    for (const block of blocks) {
      if (block.samplesX * block.samplesY > 1 !== isMean) continue;
      if (writeBlock(table, count, block, mosaic, 0.5)) count++;
      else paintBlock(kernel, mosaic, block, target);
    }
    const shared = [room.table + first * BLOCK_BYTES, count - first, room.mosaic, mosaic.width, room.target, target.width] as const;
    if (isMean) kernels.mean(...shared);
    else if (kernel === 'bicubic') kernels.bicubic(...shared, room.weights);
    else kernels.bilinear(...shared);
  }
}
