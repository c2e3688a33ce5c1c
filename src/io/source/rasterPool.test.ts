import { describe, expect, it } from 'vitest';
import type { Raster } from '../../raster/raster.ts';
import { createRasterPool, type Reader } from './rasterPool.ts';
import type { Patch } from './types.ts';

/** Dangers: a picture that is being drawn shows another patch's pixels, memory that nobody reads is never used again. */

const SIDE = 16;
const BYTES = SIDE * SIDE * 4;
const never = new AbortController().signal;
const patch = (key: string): Patch => ({ key }) as Patch;

/** A pool for `rasters` rasters, whose patches are filled with the number that is their key. */
function poolFor(rasters: number): { readonly pool: ReturnType<typeof createRasterPool>; get(key: number, reader?: Reader | null): Promise<Raster>; readonly made: string[] } {
  const pool = createRasterPool(rasters * (BYTES + 256));
  const made: string[] = [];
  const fetch = pool.remember('s', async ({ key }) => {
    made.push(key);
    return { width: SIDE, height: SIDE, data: new Uint8Array(BYTES).fill(Number(key)), opaque: true };
  }, 1000);
  return { pool, made, get: async (key, reader = null) => (await fetch(patch(String(key)), never, reader?.id ?? null))! };
}

describe('the pool of decoded patches', () => {
  it('decodes once for all who ask, and hands out shared memory', async () => {
    const { get, made } = poolFor(4);
    const [a, b] = await Promise.all([get(7), get(7)]);
    expect(a).toBe(b);
    expect(await get(7)).toBe(a);
    expect(made).toEqual(['7']);
    expect(a.data.buffer).toBeInstanceOf(SharedArrayBuffer);
    expect(new Set(a.data)).toEqual(new Set([7]));
  });

  it('frees what it copied at once (danger: megabytes that wait for the collector)', async () => {
    const pool = createRasterPool(1e6);
    const data = new Uint8Array(BYTES).fill(1);
    await pool.remember('s', async () => ({ width: SIDE, height: SIDE, data, opaque: true }), 1000)(patch('1'), never, null);
    expect(data.length).toBe(0);
  });

  it('offers memory to decode into, which is not copied again', async () => {
    const pool = createRasterPool(1e6);
    let offered: Uint8Array | undefined;
    const fetch = pool.remember('s', async (_patch, _signal, memoryFor) => {
      offered = memoryFor(BYTES).fill(3);
      return { width: SIDE, height: SIDE, data: offered, opaque: true };
    }, 1000);
    const raster = await fetch(patch('1'), never, null);
    expect(raster!.data).toBe(offered);
    expect(raster!.data.buffer).toBeInstanceOf(SharedArrayBuffer);
  });

  it('counts what was too large to be kept until its job ends, not for ever (danger: after it nothing else is kept)', async () => {
    const pool = createRasterPool(3 * (BYTES + 256));
    const made: string[] = [];
    const fetch = pool.remember('s', async ({ key }) => {
      made.push(key);
      const side = key === 'large' ? 4 * SIDE : SIDE;
      return { width: side, height: side, data: new Uint8Array(side * side * 4), opaque: true };
    }, 1000);
    for (const key of ['large', 'a', 'b', 'a', 'b']) {
      const job = pool.begin();
      await fetch(patch(key), never, job.id);
      job.end(true);
    }
    expect(made).toEqual(['large', 'a', 'b']);
  });

  it('without a job named, never writes to memory that a running one may read, and uses it again when all of them have ended', async () => {
    const { pool, get } = poolFor(8);
    const buffers = new Set<ArrayBufferLike>();
    const ends = [pool.begin(), pool.begin()];
    const read = await get(1);
    for (let key = 2; key < 40; key++) buffers.add((await get(key)).data.buffer);
    expect(buffers.has(read.data.buffer)).toBe(false);
    expect(new Set(read.data)).toEqual(new Set([1]));
    ends[1]!.end(true);
    for (let key = 40; key < 80; key++) buffers.add((await get(key)).data.buffer);
    expect(new Set(read.data)).toEqual(new Set([1]));
    ends[0]!.end(true);
    const before = buffers.size;
    for (let key = 80; key < 90; key++) buffers.add((await get(key)).data.buffer);
    const [fresh, seen] = [buffers.size - before, 10];
    expect(fresh).toBeLessThan(seen);
  });

  it('keeps what one slow job held back (danger: gigabytes that wait for the collectors of several threads)', async () => {
    const { pool, get } = poolFor(8);
    const used: ArrayBufferLike[] = [];
    for (let round = 0; round < 20; round++) {
      const job = pool.begin();
      for (let key = 0; key < 8; key++) used.push((await get(8 * round + key)).data.buffer);
      job.end(true);
    }
    expect(new Set(used).size).toBeLessThanOrEqual(8 + 8 + 1);
  });

  it('takes what running jobs need beyond the limit once, not at every job (danger: under load each leaves megabytes to the collectors)', async () => {
    const { pool, get } = poolFor(8);
    const used = new Set<ArrayBufferLike>();
    for (let round = 0; round < 20; round++) {
      const job = pool.begin();
      for (let key = 0; key < 14; key++) used.add((await get(14 * round + key, job)).data.buffer);
      job.end(true);
    }
    expect(used.size).toBeLessThanOrEqual(16);
  });

  it('holds no more than its limit, whatever sizes come after one another (danger: each size has memory of its own)', async () => {
    const limit = 1 << 20;
    const pool = createRasterPool(limit);
    const used = new Map<ArrayBufferLike, number>();
    const fetch = pool.remember('s', async ({ key }, _signal, memoryFor) => {
      const [width, height] = [64 + ((Number(key) * 37) % 96), 64 + ((Number(key) * 53) % 96)];
      return { width, height, data: memoryFor(width * height * 4).fill(Number(key) % 256), opaque: true };
    }, 1000);
    for (let key = 0; key < 400; key++) {
      const job = pool.begin();
      const raster = (await fetch(patch(String(key)), never, job.id))!;
      expect([raster.data.length, raster.data[0], raster.data.at(-1)]).toEqual([raster.width * raster.height * 4, key % 256, key % 256]);
      used.set(raster.data.buffer, raster.data.buffer.byteLength);
      job.end(true);
    }
    const bytes = [...used.values()].reduce((sum, one) => sum + one, 0);
    expect(bytes).toBeLessThanOrEqual(1.5 * limit);
  });

  it('gives up no more for a large one than it needs (danger: one large picture empties the memory)', async () => {
    const pool = createRasterPool(16 * BYTES);
    const made: string[] = [];
    const fetch = pool.remember('s', async ({ key }, _signal, memoryFor) => {
      made.push(key);
      return { width: SIDE, height: SIDE, data: memoryFor(key === 'large' ? 4 * BYTES : BYTES), opaque: true };
    }, 1000);
    const get = async (key: string): Promise<void> => {
      const job = pool.begin();
      await fetch(patch(key), never, job.id);
      job.end(true);
    };
    for (let key = 0; key < 40; key++) await get(String(key));
    await get('large');
    made.length = 0;
    for (let key = 39; key > 32; key--) await get(String(key));
    expect(made).toEqual([]);
  });

  it('has memory again that was offered for a picture that failed (danger: after many failures there is none)', async () => {
    const pool = createRasterPool(4 * (BYTES + 256));
    const offered = new Set<ArrayBufferLike>();
    const failing = pool.remember('f', async (_patch, _signal, memoryFor) => {
      offered.add(memoryFor(BYTES).buffer);
      throw new Error('no picture');
    }, 1000);
    for (let key = 0; key < 40; key++) await expect(failing(patch(String(key)), never, null)).rejects.toThrow('no picture');
    expect(offered.size).toBe(1);
  });

  it('holds back what a job was handed, for that job alone (danger: memory for all that came during the slowest of many jobs)', async () => {
    const { pool, get } = poolFor(2);
    const [slow, other] = [pool.begin(), pool.begin()];
    const read = await get(1, slow);
    const used: ArrayBufferLike[] = [];
    for (let key = 2; key < 40; key++) used.push((await get(key, other)).data.buffer);
    expect(used).not.toContain(read.data.buffer);
    expect(new Set(read.data)).toEqual(new Set([1]));
    other.end(true);
    for (let key = 40; key < 80; key++) {
      const job = pool.begin();
      used.push((await get(key, job)).data.buffer);
      job.end(true);
    }
    expect(new Set(read.data)).toEqual(new Set([1]));
    expect(new Set(used.slice(-40)).size).toBeLessThanOrEqual(2 + 2 + 1);
    slow.end(true);
  });

  it('what a job that was given up had been handed stays for those who run then (danger: they wait for what it began)', async () => {
    const { pool, get } = poolFor(2);
    const [left, waiting] = [pool.begin(), pool.begin()];
    const read = await get(1, left);
    left.end(false);
    const used: ArrayBufferLike[] = [];
    for (let key = 2; key < 20; key++) {
      const job = pool.begin();
      used.push((await get(key, job)).data.buffer);
      job.end(true);
    }
    expect(used).not.toContain(read.data.buffer);
    waiting.end(true);
    for (let key = 20; key < 24; key++) used.push((await get(key, null)).data.buffer);
    expect(used).toContain(read.data.buffer);
  });

  it('hands out no raster that gave way between its coming and being heard of', async () => {
    const { pool, get } = poolFor(1);
    const job = pool.begin();
    const rasters = await Promise.all([1, 2, 3, 4].map((key) => get(key, job)));
    expect(rasters.map(({ data }) => new Set(data))).toEqual([1, 2, 3, 4].map((key) => new Set([key])));
    job.end(true);
  });

  it('a job that began after something gave way does not hold it back', async () => {
    const { pool, get } = poolFor(4);
    const first = (await get(1)).data.buffer;
    for (let key = 2; key < 6; key++) await get(key);
    const job = pool.begin();
    const used: ArrayBufferLike[] = [];
    for (let key = 6; key < 12; key++) used.push((await get(key)).data.buffer);
    expect(used).toContain(first);
    job.end(true);
  });

  it('believes "nothing here" for its time, and forgets failures', async () => {
    const pool = createRasterPool(1e6);
    let asked = 0;
    const nothing = pool.remember('n', async () => (asked++, null), 1000);
    expect([await nothing(patch('1'), never, null), await nothing(patch('1'), never, null), asked]).toEqual([null, null, 1]);
    const failing = pool.remember('f', async () => { asked++; throw new Error('no'); }, 1000);
    await expect(failing(patch('1'), never, null)).rejects.toThrow('no');
    await expect(failing(patch('1'), never, null)).rejects.toThrow('no');
    expect(asked).toBe(3);
  });
});
