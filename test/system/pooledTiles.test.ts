import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildGateway } from '../../src/config/build.ts';
import { loadConfig } from '../../src/config/load.ts';
import { cellCount } from '../../src/geometry/healpix/morton.ts';
import { bodyFrame } from '../../src/geometry/frame/frame.ts';
import { formatTilePath } from '../../src/protocol/hips/path.ts';
import { createSharpCodec } from '../../src/raster/codec/sharp.ts';
import { createApp } from '../../src/server/app.ts';
import { propertiesText } from '../support/analyticHips.ts';

/**
 * Tiles that a thread decoded lie in memory which it uses again and again. Danger: a map shows a tile that another map asked for, because
 * the memory of one of its tiles was given to that while it was being drawn, or while clients come and go.
 */
const ORDER = 2;
const WIDTH = 64;
/** What a thread may keep: a quarter of this for two threads, eight tiles each, where a map takes up to some dozens. */
const MEMORY_MB = 1;
const codec = createSharpCodec({ maxPixels: 1e7 });
let directory: string;

beforeAll(async () => {
  directory = mkdtempSync(path.join(tmpdir(), 'tiles-'));
  writeFileSync(path.join(directory, 'properties'), propertiesText({ frame: bodyFrame('moon'), order: ORDER, width: WIDTH, format: 'image/png' }));
  for (let order = 0; order <= ORDER; order++) {
    for (let npix = 0; npix < cellCount(order); npix++) {
      const file = path.join(directory, `${formatTilePath(order, npix)}.png`);
      mkdirSync(path.dirname(file), { recursive: true });
      // A colour of its own for each tile.
      const data = new Uint8Array(new Uint32Array(WIDTH * WIDTH).fill(0xff000000 | (((npix + 1) * 0x9e3779 + order * 0x51ed27) & 0xffffff)).buffer);
      writeFileSync(file, await codec.encode({ width: WIDTH, height: WIDTH, data, opaque: true }, 'image/png', { quality: 90, background: 0 }));
    }
  }
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

/** Maps of a quarter of the globe and of less, here and there. */
const MAPS = Array.from({ length: 60 }, (_, i) => {
  const degrees = [90, 30, 60][i % 3]!;
  const [west, south] = [-180 + ((i * 67) % (360 - degrees)), -90 + ((i * 41) % (180 - degrees))];
  return `/service?SERVICE=WMS&VERSION=1.1.1&REQUEST=GetMap&LAYERS=moon&STYLES=&SRS=IAU_2015:30100&BBOX=${west},${south},${west + degrees},${south + degrees}&WIDTH=200&HEIGHT=200&FORMAT=image/png`;
});

async function inGateway(threads: number, use: (get: (address: string) => Promise<Buffer>, url: string) => Promise<void>): Promise<void> {
  const file = path.join(directory, `gateway-${threads}.yaml`);
  writeFileSync(file, `
services: {wms: {srs: ['IAU_2015:30100']}}
layers: [{name: moon, title: Moon, sources: [hips]}]
sources: {hips: {type: hips, url: ${JSON.stringify(directory)}, body: moon, resampling_method: nearest}}
server: {limits: {memory_cache_mb: ${MEMORY_MB}}}
globals: {cache: {base_dir: ./cache-${threads}}}
`);
  const gateway = await buildGateway(loadConfig(file), { threads, report: (error) => { throw error; } });
  const app = createApp(gateway, { logger: null });
  const url = await app.listen({ port: 0, host: '127.0.0.1' });
  try {
    await use(async (address) => {
      const answer = await fetch(url + address);
      expect(answer.status).toBe(200);
      return Buffer.from(await answer.arrayBuffer());
    }, url);
  } finally {
    await app.close();
    await gateway.close();
  }
}

describe('tiles that threads decode', () => {
  it('are those of the map, whatever else is drawn meanwhile and whoever leaves', async () => {
    const expected: Buffer[] = [];
    await inGateway(0, async (get) => {
      for (const map of MAPS) expected.push(await get(map));
    });
    expect(new Set(expected.map((bytes) => bytes.toString('base64'))).size).toBeGreaterThan(MAPS.length / 2);
    await inGateway(2, async (get, url) => {
      for (let round = 0; round < 3; round++) {
        const leaving = MAPS.map((map, i) => fetch(url + map.replace('WIDTH=200', 'WIDTH=201'), { signal: AbortSignal.timeout(5 + (i % 40)) }).then(() => {}, () => {}));
        const all = await Promise.all(MAPS.map(get));
        await Promise.all(leaving);
        all.forEach((bytes, i) => expect(Buffer.compare(bytes, expected[i]!), MAPS[i]).toBe(0));
      }
    });
  });
});
