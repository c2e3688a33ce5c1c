import { rmSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildGateway } from '../../src/config/build.ts';
import { crsOf } from '../../src/geometry/crs/registry.ts';
import { bodyFrame, SKY_FRAMES, type Frame } from '../../src/geometry/frame/frame.ts';
import { crsLatticeOfBbox } from '../../src/geometry/lattice/crsLattice.ts';
import type { PixelGrid } from '../../src/geometry/lattice/types.ts';
import { hipsGrid } from '../../src/geometry/pyramid/hips.ts';
import { parseProperties } from '../../src/protocol/hips/properties.ts';
import { createApp } from '../../src/server/app.ts';
import { loadText } from '../config/loadText.ts';
import type { Upstream } from '../contract/upstreamServer.ts';
import { codec, compareToField, serveAnalyticHips } from '../support/analyticHips.ts';

/**
 * One server for four worlds: Mars, the Moon, the Earth and the sky in galactic coordinates, each a HiPS of the same field in its own
 * frame. Dangers: a map drawn from another world's HiPS, the sky's rotation forgotten or given to a body, reference systems offered or
 * answered for a layer of another body.
 */
const WORLDS: readonly { readonly name: string; readonly frame: Frame }[] = [
  { name: 'mars', frame: bodyFrame('mars') },
  { name: 'moon', frame: bodyFrame('moon') },
  { name: 'earth', frame: bodyFrame('earth') },
  { name: 'sky', frame: SKY_FRAMES.galactic },
];
/** Pixels of the upstream: 29 arc minutes. */
const UPSTREAM = { order: 1, width: 128, format: 'image/png' } as const;

const upstreams = new Map<string, Upstream>();
let app: FastifyInstance;
let address: string;
let directory: string;
let closeGateway: () => unknown;

beforeAll(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'hips-gateway-worlds-'));
  for (const { name, frame } of WORLDS) upstreams.set(name, await serveAnalyticHips({ frame, ...UPSTREAM, properties: { hips_order_min: '0' } }));
  const gateway = await buildGateway(loadText(`
globals: {cache: {base_dir: ${directory}}}
services: {hips: , wms: {}, wmts: {}}
layers:
${WORLDS.map(({ name }) => `  - {name: ${name}, title: ${name}, sources: [${name}], md: {hips: {hips_tile_width: 128}}}`).join('\n')}
  - {name: mars_tiles, title: mars tiles, tile_sources: [mars_cache]}
  - {name: moon_tiles, title: moon tiles, tile_sources: [moon_cache]}
caches:
  mars_cache: {sources: [mars], grids: [mars_grid], disable_storage: true}
  moon_cache: {sources: [moon], grids: [moon_grid], disable_storage: true}
grids:
  mars_grid: {srs: 'IAU_2015:49900', bbox: [-180, -90, 180, 90], origin: nw, num_levels: 4}
  moon_grid: {srs: 'IAU_2015:30100', bbox: [-180, -90, 180, 90], origin: nw, num_levels: 4}
sources:
${WORLDS.map(({ name }) => `  ${name}: {type: hips, url: '${upstreams.get(name)!.url}'}`).join('\n')}
`), { threads: 0, report: () => {} });
  closeGateway = () => gateway.close();
  app = createApp(gateway, { logger: null });
  address = await app.listen({ host: '127.0.0.1', port: 0 });
});

afterAll(async () => {
  await app.close();
  await closeGateway();
  for (const upstream of upstreams.values()) await upstream.close();
  rmSync(directory, { recursive: true, force: true, maxRetries: 5 });
});

async function get(pathAndQuery: string): Promise<{ readonly status: number; readonly bytes: Buffer; readonly text: string }> {
  const answer = await fetch(`${address}${pathAndQuery}`);
  const bytes = Buffer.from(await answer.arrayBuffer());
  return { status: answer.status, bytes, text: bytes.toString() };
}

function tilesAsked(): { readonly [world: string]: number } {
  return Object.fromEntries([...upstreams].map(([name, { requests }]) => [name, requests.filter((each) => each.startsWith('/Norder')).length]));
}

/** Which upstreams were asked for tiles meanwhile. */
async function askedBy(work: () => Promise<void>): Promise<readonly string[]> {
  const before = tilesAsked();
  await work();
  return Object.entries(tilesAsked()).flatMap(([name, count]) => (count > before[name]! ? [name] : []));
}

/** The picture of an address is the field, in place to a fiftieth of an upstream pixel. */
async function expectField(pathAndQuery: string, grid: PixelGrid): Promise<void> {
  const { status, bytes, text } = await get(pathAndQuery);
  expect(status, text.slice(0, 600)).toBe(200);
  const picture = await codec.decode(bytes);
  expect([picture.width, picture.height]).toEqual([grid.width, grid.height]);
  const found = compareToField(picture, grid);
  expect(found.pixels).toBeGreaterThan(0.7 * grid.width * grid.height);
  expect(found.mean).toBeLessThanOrEqual(1);
  expect(found.shift).toBeLessThanOrEqual(0.02 * 0.0085);
}

