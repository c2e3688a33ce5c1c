import { rmSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { FastifyInstance } from 'fastify';
import { afterEach, describe, expect, it } from 'vitest';
import { buildGateway } from '../../src/config/build.ts';
import type { ConfigError } from '../../src/config/issue.ts';
import { bodyFrame, SKY_FRAMES } from '../../src/geometry/frame/frame.ts';
import { hipsGrid } from '../../src/geometry/pyramid/hips.ts';
import { parseProperties } from '../../src/protocol/hips/properties.ts';
import { createApp } from '../../src/server/app.ts';
import { runGateway } from '../../src/server/running.ts';
import type { Gateway } from '../../src/service/types.ts';
import { loadText } from '../config/loadText.ts';
import { startUpstream, type Upstream } from '../contract/upstreamServer.ts';
import { analyticTile, codec, compareToField, propertiesText, serveAnalyticHips } from '../support/analyticHips.ts';
import { freePort } from '../support/freePort.ts';
import { moonPicture } from '../support/moon.ts';
import { compareTile, sampleGlobal } from '../support/reference.ts';

const HIPSGEN = fileURLToPath(new URL('../data/hipsgen-moon', import.meta.url));
const MOON = fileURLToPath(new URL('../../config/data/moon.jpg', import.meta.url));
const icrs = SKY_FRAMES.icrs;

const cleanUp: (() => unknown)[] = [];
afterEach(async () => {
  for (const step of cleanUp.splice(0).toReversed()) await step();
});

async function cacheDirectory(): Promise<string> {
  const directory = await mkdtemp(path.join(tmpdir(), 'hips-gateway-cache-'));
  cleanUp.push(() => rmSync(directory, { recursive: true, force: true, maxRetries: 5 }));
  return directory;
}

async function gatewayOf(yaml: string, { threads = 0 } = {}): Promise<Gateway> {
  const loaded = loadText(`${yaml}\nglobals: {cache: {base_dir: ${await cacheDirectory()}}}\n`);
  const gateway = await buildGateway(loaded, { threads, report: () => {} });
  cleanUp.push(() => gateway.close());
  return gateway;
}

async function appOf(yaml: string, options = {}): Promise<FastifyInstance> {
  const app = createApp(await gatewayOf(yaml, options), { logger: null });
  cleanUp.push(() => app.close());
  return app;
}

async function upstreamOf(handler: Parameters<typeof startUpstream>[0]): Promise<Upstream> {
  const upstream = await startUpstream(handler);
  cleanUp.push(() => upstream.close());
  return upstream;
}

async function waves(frame = icrs): Promise<Upstream> {
  const upstream = await serveAnalyticHips({ frame, order: 2, width: 128, format: 'image/png', properties: { obs_copyright: 'Neptune', obs_title: 'Great waves', client_category: 'Sea', hips_order_min: '0' } });
  cleanUp.push(() => upstream.close());
  return upstream;
}

const tilesAsked = (upstream: Upstream): string[] => upstream.requests.filter((each) => each.startsWith('/Norder'));

describe('a layer of one HiPS, as HiPS', () => {
  it('sends the tiles of the upstream as they are, in its own format, frame and tile width', async () => {
    const upstream = await waves();
    const app = await appOf(`
services: {hips: }
layers: [{name: sea, sources: [waves], md: {hips: {hips_tile_width: 128}}}]
sources: {waves: {type: hips, url: '${upstream.url}'}}
`);
    const direct = await (await fetch(`${upstream.url}/Norder2/Dir0/Npix77.png`)).arrayBuffer();
    for (let twice = 0; twice < 2; twice++) {
      const answer = await app.inject('/hips/sea/Norder2/Dir0/Npix77.png');
      expect(answer.statusCode).toBe(200);
      expect(answer.rawPayload.equals(Buffer.from(direct))).toBe(true);
    }
    expect(tilesAsked(upstream)).toEqual(['/Norder2/Dir0/Npix77.png', '/Norder2/Dir0/Npix77.png']);
    expect((await app.inject('/hips/sea/Norder2/Dir0/Npix77.webp')).headers['content-type']).toBe('image/webp');
  });

  it('hands on what describes the data, not what describes the files', async () => {
    const upstream = await waves();
    const app = await appOf(`
services: {hips: {authority: example.org}}
layers:
  - {name: sea, sources: [waves], md: {hips: {hips_tile_width: 128, obs_copyright: Poseidon}}}
  - {name: lake, title: A lake, sources: [waves], md: {hips: {passthrough_properties: false}}}
sources: {waves: {type: hips, url: '${upstream.url}'}}
`);
    const sea = parseProperties((await app.inject('/hips/sea/properties')).body);
    expect([sea.title, sea.copyright, sea.keys.get('client_category'), sea.order, sea.tileWidth]).toEqual(['Great waves', 'Poseidon', 'Sea', 2, 128]);
    expect([sea.creatorDid, sea.keys.get('hips_status')]).toEqual(['ivo://example.org/P/sea', 'public master unclonable']);
    expect(sea.releaseDate).toEqual(new Date('2024-05-06T07:08Z'));
    const lake = parseProperties((await app.inject('/hips/lake/properties')).body);
    expect([lake.title, lake.copyright, lake.tileWidth, lake.order]).toEqual(['A lake', null, 512, 0]);
  });

  it('in another frame and tile width it is drawn anew, exactly', async () => {
    const upstream = await waves();
    const app = await appOf(`
services: {hips: }
layers: [{name: sea, sources: [waves], md: {hips: {hips_frame: galactic, hips_tile_width: 256}}}]
sources: {waves: {type: hips, url: '${upstream.url}'}}
`);
    expect(parseProperties((await app.inject('/hips/sea/properties')).body)).toMatchObject({ order: 1, tileWidth: 256, frame: SKY_FRAMES.galactic });
    const answer = await app.inject('/hips/sea/Norder1/Dir0/Npix30.png');
    const grid = hipsGrid(SKY_FRAMES.galactic, { order: 1, npix: 30 }, 256);
    const found = compareToField(await codec.decode(answer.rawPayload), grid);
    expect(found.mean).toBeLessThanOrEqual(0.6);
    expect(found.shift).toBeLessThan(0.02 * 0.002);
  });

  it('is neither asked nor offered outside the coverage that the operator gives, in whatever system', async () => {
    const upstream = await waves();
    const app = await appOf(`
services: {hips: }
layers:
  - {name: east, sources: [east], md: {hips: {hips_tile_width: 128}}}
  - {name: galaxy, sources: [galaxy], md: {hips: {hips_tile_width: 128}}}
sources:
  east: {type: hips, url: '${upstream.url}', coverage: {bbox: [10, -20, 80, 20]}}
  galaxy: {type: hips, url: '${upstream.url}', coverage: {bbox: [-20, -5, 20, 5], srs: 'HIPS:GAL'}}
`);
    // Base cell 4 lies around longitude 0, base cell 5 around 90, base cell 6 around 180; the galactic centre at (266, -29).
    const status = async (layer: string, npix: number): Promise<number> => (await app.inject(`/hips/${layer}/Norder0/Dir0/Npix${npix}.png`)).statusCode;
    expect(await Promise.all([4, 5, 6].map((npix) => status('east', npix)))).toEqual([200, 200, 404]);
    expect(await Promise.all([7, 10, 5, 4].map((npix) => status('galaxy', npix)))).toEqual([200, 200, 404, 404]);
    expect(tilesAsked(upstream).length).toBe(4);
  });

  it('a tile that the upstream does not have is drawn from its ancestor', async () => {
    const upstream = await upstreamOf(async (request, response) => {
      if (request.url === '/properties') return response.end(propertiesText({ frame: icrs, order: 2, width: 128, format: 'image/png' }));
      if (request.url !== '/Norder1/Dir0/Npix10.png') return response.writeHead(404).end();
      return response.end(await codec.encode(analyticTile(icrs, 1, 10, 128), 'image/png', { quality: 100, background: 0 }));
    });
    const app = await appOf(`
services: {hips: }
layers: [{name: sea, sources: [waves], md: {hips: {hips_tile_width: 128}}}]
sources: {waves: {type: hips, url: '${upstream.url}'}}
`);
    const answer = await app.inject('/hips/sea/Norder2/Dir0/Npix42.png');
    expect((await codec.decode(answer.rawPayload)).data[3 + 4 * (64 * 128 + 64)]).toBe(255);
  });

  it('a failing upstream is 502, without its address, and nothing is kept of it', async () => {
    let down = true;
    const upstream = await upstreamOf(async (request, response) => {
      if (request.url === '/properties') return response.end(propertiesText({ frame: icrs, order: 2, width: 128, format: 'image/png' }));
      if (down || !request.url?.startsWith('/Norder')) return response.writeHead(down ? 500 : 404).end();
      return response.end(await codec.encode(analyticTile(icrs, 1, 10, 128), 'image/png', { quality: 100, background: 0 }));
    });
    const app = await appOf(`
services: {hips: }
layers: [{name: sea, sources: [waves], md: {hips: {hips_tile_width: 128}}}]
sources: {waves: {type: hips, url: '${upstream.url}', http: {tries: 1}}}
`);
    const failed = await app.inject('/hips/sea/Norder1/Dir0/Npix10.png');
    expect(failed.statusCode).toBe(502);
    expect(failed.body).not.toContain('127.0.0.1');
    down = false;
    expect((await app.inject('/hips/sea/Norder1/Dir0/Npix10.png')).statusCode).toBe(200);
  });
});

describe('the header of a HiPS', () => {
  it('is asked for once at a start, however many layers, services and threads read the HiPS', async () => {
    const upstream = await waves(bodyFrame('moon'));
    const gateway = await gatewayOf(`
services: {hips: , wms: , wmts: }
layers:
  - {name: sea, sources: [waves], md: {hips: {hips_body: moon}}}
  - {name: lake, sources: [kept]}
sources: {waves: {type: hips, url: '${upstream.url}', body: moon}}
caches: {kept: {grids: [MOON_GEOGRAPHIC], sources: [waves]}}
`, { threads: 2 });
    gateway.warmUp();
    const app = createApp(gateway, { logger: null });
    cleanUp.push(() => app.close());
    expect((await app.inject('/hips/sea/Norder0/Dir0/Npix4.webp')).statusCode).toBe(200);
    expect(upstream.requests.filter((each) => !each.startsWith('/Norder')).sort()).toEqual(['/Moc.fits', '/properties']);
  });
});

describe('a HiPS written by Hipsgen, from a directory', () => {
  const yaml = `
services: {hips: {resampling_method: bilinear}}
layers: [{name: moon, sources: [hipsgen]}, {name: wide, sources: [hipsgen], md: {hips: {hips_tile_width: 256}}}]
sources: {hipsgen: {type: hips, url: ${HIPSGEN}, body: moon}}
`;

  it('hands on its files, and says what it is', async () => {
    const app = await appOf(yaml);
    const properties = parseProperties((await app.inject('/hips/moon/properties')).body);
    expect(properties).toMatchObject({ order: 2, tileWidth: 512, frame: bodyFrame('moon') });
    const tile = await app.inject('/hips/moon/Norder1/Dir0/Npix17.jpg');
    expect(tile.rawPayload.length).toBe(69_860);
  });

  it('shows the Moon where the Moon is: craters under the right pixels, at each base cell that is there', async () => {
    const app = await appOf(yaml);
    const field = sampleGlobal(await moonPicture());
    for (const npix of [0, 2, 16, 19, 24, 33]) {
      // Order 2 tiles of 256 pixels have the very pixels of order 1 tiles of 512.
      for (const child of [0, 3]) {
        const raster = await codec.decode((await app.inject(`/hips/wide/Norder2/Dir0/Npix${npix * 4 + child}.png`)).rawPayload);
        const found = compareTile(raster, field, { order: 2, npix: npix * 4 + child, samples: 4, stride: 3, counts: () => true });
        expect(found.mean, `order 2, ${npix * 4 + child}`).toBeLessThan(6);
        const mirrored = compareTile(raster, (lon, lat, out) => field(-lon, lat, out), { order: 2, npix: npix * 4 + child, samples: 4, stride: 3, counts: () => true });
        expect(mirrored.mean, `mirrored, order 2, ${npix * 4 + child}`).toBeGreaterThan(2 * found.mean);
      }
    }
  });

  it('magnifies what is missing: order 2 is announced, and not there', async () => {
    const app = await appOf(yaml);
    const raster = await codec.decode((await app.inject('/hips/moon/Norder2/Dir0/Npix68.png')).rawPayload);
    const field = sampleGlobal(await moonPicture());
    expect(compareTile(raster, field, { order: 2, npix: 68, samples: 1, stride: 3, counts: () => true }).mean).toBeLessThan(8);
  });

  it('needs the body, and the message says where', async () => {
    const error = await gatewayOf(yaml.replace(', body: moon', '')).catch((thrown: ConfigError) => thrown);
    expect((error as ConfigError).issues).toMatchObject([{ line: 4, path: ['sources', 'hipsgen', 'body'], message: expect.stringContaining('planet') }]);
  });
});

describe('mistakes', () => {
  it('no HiPS at the address: the place of the url', async () => {
    const upstream = await upstreamOf((_request, response) => response.writeHead(404).end());
    const error = await gatewayOf(`
services: {hips: }
layers: [{name: sea, sources: [waves]}]
sources:
  waves:
    type: hips
    url: ${upstream.url}
`).catch((thrown: ConfigError) => thrown);
    expect((error as ConfigError).issues).toMatchObject([{ line: 7, path: ['sources', 'waves', 'url'], message: expect.stringContaining('no HiPS') }]);
  });

  it('an upstream that is down and of which nothing is said: the place of the url, and what to say', async () => {
    const upstream = await upstreamOf((_request, response) => response.writeHead(503).end());
    const error = await gatewayOf(`
services: {hips: }
layers: [{name: sea, sources: [waves]}]
sources: {waves: {type: hips, url: '${upstream.url}', http: {tries: 1}}}
`).catch((thrown: ConfigError) => thrown);
    expect((error as ConfigError).issues).toMatchObject([{ line: 4, message: expect.stringContaining('give its body or frame') }]);
  });

  it('a HiPS of another body than its layer', async () => {
    const upstream = await waves(bodyFrame('mars'));
    const error = await gatewayOf(`
services: {hips: }
layers: [{name: sea, sources: [waves], md: {hips: {hips_body: moon}}}]
sources: {waves: {type: hips, url: '${upstream.url}'}}
`).catch((thrown: ConfigError) => thrown);
    expect((error as ConfigError).issues).toMatchObject([{ line: 3, message: expect.stringContaining('mars') }]);
  });
});

describe('a gateway that reads its own HiPS', () => {
  for (const threads of [0, 2]) {
    it(`starts at once, serves both, and finds the way when it is up (${threads} threads)`, async () => {
      const port = await freePort();
      const gateway = await gatewayOf(`
services: {hips: }
layers:
  - {name: moon, sources: [picture], md: {hips: {hips_order: 2, hips_body: moon}}}
  - {name: again, sources: [self], md: {hips: {hips_order: 2, hips_tile_width: 256}}}
sources:
  picture: {type: image, url: ${MOON}, srs: 'IAU_2015:30100', bbox: [-180, -90, 180, 90]}
  self: {type: hips, url: 'http://127.0.0.1:${port}/hips/moon', body: moon}
`, { threads });
      const server = await runGateway(gateway, { host: '127.0.0.1', port, logger: null, graceMs: 1000 });
      cleanUp.push(() => server.close());
      const tile = await fetch(`http://127.0.0.1:${port}/hips/again/Norder2/Dir0/Npix68.png`);
      expect(tile.status).toBe(200);
      const raster = await codec.decode(new Uint8Array(await tile.arrayBuffer()));
      const field = sampleGlobal(await moonPicture());
      expect(compareTile(raster, field, { order: 2, npix: 68, samples: 4, stride: 3, counts: () => true }).mean).toBeLessThan(4);
    });
  }
});
