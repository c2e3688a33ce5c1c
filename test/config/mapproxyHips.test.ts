import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildGateway } from '../../src/config/build.ts';
import { formatPath } from '../../src/config/issue.ts';
import { crsOnFrame } from '../../src/geometry/crs/alias.ts';
import { crsOf } from '../../src/geometry/crs/registry.ts';
import { bodyFrame } from '../../src/geometry/frame/frame.ts';
import { crsLatticeOfBbox } from '../../src/geometry/lattice/crsLattice.ts';
import type { PixelGrid } from '../../src/geometry/lattice/types.ts';
import type { Raster } from '../../src/raster/raster.ts';
import { createApp } from '../../src/server/app.ts';
import type { Gateway } from '../../src/service/types.ts';
import type { Upstream } from '../contract/upstreamServer.ts';
import { codec, compareToField, serveAnalyticHips } from '../support/analyticHips.ts';
import { loadText } from './loadText.ts';

/**
 * Danger: somebody moves here from mapproxy_hips with one of its two examples of `type: hips`, and it does not load, or shows
 * something else. The HiPS is a smooth field on Mars that nothing of the engine made; what docs/from-mapproxy.md says of the files
 * is tried too.
 */
const FIXTURES = fileURLToPath(new URL('fixtures/', import.meta.url));
const MARS = bodyFrame('mars');
const ORDER = 1;
const WIDTH = 256;
const SIDE = 256;
/** Width of a pixel of an order of this HiPS, radians. */
const sourcePixel = (order: number): number => Math.sqrt((4 * Math.PI) / 12) / 2 ** order / WIDTH;

let upstream: Upstream;
beforeAll(async () => {
  const properties = { hips_body: 'mars', hips_frame: 'planet' };
  upstream = await serveAnalyticHips({ frame: MARS, order: ORDER, width: WIDTH, format: 'image/jpeg', properties });
});
afterAll(() => upstream.close());

interface Running {
  readonly app: FastifyInstance;
  close(): Promise<void>;
}

function start(name: string): Promise<Running> {
  return startText(readFileSync(path.join(FIXTURES, name), 'utf8'));
}

async function startText(text: string): Promise<Running> {
  const cache = mkdtempSync(path.join(tmpdir(), 'hips-gateway-cache-'));
  const loaded = loadText(text, { MARS_HIPS: upstream.url, CACHE: cache });
  const gateway = await buildGateway(loaded, { threads: 0, report: (error) => { throw error; } });
  const app = createApp(gateway, { logger: null });
  return {
    app,
    async close() {
      await app.close();
      await gateway.close();
      rmSync(cache, { recursive: true });
    },
  };
}

function gridOf(srs: string, bbox: readonly [number, number, number, number], height = SIDE): PixelGrid {
  return { lattice: crsLatticeOfBbox(crsOnFrame(crsOf(srs), MARS)!, bbox, SIDE, height), chart: 0, col: 0, row: 0, width: SIDE, height };
}

async function pictureAt({ app }: Running, url: string): Promise<Raster> {
  const answer = await app.inject(url);
  expect([url, answer.statusCode, answer.headers['content-type']]).toEqual([url, 200, 'image/png']);
  const picture = await codec.decode(answer.rawPayload);
  expect([picture.width, picture.height]).toEqual([SIDE, SIDE]);
  return picture;
}

/**
 * The field over a grid, each pixel of it the mean over its area; the HiPS is JPEG, and a pixel of the coarsest map spans a quarter of
 * a wave. @param order of the tiles that are read
 * @param contrast least part of the field's that is left: pixels that were halved are means of means, which lose a little of so fine a
 * wave; what is off beyond that is `mean`
 */
function expectField(picture: Raster, grid: PixelGrid, order: number, mean: number, contrast: number): void {
  const found = compareToField(picture, grid, { samples: 4 });
  expect(found.pixels).toBe(grid.width * grid.height);
  expect(found.contrast).toBeGreaterThanOrEqual(contrast);
  expect(found.meanAtContrast).toBeLessThanOrEqual(mean);
  expect(found.shift).toBeLessThanOrEqual(0.02 * sourcePixel(order));
}

const FILES = [
  { file: 'mapproxyHips4326.yaml', degrees: 'EPSG:4326', polar: 'IAU_2015:49930' },
  { file: 'mapproxyHips49900.yaml', degrees: 'IAU_2015:49900', polar: 'IAU_2015:49931' },
] as const;

