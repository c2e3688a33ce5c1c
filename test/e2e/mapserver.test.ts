import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Gateway, getBytes, startGateway } from './support/gateway.ts';
import { type MapServer, startMapServer, type WmsRequest } from './support/mapserver.ts';
import { keep, MOON_JPG } from './support/moon.ts';
import { difference, readPicture } from './support/pixels.ts';

/** A gateway configuration with one HiPS, `moon`, on the given source. */
function configuration(source: string): string {
  return `
services: {hips: {}}
layers: [{name: moon, title: The Moon, sources: [moon_source], md: {hips: {hips_order: 3, hips_body: moon, hips_frame: moon}}}]
sources:
  moon_source: ${source}
globals: {cache: {base_dir: ./cache_data}}
`;
}

type Version = '1.1.1' | '1.3.0';

/** One version is asked in the Moon's own reference system, the other in the EPSG:4326 that older servers use for every body. */
const REFERENCE_SYSTEM: { readonly [version in Version]: string } = {
  '1.1.1': "supported_srs: ['EPSG:4326'], srs_override: 'IAU_2015:30100'",
  '1.3.0': "supported_srs: ['IAU_2015:30100']",
};

function wmsSource(upstream: MapServer, version: Version): string {
  return `{type: wms, req: {url: '${upstream.url}', layers: moon}, wms_opts: {version: ${version}}, ${REFERENCE_SYSTEM[version]}}`;
}

const imageSource = `{type: image, url: '${MOON_JPG}', srs: 'IAU_2015:30100', bbox: [-180, -90, 180, 90]}`;

/**
 * Largest mean difference, of 255, between tiles made from the image and from the WMS. What remains (0.5 to 1.4) is MapServer's
 * bilinear against our own resampling; half a pixel of the image out of place makes 3 in a tile of order 3.
 */
const MEAN_DIFFERENCE = 2;

/** Area and resolution of a GetMap, degrees. WMS 1.3.0 counts latitude first. */
interface Area {
  readonly west: number;
  readonly south: number;
  readonly east: number;
  readonly north: number;
  readonly degreesPerCol: number;
  readonly degreesPerRow: number;
}

function areaOf(request: WmsRequest): Area {
  const numbers = (request.get('BBOX') ?? '').split(',').map(Number);
  const [west, south, east, north] = request.get('VERSION') === '1.3.0' ? [1, 0, 3, 2].map((i) => numbers[i]!) : numbers;
  const area = { west: west!, south: south!, east: east!, north: north! };
  const degreesPerCol = (area.east - area.west) / Number(request.get('WIDTH'));
  const degreesPerRow = (area.north - area.south) / Number(request.get('HEIGHT'));
  return { ...area, degreesPerCol, degreesPerRow };
}

function sameResolution(a: Area, b: Area): boolean {
  const near = (x: number, y: number): boolean => Math.abs(x / y - 1) < 1e-6;
  return near(a.degreesPerCol, b.degreesPerCol) && near(a.degreesPerRow, b.degreesPerRow);
}

/** Whether two areas share more than a hundredth of a pixel. */
function overlap(a: Area, b: Area): boolean {
  const cols = Math.min(a.east, b.east) - Math.max(a.west, b.west);
  const rows = Math.min(a.north, b.north) - Math.max(a.south, b.south);
  return cols > a.degreesPerCol / 100 && rows > a.degreesPerRow / 100;
}

function maps(upstream: MapServer): WmsRequest[] {
  return upstream.requests.filter((request) => request.get('REQUEST') === 'GetMap');
}

let upstream: MapServer;
beforeAll(async () => {
  upstream = await startMapServer('moon', MOON_JPG);
});
afterAll(async () => {
  await upstream?.stop();
});
beforeEach(() => {
  upstream.requests.length = 0;
});

/** A new gateway with empty caches for one case. */
async function withGateway(source: string, work: (gateway: Gateway) => Promise<void>): Promise<void> {
  const gateway = await startGateway({ text: configuration(source) });
  try {
    await work(gateway);
  } finally {
    await gateway.stop();
  }
}

