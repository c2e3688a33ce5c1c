import { describe, expect, it } from 'vitest';
import { plainDesk, type Desk, type DeskSize } from '../desk.ts';
import type { Mosaic } from '../mosaic.ts';
import { NODE_U, NODE_V } from '../surface.ts';
import { KERNELS, type Kernel, type SmoothBlock } from '../types.ts';
import { createSimdDesks } from './simdDesk.ts';

/**
 * The SIMD kernels against the readable ones, on random blocks: shifted, turned, sheared and curved, of any size from 1 x 1, over
 * pictures with transparent pixels, read up to the mosaic's border.
 */
const desks = createSimdDesks()!;

/** Mulberry32: the same cases every time. */
function randomOf(seed: number): () => number {
  let a = seed;
  return () => {
    a = (a + 0x6d2b79f5) | 0;
    let t = Math.imul(a ^ (a >>> 15), 1 | a);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

/** Premultiplied noise; a third of the pixels transparent, a third half so. */
function noise(random: () => number, count: number, opaque: boolean): Uint32Array {
  return Uint32Array.from({ length: count }, () => {
    const alpha = opaque ? 255 : [0, 255, Math.floor(random() * 256)][Math.floor(random() * 3)]!;
    const [r, g, b] = [0, 0, 0].map(() => Math.floor(random() * (alpha + 1)));
    return (r! | (g! << 8) | (b! << 16) | (alpha << 24)) >>> 0;
  });
}

const WINDOW = { col: -7, row: 1_000_003, width: 301, height: 207 };
/** Nodes keep this far from the window's border: the reach of bicubic, and half a pixel. */
const REACH = 2.6;

/** A random surface within [low, high]: a plane, bent. */
function surface(random: () => number, low: number, high: number, scale: number): number[] {
  const room = Math.min(scale, high - low);
  const at = low + random() * (high - low - room);
  const [a, b, bend, twist] = [random(), random(), (random() - 0.5) * 0.3, (random() - 0.5) * 0.3];
  const raw = NODE_U.map((u, k) => a * u + b * NODE_V[k]! + bend * u * u + twist * u * NODE_V[k]! + 0.1 * NODE_V[k]! ** 2 * u * u);
  const [min, max] = [Math.min(...raw), Math.max(...raw)];
  // A margin: between the nodes the surface may go a little beyond them.
  return raw.map((v) => at + room * (0.05 + 0.9 * ((v - min) / (max - min || 1))));
}

function randomBlocks(random: () => number, size: { width: number; height: number }, means: boolean): SmoothBlock[] {
  const blocks: SmoothBlock[] = [];
  for (let y = 0, h = 0; y < size.height; y += h) {
    h = Math.min(size.height - y, 1 + Math.floor(random() * 40));
    for (let x = 0, w = 0; x < size.width; x += w) {
      w = Math.min(size.width - x, 1 + Math.floor(random() * (random() < 0.3 ? 6 : 64)));
      const scale = Math.max(w, h) * 2 * random();
      blocks.push({
        x, y, width: w, height: h,
        cols: surface(random, WINDOW.col + REACH, WINDOW.col + WINDOW.width - REACH, scale),
        rows: surface(random, WINDOW.row + REACH, WINDOW.row + WINDOW.height - REACH, scale),
        samplesX: means ? 1 + Math.floor(random() * 8) : 1,
        samplesY: means ? 1 + Math.floor(random() * 8) : 1,
      });
    }
  }
  return blocks;
}

function painted(deskFor: (size: DeskSize) => Desk, kernel: Kernel, pixels: Uint32Array, blocks: readonly SmoothBlock[], size: { width: number; height: number }): Uint8Array {
  const desk = deskFor({ ...size, blocks: blocks.length, mosaicPixels: pixels.length, isCovered: true });
  const data = desk.mosaicPixels(pixels.length);
  data.set(pixels);
  const mosaic: Mosaic = { ...WINDOW, data, opaque: false };
  desk.paint(kernel, mosaic, blocks);
  return desk.finish();
}

function largestDifference(a: Uint8Array, b: Uint8Array): number {
  let worst = Math.abs(a.length - b.length);
  for (let i = 0; i < a.length; i++) worst = Math.max(worst, Math.abs(a[i]! - b[i]!));
  return worst;
}

const CASES: readonly { readonly kernel: Kernel; readonly means: boolean }[] = [
  ...KERNELS.map((kernel) => ({ kernel, means: false })),
  { kernel: 'bilinear', means: true },
];

describe('SIMD kernels equal the readable ones', () => {
  for (const { kernel, means } of CASES) {
    const bound = kernel === 'nearest' ? 0 : 1;
    it(`${kernel}${means ? ', means' : ''}: within ${bound} (danger: a wrong tap, weight, tail or lane)`, () => {
      for (let seed = 1; seed <= 12; seed++) {
        const random = randomOf(seed);
        const size = { width: 1 + Math.floor(random() * 200), height: 1 + Math.floor(random() * 150) };
        const pixels = noise(random, WINDOW.width * WINDOW.height, seed % 3 === 0);
        const blocks = randomBlocks(random, size, means);
        const [simd, plain] = [desks, plainDesk].map((desk) => painted(desk, kernel, pixels, blocks, size));
        expect(largestDifference(simd!, plain!)).toBeLessThanOrEqual(bound);
      }
    });
  }

  it('cuts overshoot to [0, alpha], and leaves one colour alone (danger: bright halos, drifting colours)', () => {
    const random = randomOf(5);
    const size = { width: 64, height: 64 };
    const blocks = randomBlocks(random, size, false);
    const edges = painted(desks, 'bicubic', noise(random, WINDOW.width * WINDOW.height, false), blocks, size);
    for (let i = 0; i < edges.length; i += 4) for (let k = 0; k < 3; k++) expect(edges[i + k]).toBeLessThanOrEqual(edges[i + 3]!);
    const flat = new Uint32Array(WINDOW.width * WINDOW.height).fill(0xff3264c8);
    for (const kernel of KERNELS) {
      for (const means of kernel === 'nearest' ? [false] : [false, true]) {
        const words = new Uint32Array(painted(desks, kernel, flat, randomBlocks(random, size, means), size).buffer);
        expect(words.every((word) => word === 0xff3264c8)).toBe(true);
      }
    }
  });

  it('draws blocks that span too much for fixed point (danger: coordinates that wrap round)', () => {
    const width = 4000;
    const pixels = new Uint32Array(width * 12).map((_, i) => (0xff000000 | (((i % width) >> 4) * 0x010101)) >>> 0);
    const wide = { col: 0, row: 0, width, height: 12 };
    const block: SmoothBlock = {
      x: 0, y: 0, width: 16, height: 2, samplesX: 1, samplesY: 1,
      cols: NODE_U.map((u) => 3 + u * 3990), rows: NODE_V.map((v) => 4 + 3 * v),
    };
    for (const kernel of KERNELS) {
      const desk = desks({ width: 16, height: 2, blocks: 1, mosaicPixels: pixels.length, isCovered: true });
      const data = desk.mosaicPixels(pixels.length);
      data.set(pixels);
      desk.paint(kernel, { ...wide, data, opaque: true }, [block]);
      const row = desk.finish();
      for (let i = 0; i < 16; i++) expect(Math.abs(row[i * 4]! - (3 + ((i + 0.5) / 16) * 3990) / 16)).toBeLessThanOrEqual(1);
    }
  });
});

describe('the desk', () => {
  const size = { width: 8, height: 8, blocks: 1, mosaicPixels: 64 };
  const block: SmoothBlock = { x: 0, y: 0, width: 8, height: 4, samplesX: 1, samplesY: 1, cols: NODE_U.map((u) => u * 8), rows: NODE_V.map((v) => v * 4) };
  const paintOn = (deskFor: (size: DeskSize) => Desk, colour: number): Uint32Array => {
    const desk = deskFor({ ...size, isCovered: false });
    const data = desk.mosaicPixels(64).fill(colour);
    desk.paint('nearest', { col: 0, row: 0, width: 8, height: 8, data, opaque: true }, [block]);
    return new Uint32Array(desk.finish().buffer);
  };

  it('starts transparent, whatever was drawn before (danger: another tile shining through)', () => {
    for (const deskFor of [desks, plainDesk]) {
      paintOn(deskFor, 0xffffffff);
      const words = paintOn(deskFor, 0xff00ff00);
      expect(words.slice(0, 32).every((word) => word === 0xff00ff00)).toBe(true);
      expect(words.slice(32).every((word) => word === 0)).toBe(true);
    }
  });

  it('hands out bytes that the next picture does not write to (danger: a tile changing while it is encoded)', () => {
    const first = paintOn(desks, 0xff0000ff);
    paintOn(desks, 0xffff0000);
    expect(first[0]).toBe(0xff0000ff);
  });

  it('takes pictures beyond the memory it keeps (danger: a trap in place of a picture)', () => {
    const desk = desks({ width: 2048, height: 2048, blocks: 1, mosaicPixels: 3 * 2 ** 23, isCovered: false });
    expect(desk.mosaicPixels(3 * 2 ** 23).length).toBe(3 * 2 ** 23);
    expect(desk.finish().every((byte) => byte === 0)).toBe(true);
  });
});
