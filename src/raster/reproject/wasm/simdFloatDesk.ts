import type { DeskSize } from '../desk.ts';
import { paintFloatBlock, type FloatDesk, type FloatMosaic, type FloatTarget } from '../floatKernels.ts';
import type { Kernel, SmoothBlock } from '../types.ts';
import { writeBlock } from './blockTable.ts';
import { createRooms, tableIn, type Room } from './room.ts';
import { paintNearest } from './simdDesk.ts';

/** Gives desks of the SIMD kernels for measurements, one at a time; null where they cannot run. */
export function createSimdFloatDesks(): ((size: DeskSize) => FloatDesk) | null {
  const roomFor = createRooms();
  return roomFor === null ? null : (size) => deskIn(roomFor(size), size);
}

function deskIn(room: Room, size: DeskSize): FloatDesk {
  const { buffer } = room.kernels.memory;
  const target: FloatTarget = { data: new Float32Array(buffer, room.target, size.width * size.height), width: size.width };
  if (!size.isCovered) target.data.fill(NaN);
  return {
    target,
    mosaicSamples: (count) => new Float32Array(buffer, room.mosaic, count),
    paint(kernel, mosaic, blocks) {
      if (kernel === 'nearest') paintNearest(room, mosaic, blocks, size.width);
      else paintSmooth(room, mosaic, blocks, kernel, target);
    },
    finish: () => target.data.slice(),
  };
}

function paintSmooth(room: Room, mosaic: FloatMosaic, blocks: readonly SmoothBlock[], kernel: Kernel, target: FloatTarget): void {
  const table = tableIn(room);
  let count = 0;
  for (const block of blocks) {
    if (writeBlock(table, count, block, mosaic, 0.5)) count++;
    else paintFloatBlock(kernel, mosaic, block, target);
  }
  const draw = kernel === 'bicubic' ? room.kernels.floatBicubic : room.kernels.floatBilinear;
  draw(room.table, count, room.mosaic, mosaic.width, room.target, target.width);
}
