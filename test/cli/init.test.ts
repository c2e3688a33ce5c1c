import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { runCli } from '../../src/cli/program.ts';
import { buildGateway } from '../../src/config/build.ts';
import { loadConfig } from '../../src/config/load.ts';
import { bodyFrame, SKY_FRAMES } from '../../src/geometry/frame/frame.ts';
import { runGateway, type RunningServer } from '../../src/server/running.ts';
import { keptStarter } from '../../src/task/keptStarter.ts';
import { startUpstream, type Upstream } from '../contract/upstreamServer.ts';
import { propertiesText, serveAnalyticHips } from '../support/analyticHips.ts';
import { decoded } from '../support/pictureGateway.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const MOON = path.join(ROOT, 'config/data/moon.jpg');

/** The upstream: this program itself. */
const MOON_YAML = `
services: {hips: , wms: {srs: ['IAU_2015:30100', 'IAU_2015:30130', 'EPSG:4326'], md: {title: Maps of the Moon}}, wmts: , tms: }
layers: [{name: moon, title: "The Moon: ours, it's", sources: [moon_cache], md: {abstract: 'costs $\${nothing}', hips: {hips_order: 2, hips_tile_width: 256}}}]
caches: {moon_cache: {grids: [MOON_GEOGRAPHIC], sources: [moon_image]}}
sources: {moon_image: {type: image, url: ${JSON.stringify(MOON)}, srs: 'IAU_2015:30100', bbox: [-180, -90, 180, 90]}}
`;

const MAP = 'service?SERVICE=WMS&VERSION=1.1.1&REQUEST=GetMap&STYLES=&FORMAT=image/png&WIDTH=240&HEIGHT=120';
/** On the very pixels in which map servers are asked, 360 degrees / 864: nothing is resampled. */
const NEARSIDE = `${MAP.replace('WIDTH=240&HEIGHT=120', 'WIDTH=288&HEIGHT=144')}&SRS=IAU_2015:30100&BBOX=-60,-30,60,30`;

let directory = '';
let origin: RunningServer;
let file = '';
let out = '';
let err = '';
const cleanUp: (() => unknown)[] = [];

beforeAll(async () => {
  directory = mkdtempSync(path.join(tmpdir(), 'hips-gateway-init-'));
  const yaml = path.join(directory, 'origin.yaml');
  writeFileSync(yaml, MOON_YAML);
  origin = await serve(yaml);
});
afterAll(async () => {
  await origin?.close();
  rmSync(directory, { recursive: true, force: true, maxRetries: 5 });
});

beforeEach(() => {
  const own = mkdtempSync(path.join(directory, 'own-'));
  file = path.join(own, 'mapproxy.yaml');
  [out, err] = ['', ''];
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => ((out += String(text)), true));
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => ((err += String(text)), true));
});
afterEach(async () => {
  vi.restoreAllMocks();
  for (const step of cleanUp.splice(0).toReversed()) await step();
});

async function serve(yaml: string): Promise<RunningServer> {
  const gateway = await buildGateway(loadConfig(yaml), { threads: 0, report: (error) => { throw error; } });
  return runGateway(gateway, { host: '127.0.0.1', port: 0, logger: null, graceMs: 100 });
}

/** Writes a starter, which must have no warnings, and serves it. */
async function started(...args: readonly string[]): Promise<RunningServer> {
  expect(await runCli(['init', ...args, '--output', file]), err).toBe(0);
  expect(await runCli(['check', '--strict', file]), err).toBe(0);
  const server = await serve(file);
  cleanUp.push(() => server.close());
  return server;
}

async function upstream(start: Promise<Upstream>): Promise<Upstream> {
  const one = await start;
  cleanUp.push(() => one.close());
  return one;
}