describe.each<Version>(['1.1.1', '1.3.0'])("MapServer's WMS %s as a HiPS", (version) => {
  it('gives the tiles that the image itself gives', async () => {
    await withGateway(imageSource, async (image) => {
      await withGateway(wmsSource(upstream, version), async (wms) => {
        // Equator, pole, date line, mid latitude; whole base cells too.
        for (const tile of ['Norder3/Dir0/Npix283', 'Norder3/Dir0/Npix63', 'Norder3/Dir0/Npix432', 'Norder2/Dir0/Npix20', 'Norder0/Dir0/Npix4']) {
          const [a, b] = await Promise.all([image, wms].map(({ url }) => getBytes(`${url}/hips/moon/${tile}.png`)));
          await keep(`mapserver-${version}-${tile.replaceAll('/', '-')}.png`, b!);
          const { mean } = difference(await readPicture(a!), await readPicture(b!));
          console.log(`WMS ${version} ${tile}: mean difference ${mean.toFixed(2)} of 255`);
          expect(mean, tile).toBeLessThan(MEAN_DIFFERENCE);
        }
      });
    });
    expect(new Set(maps(upstream).map((request) => request.get('VERSION')))).toEqual(new Set([version]));
  });

  it('makes an Allsky of order 3 from at most 16 requests', async () => {
    await withGateway(wmsSource(upstream, version), async ({ url }) => {
      const allsky = await getBytes(`${url}/hips/moon/Norder3/Allsky.jpg`);
      await keep(`mapserver-${version}-Allsky.jpg`, allsky);
      const { width, height } = await readPicture(allsky);
      expect([width, height]).toEqual([1728, 1856]);
      console.log(`WMS ${version}: Allsky from ${maps(upstream).length} requests`);
      expect(maps(upstream).length).toBeLessThanOrEqual(16);
    });
  });
});

describe('the load on the upstream', () => {
  it('never asks for one area twice while all 192 tiles of order 2 are made, four at a time', async () => {
    await withGateway(wmsSource(upstream, '1.3.0'), async ({ url }) => {
      let next = 0;
      const walk = async (): Promise<void> => {
        for (let npix = next++; npix < 192; npix = next++) await getBytes(`${url}/hips/moon/Norder2/Dir0/Npix${npix}.jpg`);
      };
      await Promise.all([walk(), walk(), walk(), walk()]);
    });
    const areas = maps(upstream).map(areaOf);
    console.log(`192 tiles of order 2 from ${areas.length} requests`);
    expect(areas.length).toBeGreaterThan(0);
    const twice = areas.flatMap((a, i) => areas.slice(i + 1).flatMap((b) => (sameResolution(a, b) && overlap(a, b) ? [[a, b]] : [])));
    expect(twice).toEqual([]);
  });
});

describe('a map server that dies', () => {
  const tiles = [0, 17, 40, 63, 100, 131, 160, 191].map((npix) => `Norder2/Dir0/Npix${npix}.jpg`);

  it('yields 502 or 504, never a blank tile, and whole tiles once it is back', async () => {
    await withGateway(wmsSource(upstream, '1.3.0'), async (whole) => {
      const expected = await Promise.all(tiles.map((tile) => getBytes(`${whole.url}/hips/moon/${tile}`)));
      await withGateway(wmsSource(upstream, '1.3.0'), async ({ url }) => {
        const ask = async (tile: string): Promise<{ readonly status: number; readonly bytes: Uint8Array }> => {
          const answer = await fetch(`${url}/hips/moon/${tile}`);
          return { status: answer.status, bytes: new Uint8Array(await answer.arrayBuffer()) };
        };
        expect((await ask(tiles[0]!)).status).toBe(200);
        const running = Promise.all(tiles.map(ask));
        await new Promise((resolve) => setTimeout(resolve, 30));
        await upstream.die();
        const during = await running;
        const later = await Promise.all(tiles.map(ask));
        await upstream.revive();
        for (const [i, { status, bytes }] of [...during, ...later].entries()) {
          if (status === 200) expect(Buffer.compare(bytes, expected[i % tiles.length]!)).toBe(0);
          else expect([502, 504]).toContain(status);
          if (status !== 200) expect(new TextDecoder().decode(bytes)).not.toContain('127.0.0.1');
        }
        expect(later[0]!.status, 'what is cached goes on being served').toBe(200);
        expect(later.some(({ status }) => status !== 200), 'the death was felt').toBe(true);
        for (const [i, tile] of tiles.entries()) expect(Buffer.compare(await until200(() => ask(tile)), expected[i]!), tile).toBe(0);
      });
    });
  });
});

/** Asks again for up to 30 s: a gateway may leave a failing upstream alone for a while. */
async function until200(ask: () => Promise<{ readonly status: number; readonly bytes: Uint8Array }>): Promise<Uint8Array> {
  const end = performance.now() + 30_000;
  for (;;) {
    const { status, bytes } = await ask();
    if (status === 200) return bytes;
    if (performance.now() > end) throw new Error(`still ${status} after 30 s`);
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
}
