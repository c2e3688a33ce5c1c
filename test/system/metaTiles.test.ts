import { existsSync, readdirSync, rmSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import type { ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { buildGateway } from '../../src/config/build.ts';
import { createSharpCodec } from '../../src/raster/codec/sharp.ts';
import type { Raster } from '../../src/raster/raster.ts';
import type { Gateway } from '../../src/service/types.ts';
import { loadText } from '../config/loadText.ts';
import { startUpstream, type Upstream } from '../contract/upstreamServer.ts';

/**
 * Caches over map servers make their tiles as MapProxy does. Dangers: sixteen requests where one would do, tiles shifted by the buffer or
 * upside down, labels cut at the edges of tiles (no buffer), a broken upstream kept as tiles.
 */
const codec = createSharpCodec({ maxPixels: 1e8 });
const never = new AbortController().signal;

/** Red grows with x, green with y, in 200 steps over the whole world; blue tells the layer. */
function colourAt(x: number, y: number, layer: string): readonly [number, number, number] {
  return [Math.round(((x + 180) / 360) * 200), Math.round(((y + 90) / 180) * 200), layer === 'base' ? 40 : 220];
}

let upstream: Upstream;
let broken = false;
let directory: string;
const gateways: Gateway[] = [];

async function draw(url: string, response: ServerResponse): Promise<void> {
  const query = new Map([...new URL(url, 'http://x').searchParams].map(([name, value]) => [name.toUpperCase(), value]));
  if (broken) return void response.writeHead(500).end();
  const [minX, minY, maxX, maxY] = query.get('BBOX')!.split(',').map(Number) as [number, number, number, number];
  const [width, height] = [Number(query.get('WIDTH')), Number(query.get('HEIGHT'))];
  const data = new Uint8Array(width * height * 4);
  for (let i = 0; i < width * height; i++) {
    const x = minX + (((i % width) + 0.5) / width) * (maxX - minX);
    const y = maxY - ((Math.floor(i / width) + 0.5) / height) * (maxY - minY);
    data.set([...colourAt(x, y, query.get('LAYERS')!), 255], i * 4);
  }
  response.writeHead(200, { 'content-type': 'image/png' }).end(await codec.encode({ width, height, data, opaque: true }, 'image/png', { quality: 90, background: 0 }));
}

beforeEach(async () => {
  broken = false;
  upstream = await startUpstream((request, response) => draw(request.url!, response));
  directory = await mkdtemp(path.join(tmpdir(), 'hips-gateway-meta-'));
});

afterEach(async () => {
  for (const gateway of gateways.splice(0)) await gateway.close();
  await upstream.close();
  rmSync(directory, { recursive: true, force: true, maxRetries: 5 });
});

interface Opened {
  tile(z: number, col: number, row: number, grid?: string): Promise<Raster>;
}

async function open({ cache = '', sources = '[base]', source = '', threads = 0 }): Promise<Opened> {
  const gateway = await buildGateway(loadText(`
services: {wmts: }
layers: [{name: l, title: L, tile_sources: [c]}]
caches: {c: {grids: [GLOBAL_GEODETIC, GLOBAL_MERCATOR], sources: ${sources}, cache: {type: file, directory: ${directory}/tiles}, ${cache}}}
sources:
  base: {type: wms, req: {url: '${upstream.url}/?', layers: base}, supported_srs: ['EPSG:4326'], ${source}}
  over: {type: wms, req: {url: '${upstream.url}/?', layers: over}, supported_srs: ['EPSG:4326'], image: {opacity: 0.5}, coverage: {bbox: [-180, 0, 0, 90], srs: 'EPSG:4326'}}
globals: {http: {tries: 1}, cache: {base_dir: ${directory}/base}}
`), { threads, report: () => {} });
  gateways.push(gateway);
  const layer = gateway.tiles!.layers.get('l')!;
  return {
    async tile(z, col, row, grid = 'GLOBAL_GEODETIC') {
      const set = layer.sets.find(({ id }) => id === grid)!;
      const tile = await layer.tile(set, { matrix: set.tileMatrices[z]!, col, row }, 'image/png', 1, never);
      return codec.decode(tile!.bytes);
    },
  };
}

const asked = (): readonly { readonly [name: string]: string }[] =>
  upstream.requests.map((url) => Object.fromEntries([...new URL(url, 'http://x').searchParams].map(([name, value]) => [name.toUpperCase(), value])));

const files = (): readonly string[] =>
  existsSync(`${directory}/tiles`) ? readdirSync(`${directory}/tiles`, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile()).map((entry) => entry.name) : [];

/** Tiles of MapProxy's GLOBAL_GEODETIC count from the south-west; every pixel centre of a tile against the upstream's formula. */
function expectTile(tile: Raster, z: number, col: number, row: number): void {
  const cell = 360 / 256 / 2 ** z;
  for (const [px, py] of [[0, 0], [255, 0], [0, 255], [255, 255], [100, 37]] as const) {
    const x = -180 + (col * 256 + px + 0.5) * cell;
    const y = -90 + ((row + 1) * 256 - py - 0.5) * cell;
    expect([...tile.data.subarray((py * 256 + px) * 4, (py * 256 + px) * 4 + 3)], `${px} ${py}`).toEqual(y > 90 ? [255, 255, 255] : [...colourAt(x, y, 'base')]);
  }
}

describe('tiles of a cache over a map server', () => {
  it('come sixteen at a time: one request with the buffer around it, cut at the edge of the grid', async () => {
    const { tile } = await open({});
    expectTile(await tile(4, 5, 2), 4, 5, 2);
    const [request, ...more] = asked();
    expect(more).toEqual([]);
    // MapProxy: tiles 4..7 x 0..3 of 22.5 degrees, 80 pixels of 0.087890625 degrees around them, nothing below -90.
    expect(request).toMatchObject({ LAYERS: 'base', SRS: 'EPSG:4326', BBOX: '-97.03125,-90,7.03125,7.03125', WIDTH: '1184', HEIGHT: '1104', FORMAT: 'image/png' });
    expect(files().length).toBe(16);
    for (const [col, row] of [[4, 0], [7, 0], [4, 3], [7, 3]] as const) expectTile(await tile(4, col, row), 4, col, row);
    expect(asked().length).toBe(1);
  });

  it.each([0, 1])('the same with %d rendering threads: many who ask at once cause one request', async (threads) => {
    const { tile } = await open({ threads });
    const tiles = await Promise.all([[8, 4], [9, 5], [11, 7], [8, 7], [10, 4]].map(async ([col, row]) => ({ col: col!, row: row!, raster: await tile(4, col!, row!) })));
    for (const { col, row, raster } of tiles) expectTile(raster, 4, col, row);
    expect(asked().length).toBe(1);
  });

  it('of another size and without a buffer, in another format', async () => {
    const { tile } = await open({ cache: 'meta_size: [2, 1], meta_buffer: 0, request_format: image/jpeg' });
    expectTile(await tile(2, 3, 1), 2, 3, 1);
    expect(asked()).toMatchObject([{ BBOX: '0,0,180,90', WIDTH: '512', HEIGHT: '256', FORMAT: 'image/jpeg' }]);
    expect(files().length).toBe(2);
  });

  it('a level smaller than a meta tile is one request for the level', async () => {
    const { tile } = await open({});
    await tile(1, 0, 0);
    expect(asked()).toMatchObject([{ BBOX: '-180,-90,180,90', WIDTH: '512', HEIGHT: '256' }]);
    expect(files().length).toBe(2);
  });

  it('of several sources: laid over each other with their opacity, and not asked where a coverage has nothing', async () => {
    const { tile } = await open({ sources: '[base, over]' });
    const north = await tile(3, 1, 3);
    expect(asked().map(({ LAYERS }) => LAYERS).toSorted()).toEqual(['base', 'over']);
    expect(north.data[2]).toBeGreaterThan(126);
    expect(north.data[2]).toBeLessThan(134);
    const south = await tile(4, 14, 0);
    expect(south.data[2]).toBe(40);
    expect(asked().map(({ LAYERS }) => LAYERS).toSorted()).toEqual(['base', 'base', 'over']);
  });

  it('an upstream in trouble leaves no tile behind', async () => {
    const { tile } = await open({});
    broken = true;
    await expect(tile(4, 5, 2)).rejects.toMatchObject({ code: 'UPSTREAM_FAILED' });
    expect(files()).toEqual([]);
    broken = false;
    expectTile(await tile(4, 5, 2), 4, 5, 2);
  });

  it('in a reference system that the map server does not know: drawn by the engine from what it does know', async () => {
    const { tile } = await open({});
    const raster = await tile(1, 0, 0, 'GLOBAL_MERCATOR');
    expect(new Set(asked().map(({ SRS }) => SRS))).toEqual(new Set(['EPSG:4326']));
    const [x, y] = [-180 + (100.5 / 256) * 180, (Math.atan(Math.sinh(((155.5 / 256) - 1) * Math.PI)) * 180) / Math.PI];
    const at = ((255 - 155) * 256 + 100) * 4;
    const [red, green] = colourAt(x, y, 'base');
    expect(Math.abs(raster.data[at]! - red)).toBeLessThanOrEqual(1);
    expect(Math.abs(raster.data[at + 1]! - green)).toBeLessThanOrEqual(1);
  });
});
