import { readdirSync, utimesSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createSharpCodec } from '../../src/raster/codec/sharp.ts';
import { startUpstream, type Upstream } from '../contract/upstreamServer.ts';
import { pictureGateway, plainPicture, type PictureGateway } from '../support/pictureGateway.ts';

/**
 * An upstream that goes down in the night. Dangers: tiles that are stored turn into errors, old ones are kept by proxies for days after it is
 * up again, each client waits for it to answer.
 */
const codec = createSharpCodec({ maxPixels: 1e8 });
let upstream: Upstream;
let isDown = false;
let colour: readonly [number, number, number, number] = [10, 20, 30, 255];
let served: PictureGateway;
const heard: string[] = [];

beforeAll(async () => {
  upstream = await startUpstream(async (request, response) => {
    if (isDown) return void response.writeHead(503).end();
    const query = new URL(request.url!, 'http://x').searchParams;
    const png = await codec.encode({ ...plainPicture(Number(query.get('WIDTH')), Number(query.get('HEIGHT')), colour), opaque: true }, 'image/png', { quality: 90, background: 0 });
    response.writeHead(200, { 'content-type': 'image/png' }).end(png);
  });
  const written = `
services: {tms: , wmts: }
layers: [{name: l, title: L, sources: [c]}, {name: other, title: O, sources: [d]}]
caches:
  c: {grids: [GLOBAL_GEODETIC], sources: [s], refresh_before: {hours: 1}, meta_size: [1, 1], meta_buffer: 0, cache: {type: file, directory: tiles}}
  d: {grids: [GLOBAL_GEODETIC], sources: [answered], meta_size: [1, 1], meta_buffer: 0, cache: {type: file, directory: others}}
sources:
  s: {type: wms, req: {url: '${upstream.url}/?', layers: a}, supported_srs: ['EPSG:4326']}
  answered: {type: wms, req: {url: '${upstream.url}/?', layers: a}, supported_srs: ['EPSG:4326'], on_error: {503: {response: '#ff0000', cache: true}}}
globals: {cache: {base_dir: base}, http: {tries: 1}}
server: {limits: {memory_cache_mb: 0}}
`;
  served = await pictureGateway(written, {}, { report: (error) => heard.push(String(error)) });
});
afterAll(async () => {
  await served.close();
  await upstream.close();
});

const get = (col: number, layer = 'l') => served.app.inject(`/tiles/${layer}/GLOBAL_GEODETIC/4/${col}/0.png`);

/** Makes all stored tiles older than the limit. */
function age(): void {
  const past = new Date(Date.now() - 2 * 3_600_000);
  const folder = path.join(served.directory, 'tiles');
  for (const file of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (file.isFile()) utimesSync(path.join(file.parentPath, file.name), past, past);
  }
}

describe('while the upstream is down', () => {
  it('stored tiles are sent on, marked as stale, and kept by nobody; then made again', async () => {
    const first = await get(1);
    expect([first.statusCode, first.headers['cache-control'], first.headers['warning'], first.headers['age']]).toEqual([200, 'public, max-age=259200', undefined, undefined]);
    age();
    isDown = true;
    const stale = await get(1);
    expect([stale.statusCode, stale.headers['cache-control'], stale.headers['warning']]).toEqual([200, 'no-cache', '111 - "Revalidation Failed"']);
    expect(Number(stale.headers['age'])).toBeGreaterThanOrEqual(7200);
    expect(stale.rawPayload.equals(first.rawPayload)).toBe(true);
    const again = await served.app.inject({ url: '/tiles/l/GLOBAL_GEODETIC/4/1/0.png', headers: { 'if-none-match': String(stale.headers['etag']) } });
    expect([again.statusCode, again.headers['warning']]).toEqual([304, '111 - "Revalidation Failed"']);
    expect(heard).toEqual([expect.stringContaining('503'), expect.stringContaining('503')]); // nobody else would notice before the tiles are very old
    isDown = false;
    colour = [200, 20, 30, 255];
    const fresh = await get(1);
    expect([fresh.statusCode, fresh.headers['cache-control'], fresh.headers['warning']]).toEqual([200, 'public, max-age=259200', undefined]);
    expect(fresh.rawPayload.equals(first.rawPayload)).toBe(false);
  });

  it('it is not asked for each tile; it is as soon as it is up again', async () => {
    isDown = true;
    upstream.requests.length = 0;
    const statuses: number[] = [];
    for (let col = 2; col < 14; col++) statuses.push((await get(col)).statusCode);
    expect(new Set(statuses)).toEqual(new Set([502]));
    expect(upstream.requests.length).toBe(5);
    isDown = false;
    await new Promise((resolve) => setTimeout(resolve, 1100));
    expect((await get(2)).statusCode).toBe(200);
    expect((await get(3)).statusCode).toBe(200);
  });

  it('answers that the file has for its errors are given as before', async () => {
    isDown = true;
    upstream.requests.length = 0;
    for (let col = 0; col < 8; col++) expect((await get(col, 'other')).statusCode).toBe(200);
    expect(upstream.requests.length).toBe(8);
    isDown = false;
  });
});
