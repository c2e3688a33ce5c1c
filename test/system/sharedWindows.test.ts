import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildGateway } from '../../src/config/build.ts';
import { loadConfig } from '../../src/config/load.ts';
import { createSharpCodec } from '../../src/raster/codec/sharp.ts';
import { createApp } from '../../src/server/app.ts';

/**
 * Windows of a map server that threads draw from lie in memory which is used again and again. Danger: a tile shows a place that another one
 * asked for, because its window's memory was given to that while it was being drawn, or while clients come and go.
 */
const TILES = Array.from({ length: 48 }, (_, i) => 16 * i + 3).toSorted((a, b) => ((a * 7919) % 768) - ((b * 7919) % 768));
const codec = createSharpCodec({ maxPixels: 1e7 });
let directory: string;
let upstream: Server;
const made = new Map<string, Promise<Uint8Array>>();
/** Sizes that were asked for. */
const sizes: string[] = [];

beforeAll(async () => {
  directory = mkdtempSync(path.join(tmpdir(), 'windows-'));
  upstream = createServer((request, response) => {
    const asked = new URL(request.url!, 'http://localhost').searchParams;
    const place = asked.get('BBOX')!;
    sizes.push(`${asked.get('WIDTH')}x${asked.get('HEIGHT')}`);
    const bytes = made.get(place) ?? window(Number(asked.get('WIDTH')), Number(asked.get('HEIGHT')), place.split(',').map(Number));
    made.set(place, bytes);
    void bytes.then((all) => response.writeHead(200, { 'content-type': 'image/png' }).end(all));
  }).listen(0, '127.0.0.1');
  await once(upstream, 'listening');
});
afterAll(() => {
  upstream.closeAllConnections();
  upstream.close();
  rmSync(directory, { recursive: true, force: true });
});

/** Squares of this many pixels have one colour, another at every place of every level. */
const SQUARE = 256;

/** The same wherever a window begins: tiles are drawn from windows that they share, or from what is cut to them. */
async function window(width: number, height: number, [minX, minY, maxX, maxY]: readonly number[]): Promise<Uint8Array> {
  const [cell, cellY] = [(maxX! - minX!) / width, (maxY! - minY!) / height];
  const [left, top] = [Math.round((minX! + 180) / cell), Math.round((90 - maxY!) / cellY)];
  const colourOf = (col: number, row: number): number => createHash('sha256').update(`${cell.toPrecision(6)} ${col} ${row}`).digest().readUInt32LE() | 0xff000000;
  const words = new Uint32Array(width * height);
  for (let y = 0; y < height; y++) {
    const row = Math.floor((top + y) / SQUARE);
    if (y > 0 && Math.floor((top + y - 1) / SQUARE) === row) words.copyWithin(y * width, (y - 1) * width, y * width);
    else for (let x = 0; x < width; x++) words[y * width + x] = (left + x) % SQUARE === 0 || x === 0 ? colourOf(Math.floor((left + x) / SQUARE), row) : words[y * width + x - 1]!;
  }
  return codec.encode({ width, height, data: new Uint8Array(words.buffer), opaque: true }, 'image/png', { quality: 90, background: 0 });
}

/** Digests of all tiles. @param clients at once; every second one leaves before its tile is there, and comes again */
async function tilesOf({ threads, memory, clients, isFickle }: { threads: number; memory: number; clients: number; isFickle: boolean }): Promise<ReadonlyMap<number, string>> {
  const file = path.join(directory, `${threads}-${memory}.yaml`);
  writeFileSync(file, `
services: {hips: {formats: [png], resampling_method: bicubic}}
layers: [{name: moon, title: Moon, sources: [windows], md: {hips: {hips_order: 3, hips_body: moon, hips_frame: moon}}}]
sources: {windows: {type: wms, req: {url: 'http://127.0.0.1:${(upstream.address() as AddressInfo).port}/?', layers: moon, format: image/png}, wms_opts: {version: 1.1.1}, supported_srs: ['IAU_2015:30100']}}
globals: {cache: {base_dir: './cache-${threads}-${memory}'}}
server: {limits: {memory_cache_mb: ${memory}}}
`);
  const gateway = await buildGateway(loadConfig(file), { threads, report: () => {} });
  const app = createApp(gateway, { logger: null });
  const url = await app.listen({ port: 0, host: '127.0.0.1' });
  const found = new Map<number, string>();
  const todo = [...TILES];
  const client = async (): Promise<void> => {
    for (let npix = todo.pop(); npix !== undefined; npix = todo.pop()) {
      const address = `${url}/hips/moon/Norder3/Dir0/Npix${npix}.png`;
      if (isFickle && npix % 32 === 3) await fetch(address, { signal: AbortSignal.timeout(npix % 50) }).catch(() => {});
      const answer = await fetch(address);
      found.set(npix, `${answer.status} ${createHash('sha256').update(new Uint8Array(await answer.arrayBuffer())).digest('hex')}`);
    }
  };
  try {
    await Promise.all(Array.from({ length: clients }, client));
    return found;
  } finally {
    app.server.closeAllConnections(); // those whose clients left
    await app.close();
    await gateway.close();
  }
}

describe('windows that threads share', () => {
  it('keep their pixels while a tile is drawn from them, however little memory there is and whoever leaves', { timeout: 120_000 }, async () => {
    const alone = await tilesOf({ threads: 0, memory: 256, clients: 3, isFickle: false });
    expect(new Set(alone.values()).size).toBe(TILES.length);
    expect([...alone.values()].every((one) => one.startsWith('200 '))).toBe(true);
    const together = await tilesOf({ threads: 2, memory: 40, clients: 12, isFickle: true });
    expect(TILES.filter((npix) => together.get(npix) !== alone.get(npix))).toEqual([]);
  });

  it.each([0, 2])('with %i threads: tiles far from each other share none, and are asked for by themselves; nothing of that is kept', { timeout: 120_000 }, async (threads) => {
    sizes.length = 0;
    const found = await tilesOf({ threads, memory: 64, clients: 4, isFickle: false });
    expect([...found.values()].every((one) => one.startsWith('200 '))).toBe(true);
    const windows = sizes.filter((size) => size.startsWith('1024x') || size.endsWith('x1024'));
    expect(windows.length).toBeLessThan(sizes.length);
    const kept = readdirSync(path.join(directory, `cache-${threads}-64`), { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.img'));
    expect(kept.length).toBeGreaterThan(0);
    expect(kept.length).toBeLessThanOrEqual(windows.length);
  });
});