describe.each(FILES)("mapproxy_hips' example of a HiPS source in $degrees", ({ file, degrees, polar }) => {
  let running: Running;
  beforeAll(async () => {
    running = await start(file);
  });
  afterAll(() => running.close());

  it('/wmts/mars_hips/geodetic/0/0/0.png: Mars in the upper half, nothing below the south pole', async () => {
    const picture = await pictureAt(running, '/wmts/mars_hips/geodetic/0/0/0.png');
    expectField(picture, gridOf(degrees, [-180, -90, 180, 90], SIDE / 2), 0, 3, 0.92);
    const alpha = picture.data.filter((_, i) => i % 4 === 3);
    expect(alpha.subarray(0, alpha.length / 2).every((value) => value === 255)).toBe(true);
    expect(alpha.subarray(alpha.length / 2).every((value) => value === 0)).toBe(true);
  });

  it('/wmts/mars_hips_north_polar/north_polar/0/0/0.png: 4000 km around the pole', async () => {
    const picture = await pictureAt(running, '/wmts/mars_hips_north_polar/north_polar/0/0/0.png');
    expectField(picture, gridOf(polar, [-4e6, -4e6, 4e6, 4e6]), 0, 2, 0.97);
  });

  it('tiles as fine as the HiPS', async () => {
    expectField(await pictureAt(running, '/wmts/mars_hips/geodetic/4/8/4.png'), gridOf(degrees, [0, -22.5, 22.5, 0]), 1, 1, 0.99);
    expectField(await pictureAt(running, '/wmts/mars_hips_north_polar/north_polar/2/1/2.png'), gridOf(polar, [-2e6, -2e6, 0, 0]), 1, 1, 0.99);
  });

  it('/tiles by the name of the grid, rows from the top as the file says', async () => {
    const [tile, wmts] = await Promise.all(['/tiles/mars_hips/geodetic/4/8/4.png', '/wmts/mars_hips/geodetic/4/8/4.png'].map((url) => running.app.inject(url)));
    expect(tile!.rawPayload.equals(wmts!.rawPayload)).toBe(true);
  });

  it('WMS maps of the layer without a cache', async () => {
    const url = `/service?SERVICE=WMS&VERSION=1.1.1&REQUEST=GetMap&LAYERS=mars_hips_direct&STYLES=&SRS=${degrees}&BBOX=-20,-10,0,10&WIDTH=256&HEIGHT=256&FORMAT=image/png`;
    expectField(await pictureAt(running, url), gridOf(degrees, [-20, -10, 0, 10]), 1, 1, 0.99);
  });
});

describe('what may have to change', () => {
  it('`body` names the planet of a HiPS that does not: the same tile, to the byte', async () => {
    const silent = await serveAnalyticHips({ frame: MARS, order: ORDER, width: WIDTH, format: 'image/jpeg', properties: { hips_frame: 'equatorial' } });
    const text = readFileSync(path.join(FIXTURES, 'mapproxyHips49900.yaml'), 'utf8').replace(/^( *)url: .*$/m, `$1url: ${silent.url}\n$1body: mars`);
    const running = [await start('mapproxyHips49900.yaml'), await startText(text)];
    const [named, told] = await Promise.all(running.map(({ app }) => app.inject('/wmts/mars_hips/geodetic/0/0/0.png')));
    for (const { close } of running) await close();
    await silent.close();
    expect(told!.rawPayload.equals(named!.rawPayload)).toBe(true);
  });

  it('`check --report` says what docs/from-mapproxy.md says that it does (danger: a document of an older version)', () => {
    const text = readFileSync(fileURLToPath(new URL('../../docs/from-mapproxy.md', import.meta.url)), 'utf8');
    const [, yaml = ''] = /^### A HiPS as WMS.*?^```yaml\n(.*?)^```/ms.exec(text) ?? [];
    const shown = [...text.matchAll(/^(?:honoured|approximated|inert) .*$/gm)].map(([line]) => line.replaceAll(/ +/g, ' '));
    const report = loadText(yaml).options.map(({ status, line, column, path: at, note }) => `${status} mars.yaml:${line}:${column} ${formatPath(at)}${note === '' ? '' : `: ${note}`}`);
    expect(shown.length).toBeGreaterThan(4);
    expect(shown.filter((line) => !report.includes(line))).toEqual([]);
  });

  it('a grid in a reference system of the Earth is refused on Mars, with the names of both (danger: metres of another body)', async () => {
    const text = readFileSync(path.join(FIXTURES, 'mapproxyHips4326.yaml'), 'utf8').replaceAll('IAU_2015:49930', 'EPSG:32661');
    const loaded = loadText(text, { MARS_HIPS: upstream.url, CACHE: 'unused' });
    const built: Promise<Gateway> = buildGateway(loaded, { threads: 0, report: () => {} });
    await expect(built).rejects.toThrow(/EPSG:32661 shows 'earth', the layer shows 'mars'/);
  });
});