async function picture(server: RunningServer, address: string): Promise<Uint8Array> {
  const answer = await fetch(`${server.url}/${address}`);
  const bytes = new Uint8Array(await answer.arrayBuffer());
  expect(answer.headers.get('content-type'), Buffer.from(bytes).toString('utf8').slice(0, 500)).toMatch(/^image\//);
  return bytes;
}

/** Mean difference of red, green, blue, alpha of two pictures. */
async function difference(a: Uint8Array, b: Uint8Array): Promise<number> {
  const [one, other] = [await decoded(a), await decoded(b)];
  expect([one.width, one.height]).toEqual([other.width, other.height]);
  return one.data.reduce((sum, value, i) => sum + Math.abs(value - other.data[i]!), 0) / one.data.length;
}

describe('init of what this program serves', () => {
  it.each([
    ['a WMS by its address', 'service?', 1],
    ['a WMS by its capabilities', 'service?SERVICE=WMS&REQUEST=GetCapabilities&VERSION=1.1.1', 1],
    ['a HiPS', 'hips/moon/', 8],
    ['a HiPS by its properties', 'hips/moon/properties', 8],
    ['a WMTS', 'wmts/1.0.0/WMTSCapabilities.xml', 2],
    ['a list of HiPS', 'hips/list', 8],
    ['a server of HiPS', '', 8],
  ])('%s serves the same picture', async (_what, address, most) => {
    const server = await started(`${origin.url}/${address}`);
    // A HiPS of order 2 is coarser than the picture that it was made from: hence the larger bound there.
    expect(await difference(await picture(server, `${NEARSIDE}&LAYERS=moon`), await picture(origin, `${NEARSIDE}&LAYERS=moon`))).toBeLessThan(most);
    const pole = `${MAP}&SRS=IAU_2015:30130&BBOX=-1600000,-800000,1600000,800000&LAYERS=moon`;
    expect(await difference(await picture(server, pole), await picture(origin, pole))).toBeLessThan(most);
    const tile = 'hips/moon/Norder0/Dir0/Npix4.png';
    expect((await picture(server, tile)).length).toBeGreaterThan(1000);
    expect((await picture(server, 'wmts/moon/MOON_EQUIRECTANGULAR/0/0/0.png')).length).toBeGreaterThan(1000);
  });

  it('keeps titles as they are, whatever they are made of', async () => {
    await started(`${origin.url}/service?`);
    const [layer] = loadConfig(file).config.layers;
    expect([layer!.title, layer!.abstract]).toEqual(["The Moon: ours, it's", 'costs ${nothing}']);
  });
});

describe('init of other upstreams', () => {
  it('a galactic HiPS of the sky', async () => {
    const hips = await upstream(serveAnalyticHips({ frame: SKY_FRAMES.galactic, order: 1, width: 64, format: 'image/png', properties: {} }));
    const server = await started(hips.url);
    expect(readFileSync(file, 'utf8')).toContain('grids: [GALACTIC_GEOGRAPHIC]');
    const [layer] = [...loadConfig(file).config.sources.keys()];
    const map = await picture(server, `${MAP}&SRS=HIPS:GAL&BBOX=-60,-30,60,30&LAYERS=${layer}`);
    const [min, max] = [Math.min(...(await decoded(map)).data), Math.max(...(await decoded(map)).data)];
    expect([min < 20, max > 240]).toEqual([true, true]);
  });

  it('a WMS 1.1.1 that calls the degrees of Mars EPSG:4326, with --body', async () => {
    const png = await picture(origin, `${NEARSIDE}&LAYERS=moon`);
    const asked: URLSearchParams[] = [];
    const wms = await upstream(startUpstream(async (request, response) => {
      const query = new URL(request.url!, 'http://x').searchParams;
      if (query.get('REQUEST') === 'GetCapabilities') return response.end(OLD_CAPABILITIES(`http://${request.headers.host}/cgi?map=mars&`));
      if (!/getmap/i.test(request.url!)) return response.writeHead(404).end();
      asked.push(query);
      const { width, height } = { width: Number(query.get('width') ?? query.get('WIDTH')), height: Number(query.get('height') ?? query.get('HEIGHT')) };
      const sharp = (await import('sharp')).default;
      return response.writeHead(200, { 'content-type': 'image/png' }).end(await sharp(png).resize(width, height, { fit: 'fill' }).png().toBuffer());
    }));
    const server = await started(`${wms.url}/cgi?map=mars`, '--body', 'mars');
    expect(loadConfig(file).config.sources.get('mola')).toMatchObject({
      type: 'wms', url: `${wms.url}/cgi?map=mars&`, layers: 'MOLA', supported_srs: ['EPSG:4326'], body: 'mars', coverage: { area: { bbox: [-30, -20, 40, 50] } },
    });
    await picture(server, `${MAP}&SRS=IAU_2015:49900&BBOX=-20,-10,20,10&LAYERS=mola`);
    expect(asked.length).toBeGreaterThan(0);
    for (const query of asked) expect(Object.fromEntries([...query].map(([key, value]) => [key.toUpperCase(), value]))).toMatchObject({ LAYERS: 'MOLA', VERSION: '1.1.1', MAP: 'mars' });
  });

  it('what a WMS has besides pictures: dimensions, feature info, a legend; what cannot be written is said', async () => {
    const wms = await upstream(startUpstream((request, response) => (request.url!.includes('GetCapabilities') ? response.end(RICH_CAPABILITIES(`http://${request.headers.host}/`)) : response.writeHead(404).end())));
    expect(await runCli(['init', `${wms.url}/?`, '--body', 'mars', '-o', file]), err).toBe(0);
    const { config, warnings } = loadConfig(file);
    expect(warnings).toEqual([]);
    expect(config.layers[0]).toMatchObject({ dimensions: [
      { name: 'time', values: ['2024-01-01', '2024-02-01', '2024-03-01'], default: '2024-02-01' }, { name: 'elevation', values: ['0', '1000'], default: '1000' }, { name: 'dim_band', values: ['red', 'blue'], default: 'red' },
    ] });
    expect(config.sources.get('dust')).toMatchObject({ forward_req_params: ['time', 'elevation', 'dim_band'], wms_opts: { featureinfo: true, legendurl: `${wms.url}/legend` } });
    expect(readFileSync(file, 'utf8')).toContain("# Left out: dimension 'depth' of 'dust'");
  });

  it('the Earth: web Mercator and degrees', async () => {
    const yaml = path.join(path.dirname(file), 'earth.yaml');
    writeFileSync(yaml, MOON_YAML.replaceAll('IAU_2015:30100', 'EPSG:4326').replace(", 'IAU_2015:30130', 'EPSG:4326']", ", 'EPSG:3857']").replace('MOON_GEOGRAPHIC', 'GLOBAL_WEBMERCATOR'));
    const earth = await serve(yaml);
    cleanUp.push(() => earth.close());
    for (const address of ['service?', 'wmts/1.0.0/WMTSCapabilities.xml']) {
      const server = await started(`${earth.url}/${address}`, '--force');
      expect(readFileSync(file, 'utf8')).toContain('grids: [GLOBAL_WEBMERCATOR, WorldCRS84Quad]');
      const tile = 'wmts/moon/GLOBAL_WEBMERCATOR/2/1/1.png';
      expect(await difference(await picture(server, tile), await picture(earth, tile))).toBeLessThan(2);
      await server.close();
    }
  });

  it('a WMTS with sets that are known and sets that are not', async () => {
    const wmts = await upstream(startUpstream((_request, response) => response.end(readFileSync(path.join(ROOT, 'test/data/wmts/planet.xml')))));
    expect(await runCli(['init', `${wmts.url}/wmts.xml`, '-o', file]), err).toBe(0);
    expect(loadConfig(file).config.sources.get('mola')).toMatchObject({ type: 'wmts', url: `${wmts.url}/wmts.xml`, layer: 'mola', body: 'mars' });
  });

  it('a list: only what is named, pictures of known bodies; says what it left out', async () => {
    const record = (name: string, more: Readonly<Record<string, string>>): string =>
      propertiesText({ frame: bodyFrame('mars'), order: 1, width: 64, format: 'image/png', properties: { creator_did: `ivo://x/${name}`, hips_service_url: `http://example.org/${name}`, obs_title: name, ...more } });
    const list = [record('Mars One', {}), record('Mars two', {}), record('catalog', { dataproduct_type: 'catalog' }), record('what', { hips_frame: 'planet' }), record('mine', { hips_status: 'private master' })].join('\n');
    const node = await upstream(startUpstream((_request, response) => response.end(list)));
    expect(await runCli(['init', `${node.url}/hipslist`, '-o', file]), err).toBe(0);
    expect([...loadConfig(file).config.sources.keys()]).toEqual(['mars_one', 'mars_two']);
    expect(err).toMatch(/left out: .*catalog.*type 'catalog'/);
    expect(err).toMatch(/left out: .*what.*--body/);
    expect(await runCli(['init', '--layer', 'TWO', '--layer', 'nothing', `${node.url}/hipslist`, '-o', file, '--force'])).toBe(0);
    expect([...loadConfig(file).config.sources.keys()]).toEqual(['mars_two']);
    err = '';
    expect(await runCli(['init', `${node.url}/hipslist`, '-o', file, '--force', '--limit', '1'])).toBe(0);
    expect(err).toContain('3 more layers');
    expect(readFileSync(file, 'utf8')).toContain('# Left out: 3 more layers');
  });
});

describe('init of a WMS behind a proxy', () => {
  it('asks where it was found, not where the server believes to be; passwords are not in comments', async () => {
    const wms = await upstream(startUpstream((request, response) => (request.url!.includes('GetCapabilities') ? response.end(OLD_CAPABILITIES('http://10.1.2.3/inside?')) : response.writeHead(404).end())));
    expect(await runCli(['init', `${wms.url.replace('//', '//me:secret@')}/wms?`, '--body', 'mars', '-o', file]), err).toBe(0);
    expect(loadConfig(file).config.sources.get('mola')).toMatchObject({ url: `${wms.url.replace('//', '//me:secret@')}/wms?` });
    expect(readFileSync(file, 'utf8').match(/secret/g)).toHaveLength(1);
  });
});

describe('init of what is on this machine', () => {
  it('a picture of a whole body, by a path from the file', async () => {
    cpSync(MOON, path.join(path.dirname(file), 'moon.jpg'));
    const server = await started(path.join(path.dirname(file), 'moon.jpg'), '--body', 'moon');
    expect(readFileSync(file, 'utf8')).toContain('url: moon.jpg');
    expect(await difference(await picture(server, `${NEARSIDE}&LAYERS=moon`), await picture(origin, `${NEARSIDE}&LAYERS=moon`))).toBeLessThan(0.01);
  });

  it('a picture with a world file and a reference system', async () => {
    const folder = path.dirname(file);
    cpSync(MOON, path.join(folder, 'north.jpg'));
    writeFileSync(path.join(folder, 'north.jgw'), '1000\n0\n0\n-1000\n-2048000\n1024000\n');
    await started(path.join(folder, 'north.jpg'), '--srs', 'IAU_2015:30130');
    expect(loadConfig(file).config.sources.get('north')).toMatchObject({ type: 'image', srs: 'IAU_2015:30130', bbox: null });
  });

  it('the folder of a HiPS that does not name its body', async () => {
    const server = await started(path.join(ROOT, 'test/data/hipsgen-moon'), '--body', 'moon');
    // A HiPS of the same picture that Hipsgen wrote, of order 1 only.
    expect(await difference(await picture(server, `${NEARSIDE}&LAYERS=hipsgen_moon`), await picture(origin, `${NEARSIDE}&LAYERS=moon`))).toBeLessThan(8);
  });

  it('to standard output', async () => {
    vi.spyOn(process, 'cwd').mockReturnValue(path.dirname(file));
    expect(await runCli(['init', MOON, '--body', 'moon', '-o', '-'])).toBe(0);
    writeFileSync(file, out);
    expect(loadConfig(file).warnings).toEqual([]);
  });

  it('serve without a configuration keeps the one that it made, and changes it only where it says something else', async () => {
    vi.spyOn(process, 'cwd').mockReturnValue(path.dirname(file));
    const about = { body: 'moon', srs: null, only: [], limit: 50 };
    const { file: kept } = await keptStarter(MOON, about);
    expect(kept).toMatch(/cache_data\/\w+\.yaml$/);
    const { modified, config } = loadConfig(kept);
    expect(config.globals.cache.base_dir).toBe(path.dirname(kept));
    await keptStarter(MOON, about);
    expect(loadConfig(kept).modified).toEqual(modified);
    const server = await serve(kept);
    cleanUp.push(() => server.close());
    expect(await difference(await picture(server, `${NEARSIDE}&LAYERS=moon`), await picture(origin, `${NEARSIDE}&LAYERS=moon`))).toBeLessThan(0.01);
  });
});

describe('init refuses', () => {
  it('to overwrite, unless it is told to', async () => {
    writeFileSync(file, 'mine');
    expect(await runCli(['init', MOON, '--body', 'moon', '-o', file])).toBe(2);
    expect(err).toMatch(/is there already: --force/);
    expect(readFileSync(file, 'utf8')).toBe('mine');
    expect(await runCli(['init', MOON, '--body', 'moon', '-o', file, '--force'])).toBe(0);
  });

  it.each([
    [[MOON], /which body .*--body moon/],
    [['/nowhere/x.png'], /there is no file or folder/],
    [[path.join(ROOT, 'src')], /not the folder of a HiPS/],
    [[path.join(ROOT, 'README.md')], /no picture that can be read/],
    [[path.join(ROOT, 'test/data/hipsgen-moon')], /does not say which body/],
    [[MOON, '--srs', 'EPSG:1'], /not (?:supported|a coordinate)/],
  ])('%j', async (args, message) => {
    expect(await runCli(['init', ...args, '-o', file])).not.toBe(0);
    expect(err).toMatch(message);
  });

  it('web pages, and nobody', async () => {
    const page = await upstream(startUpstream((_request, response) => response.end('<!doctype html><title>Hello')));
    expect(await runCli(['init', page.url, '-o', file])).toBe(2);
    expect(err).toMatch(/leads neither to a HiPS/);
    await page.close();
    expect(await runCli(['init', page.url, '-o', file])).toBe(1);
  });
});

const OLD_CAPABILITIES = (url: string): string => `<?xml version="1.0"?>
<!DOCTYPE WMT_MS_Capabilities SYSTEM "http://schemas.opengis.net/wms/1.1.1/WMS_MS_Capabilities.dtd">
<WMT_MS_Capabilities version="1.1.1">
<Service><Name>OGC:WMS</Name><Title>Mars &amp; more</Title></Service>
<Capability><Request><GetMap><Format>image/jpeg</Format><Format>image/png</Format>
<DCPType><HTTP><Get><OnlineResource xmlns:xlink="http://www.w3.org/1999/xlink" xlink:href="${url.replaceAll('&', '&amp;')}"/></Get></HTTP></DCPType></GetMap></Request>
<Layer><Title>All</Title><SRS>EPSG:4326 EPSG:99999</SRS>
<Layer><Name>MOLA</Name><Title>MOLA</Title><LatLonBoundingBox minx="-30" miny="-20" maxx="40" maxy="50"/></Layer>
</Layer></Capability></WMT_MS_Capabilities>`;

const RICH_CAPABILITIES = (url: string): string => `<WMS_Capabilities version="1.3.0" xmlns="http://www.opengis.net/wms" xmlns:xlink="http://www.w3.org/1999/xlink">
<Service><Title>t</Title></Service><Capability><Request><GetMap><Format>image/png</Format><DCPType><HTTP><Get><OnlineResource xlink:href="${url}"/></Get></HTTP></DCPType></GetMap></Request>
<Layer queryable="1"><Name>dust</Name><Title>Dust</Title><CRS>EPSG:4326</CRS>
<Dimension name="time" units="ISO8601" default="2024-02-01">2024-01-01/2024-03-01/P1M</Dimension><Dimension name="elevation" units="m" default="now">0,1000</Dimension>
<Dimension name="band" units="" default="red">red,blue</Dimension><Dimension name="depth" units="m">0/100/10</Dimension>
<Style><Name>a</Name><LegendURL><Format>image/png</Format><OnlineResource xlink:href="${url}legend"/></LegendURL></Style></Layer></Capability></WMS_Capabilities>`;
