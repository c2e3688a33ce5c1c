import type { Desk } from './desk.ts';
import type { Mosaic } from './mosaic.ts';
import type { ReprojectPlan, SeamBlock } from './types.ts';

/** Draws the seams of a plan: each half over the whole box, in whatever order parts come; then each pixel from its own half. */
export interface SeamDesk {
  /** Draws the halves that read a part from its mosaic. What the target holds in their boxes is overwritten. */
  paint(part: number, mosaic: Mosaic): void;
  /** Writes the pixels of all seams to the target; nothing (0) where they have no half. */
  finish(): void;
}

export function createSeamDesk(desk: Desk, { seams, kernel }: ReprojectPlan): SeamDesk {
  const kept = seams.map(({ width, height }) => new Uint32Array(width * height));
  return {
    paint(part, mosaic) {
      for (const half of [0, 1]) {
        const mine = seams.flatMap((seam, i) => (seam.halves[half]?.part === part ? [i] : []));
        if (mine.length === 0) continue;
        desk.paint(kernel, mosaic, mine.map((i) => seams[i]!.halves[half]!.block));
        for (const i of mine) keep(seams[i]!, half + 1, desk.target, kept[i]!);
      }
    },
    finish() {
      seams.forEach((seam, i) => write(seam, kept[i]!, desk.target));
    },
  };
}

function keep({ x, y, width, height, side }: SeamBlock, mine: number, { data, width: stride }: Desk['target'], kept: Uint32Array): void {
  for (let j = 0, k = 0; j < height; j++) {
    for (let at = (y + j) * stride + x, end = at + width; at < end; at++, k++) if (side[k] === mine) kept[k] = data[at]!;
  }
}

function write({ x, y, width, height }: SeamBlock, kept: Uint32Array, { data, width: stride }: Desk['target']): void {
  for (let j = 0; j < height; j++) data.set(kept.subarray(j * width, (j + 1) * width), (y + j) * stride + x);
}
