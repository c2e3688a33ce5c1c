import { describe, expect, it } from 'vitest';
import { GatewayError } from '../../errors.ts';
import { crsOf } from '../../geometry/crs/registry.ts';
import { createSharpCodec } from '../../raster/codec/sharp.ts';
import type { TileStore } from '../cache/types.ts';
import { createMemoryStore } from '../cache/store/memory.ts';
import { crsTiling } from './crsTiling.ts';
import { checkPatch, decodePatch, decodedSource } from './decodedSource.ts';
import { storedBytes } from './storedBytes.ts';
import type { StoredBytesOptions } from './storedBytes.ts';
import type { EncodedPatch, Patch, PatchBytes } from './types.ts';

const codec = createSharpCodec({ maxPixels: 1e6 });
const tiling = crsTiling(crsOf('IAU_2015:30100'), [-180, -90, 180, 90], { maxLevels: 3, patchSize: 64 });
const patch = (col: number, row = 0): Patch => tiling.patchAt(0, 0, col, row)!;
const never = new AbortController().signal;

async function picture(width: number, height: number, value: number): Promise<EncodedPatch> {
  const raster = { width, height, data: new Uint8Array(width * height * 4).fill(value), opaque: false };
  for (let i = 3; i < raster.data.length; i += 4) raster.data[i] = 255;
  return { bytes: await codec.encode(raster, 'image/png', { quality: 85, background: 0 }), contentType: 'image/png' };
}

/** Bytes by a function, remembering which patches were asked for. */
function bytesOf(answer: (patch: Patch, nth: number, signal: AbortSignal) => EncodedPatch | null | Promise<EncodedPatch | null>) {
  const asked: string[] = [];
  const bytes: PatchBytes = {
    fetch: async (p, signal) => {
      asked.push(p.key);
      return answer(p, asked.length, signal);
    },
  };
  return { bytes, asked };
}

const down = () => Promise.reject(new GatewayError('UPSTREAM_FAILED', 'down'));

describe('decoded source', () => {
  it('fetches and decodes once for concurrent and later callers (danger: an upstream asked per client)', async () => {
    const good = await picture(64, 64, 7);
    const { bytes, asked } = bytesOf(() => good);
    const source = decodedSource({ id: 's', tiling, bytes, codec, decodedCacheBytes: 1e6 });
    const rasters = await Promise.all([source.fetch(patch(0), never), source.fetch(patch(0), never)]);
    const later = await source.fetch(patch(0), never);
    expect(later).toBe(rasters[0]);
    expect(rasters[1]).toBe(rasters[0]);
    expect(later).toMatchObject({ width: 64, height: 64 });
    expect([later!.data[0], later!.data[3]]).toEqual([7, 255]);
    expect(asked).toEqual([patch(0).key]);
  });

  it('drops the least recently used beyond its bytes (danger: memory without end)', async () => {
    const good = await picture(64, 64, 7);
    const { bytes, asked } = bytesOf(() => good);
    const source = decodedSource({ id: 's', tiling, bytes, codec, decodedCacheBytes: 2.5 * 64 * 64 * 4 });
    for (const col of [0, 1, 0, 2, 0, 1]) await source.fetch(patch(col), never);
    expect(asked.length).toBe(4);
  });

  it('refuses a picture of another size, or resizes it if told so (danger: maps shifted without a word)', async () => {
    const small = await picture(32, 64, 7);
    const { bytes } = bytesOf(() => small);
    const strict = decodedSource({ id: 's', tiling, bytes, codec, decodedCacheBytes: 1e6 });
    await expect(strict.fetch(patch(0), never)).rejects.toMatchObject({ code: 'UPSTREAM_FAILED' });
    const lenient = decodedSource({ id: 's', tiling, bytes, codec, decodedCacheBytes: 1e6, otherSize: 'resize' });
    expect(await lenient.fetch(patch(0), never)).toMatchObject({ width: 64, height: 64 });
  });

  it('decodes a picture that was looked at before it was kept once, into the memory offered; one of another size into its own', async () => {
    let decoded = 0;
    const counting = { ...codec, unpack: (bytes: Uint8Array) => (decoded++, codec.unpack(bytes)) };
    const memory = new Uint8Array(64 * 64 * 4);
    const encoded = await picture(64, 64, 7);
    await checkPatch(counting, patch(0), encoded, 'refuse');
    const raster = await decodePatch(counting, patch(0), encoded, 'refuse', () => memory);
    expect(decoded).toBe(1);
    expect(raster.data).toBe(memory);
    expect([raster.data[0], raster.data[3]]).toEqual([7, 255]);
    await decodePatch(counting, patch(0), encoded, 'refuse');
    expect(decoded).toBe(2);
    const resized = await decodePatch(codec, patch(0), await picture(32, 32, 9), 'resize', () => memory);
    expect([resized.data === memory, resized.width, resized.data[0]]).toEqual([false, 64, 9]);
  });

  it('remembers "nothing here" for a while, and no failure at all (danger: blank for ever)', async () => {
    const good = await picture(64, 64, 7);
    const { bytes, asked } = bytesOf((p, nth) => (nth === 1 ? down() : p.key === patch(0).key ? null : good));
    const source = decodedSource({ id: 's', tiling, bytes, codec, decodedCacheBytes: 1e6 });
    await expect(source.fetch(patch(0), never)).rejects.toThrow('down');
    expect(await source.fetch(patch(0), never)).toBeNull();
    expect(await source.fetch(patch(0), never)).toBeNull();
    expect(asked.length).toBe(2);
    const forgetful = decodedSource({ id: 's', tiling, bytes, codec, decodedCacheBytes: 1e6, missingTtlMs: 1 });
    expect(await forgetful.fetch(patch(0), never)).toBeNull();
    await new Promise((resolve) => setTimeout(resolve, 30));
    expect(await forgetful.fetch(patch(0), never)).toBeNull();
    expect(asked.length).toBe(4);
  });

  it('stops the fetch when its last caller leaves', async () => {
    let stopped = false;
    const { bytes } = bytesOf((_p, _n, signal) => new Promise((_resolve, reject) => {
      signal.addEventListener('abort', () => {
        stopped = true;
        reject(signal.reason as Error);
      });
    }));
    const source = decodedSource({ id: 's', tiling, bytes, codec, decodedCacheBytes: 1e6 });
    const abort = new AbortController();
    const work = source.fetch(patch(0), abort.signal);
    setTimeout(() => abort.abort(new Error('left')), 20);
    await expect(work).rejects.toThrow('left');
    expect(stopped).toBe(true);
  });
});