/** GetMap of a window in x, y order of the plane; WMS 1.1.1 swaps nothing. */
function mapOf(layer: string, srs: string, bbox: readonly [number, number, number, number], width: number, height: number): { readonly url: string; readonly grid: PixelGrid } {
  const url = `/service?SERVICE=WMS&VERSION=1.1.1&REQUEST=GetMap&LAYERS=${layer}&STYLES=&SRS=${encodeURIComponent(srs)}&BBOX=${bbox.join(',')}&WIDTH=${width}&HEIGHT=${height}&FORMAT=image/png`;
  return { url, grid: { lattice: crsLatticeOfBbox(crsOf(srs), bbox, width, height), chart: 0, col: 0, row: 0, width, height } };
}

describe('four worlds in one YAML', () => {
  it.each([
    ['mars', 'IAU_2015:49900', [20, -30, 80, 30]],
    ['mars', 'IAU_2015:49930', [-1_500_000, -1_500_000, 1_500_000, 1_500_000]],
    ['moon', 'IAU_2015:30100', [150, -30, 210, 30]],
    ['moon', 'IAU_2015:30165', [-1_000_000, -1_000_000, 1_000_000, 1_000_000]],
    ['earth', 'EPSG:4326', [-30, 20, 30, 80]],
    ['earth', 'EPSG:3857', [-3_000_000, -3_000_000, 3_000_000, 3_000_000]],
    ['sky', 'HIPS:GAL', [-30, -30, 30, 30]],
    ['sky', 'HIPS:ICRS', [60, 0, 120, 60]],
  ] as const)('a map of %s in %s is its field, and nobody else is asked', async (world, srs, bbox) => {
    const { url, grid } = mapOf(world, srs, bbox, 240, 240);
    const asked = await askedBy(() => expectField(url, grid));
    expect(asked.filter((name) => name !== world)).toEqual([]);
  });

  it.each([['mars_tiles', 'mars_grid', 'IAU_2015:49900'], ['moon_tiles', 'moon_grid', 'IAU_2015:30100']])('tiles of %s are its field', async (layer, set, srs) => {
    for (const [z, x, y] of [[2, 1, 1], [3, 6, 1], [3, 0, 2]] as const) {
      const size = 360 / 2 ** z;
      const bbox = [-180 + x * size, 90 - (y + 1) * size, -180 + (x + 1) * size, 90 - y * size] as const;
      await expectField(`/wmts/${layer}/${set}/${z}/${x}/${y}.png`, { lattice: crsLatticeOfBbox(crsOf(srs), bbox, 256, 256), chart: 0, col: 0, row: 0, width: 256, height: 256 });
    }
  });

  it.each(WORLDS.map((world) => [world.name, world.frame] as const))('the HiPS of %s is in its own frame', async (name, frame) => {
    const properties = parseProperties((await get(`/hips/${name}/properties`)).text);
    expect(properties.frame).toEqual(frame);
    await expectField(`/hips/${name}/Norder1/Dir0/Npix19.png`, hipsGrid(frame, { order: 1, npix: 19 }, UPSTREAM.width));
  });

  it('the capabilities have one parent per body, whose reference systems are its own', async () => {
    const { text } = await get('/service?SERVICE=WMS&VERSION=1.3.0&REQUEST=GetCapabilities');
    const parents = text.split(/<Layer(?: queryable="\d")?>\s*<Title>/).slice(2).filter((part) => !/^\s*(?:mars|moon|earth|sky)/.test(part));
    expect(parents.length).toBe(4);
    for (const [name, own, others] of [['mars', 'IAU_2015:49900', ['IAU_2015:30100', 'EPSG:3857', 'HIPS:']], ['moon', 'IAU_2015:30100', ['IAU_2015:49900', 'EPSG:3857', 'HIPS:']], ['earth', 'EPSG:3857', ['IAU_2015', 'HIPS:']], ['sky', 'HIPS:GAL', ['IAU_2015', 'EPSG:3857']]] as const) {
      const at = text.indexOf(`<Name>${name}</Name>`);
      const layer = text.slice(text.lastIndexOf('<Layer', at), text.indexOf('</Layer>', at));
      const parent = parents.find((part) => part.includes(`<Name>${name}</Name>`)) ?? '';
      const listed = `${parent.slice(0, parent.indexOf('<Layer'))}${layer}`;
      expect(listed, name).toContain(own);
      for (const other of others) expect(listed, `${name}: ${other}`).not.toContain(`<CRS>${other}`);
    }
  });

  it('a reference system of another body is refused by name, for a layer and for two layers at once; nobody is asked', async () => {
    const asked = await askedBy(async () => {
      for (const [layers, srs, names] of [
        ['moon', 'IAU_2015:49900', ['moon', 'mars']], ['mars', 'HIPS:ICRS', ['mars']], ['sky', 'IAU_2015:30100', ['moon']],
        ['earth', 'IAU_2015:49900', ['earth', 'mars']], ['mars,moon', 'IAU_2015:49900', ['moon']],
      ] as const) {
        const { status, text } = await get(mapOf(layers, srs, [0, 0, 10, 10], 64, 64).url);
        expect([status, /code="(\w+)"/.exec(text)?.[1]], `${layers} in ${srs}`).toEqual([400, 'InvalidSRS']);
        for (const name of names) expect(text.toLowerCase()).toContain(name);
      }
    });
    expect(asked).toEqual([]);
  });
});