describe('stored bytes', () => {
  function stored(bytes: PatchBytes, store: TileStore, more: Partial<StoredBytesOptions> = {}): PatchBytes {
    const check: StoredBytesOptions['check'] = (p, encoded) => decodePatch(codec, p, encoded, 'refuse');
    const report = (error: unknown) => {
      throw error;
    };
    return storedBytes({ bytes, store, cache: 'wms', extension: 'png', maxAgeMs: Infinity, missingMaxAgeMs: Infinity, check, report, ...more });
  }

  it('keeps what came as it came, over a restart (danger: warm caches that are cold; recompressed pictures)', async () => {
    const good = await picture(64, 64, 9);
    const { bytes, asked } = bytesOf(() => good);
    const store = createMemoryStore(1e6);
    expect(await stored(bytes, store).fetch(patch(1), never)).toEqual(good);
    const again = await stored(bytes, store).fetch(patch(1), never);
    expect(again!.contentType).toBe('image/png');
    expect(Buffer.compare(again!.bytes, good.bytes)).toBe(0);
    expect(asked.length).toBe(1);
    const key = { cache: 'wms', tile: patch(1).key, extension: 'png' };
    expect((await store.get(key))!.bytes).toBe(good.bytes);
  });

  it('asks once for concurrent callers', async () => {
    const good = await picture(64, 64, 9);
    const { bytes, asked } = bytesOf(() => good);
    const through = stored(bytes, createMemoryStore(1e6));
    await Promise.all(Array.from({ length: 5 }, () => through.fetch(patch(0), never)));
    expect(asked.length).toBe(1);
  });

  it('stores "nothing here" as an empty tile and believes it as long as told', async () => {
    const { bytes, asked } = bytesOf(() => null);
    const store = createMemoryStore(1e6);
    const through = stored(bytes, store);
    expect(await through.fetch(patch(0), never)).toBeNull();
    expect(await through.fetch(patch(0), never)).toBeNull();
    expect(asked.length).toBe(1);
    expect((await store.get({ cache: 'wms', tile: patch(0).key, extension: 'png' }))!.bytes.length).toBe(0);
    expect(await stored(bytes, store, { missingMaxAgeMs: 0 }).fetch(patch(0), never)).toBeNull();
    expect(asked.length).toBe(2);
  });

  it('stores neither errors nor rubbish nor wrong sizes (danger: one bad answer served for years)', async () => {
    const rubbish = { bytes: Buffer.from('<html>'), contentType: 'image/png' };
    const torn = await picture(64, 64, 3);
    const half = { bytes: torn.bytes.subarray(0, torn.bytes.length - 20), contentType: 'image/png' };
    const wrong = await picture(64, 63, 3);
    const good = await picture(64, 64, 3);
    const { bytes } = bytesOf((_, nth) => (nth === 1 ? down() : ([rubbish, half, wrong, good][nth - 2] ?? null)));
    const through = stored(bytes, createMemoryStore(1e6));
    for (let i = 0; i < 4; i++) {
      await expect(through.fetch(patch(0), never)).rejects.toMatchObject({ code: 'UPSTREAM_FAILED' });
    }
    expect(await through.fetch(patch(0), never)).toEqual(good);
  });

  it('asks again past the age, and serves the old one while the upstream is down (danger: an outage blanks a warm cache)', async () => {
    const [old, fresh] = [await picture(64, 64, 1), await picture(64, 64, 2)];
    const { bytes, asked } = bytesOf((_, nth) => (nth === 1 ? old : nth === 2 ? down() : fresh));
    const reported: unknown[] = [];
    const through = stored(bytes, createMemoryStore(1e6), { maxAgeMs: 0, report: (error) => void reported.push(error) });
    const got: (EncodedPatch | null)[] = [];
    for (let i = 0; i < 3; i++) got.push(await through.fetch(patch(0), never));
    expect(got.map((g) => Buffer.from(g!.bytes).toString('hex'))).toEqual([old, old, fresh].map((g) => Buffer.from(g.bytes).toString('hex')));
    expect(asked.length).toBe(3);
    expect(reported).toMatchObject([{ code: 'UPSTREAM_FAILED', message: 'down' }]);
  });

  it('serves although the store is broken, and says so (danger: a full disk stops the map)', async () => {
    const good = await picture(64, 64, 9);
    const { bytes } = bytesOf(() => good);
    const full = () => Promise.reject(new Error('ENOSPC'));
    const heard: unknown[] = [];
    const through = stored(bytes, { ...createMemoryStore(1e6), get: full, put: full }, { report: (e) => void heard.push(e) });
    expect(await through.fetch(patch(0), never)).toEqual(good);
    expect(heard.length).toBe(2);
  });
});
