import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SKY_FRAMES, bodyFrame } from '../../src/geometry/frame/frame.ts';
import { createMemoryStore } from '../../src/io/cache/store/memory.ts';
import type { TileStore } from '../../src/io/cache/types.ts';
import { createHttpClient, type HttpClient } from '../../src/io/net/http.ts';
import { createHipsSource, type HipsSource, type HipsSourceOptions } from '../../src/io/source/hips.ts';
import { hipsOnTheWeb } from '../../src/io/source/hipsFiles.ts';
import { hipsAddressOf, hipsPatch } from '../../src/io/source/hipsTiling.ts';
import { mocOfCells } from '../../src/protocol/hips/moc.ts';
import { formatMocFits } from '../../src/protocol/hips/mocFits.ts';
import type { ImageFormat } from '../../src/raster/format.ts';
import type { Raster } from '../../src/raster/raster.ts';
import { startUpstream, type Upstream } from '../contract/upstreamServer.ts';
import { analyticTile, codec, compareToField, propertiesText } from '../support/analyticHips.ts';

/** What an upstream answers for a path: a body, a status, or a body with a status. */
type Answer = string | Uint8Array | number | { readonly status: number; readonly headers?: Record<string, string>; readonly body?: string | Uint8Array };
type Files = (path: string) => Answer | undefined | Promise<Answer | undefined>;

const WIDTH = 64;
const icrs = SKY_FRAMES.icrs;
const never = new AbortController().signal;
let http: HttpClient;
let open: Upstream[];
let reports: unknown[];

beforeEach(() => {
  http = createHttpClient({ tries: 1, timeoutMs: 2000 });
  open = [];
  reports = [];
});
afterEach(async () => {
  await http.close();
  for (const upstream of open) await upstream.close();
});

/** An upstream of files; whatever `files` does not know is a 404. */
async function serve(files: Files): Promise<Upstream> {
  const upstream = await startUpstream(async (request, response) => {
    const answer = (await files((request.url ?? '').slice(1))) ?? 404;
    if (typeof answer === 'number') response.writeHead(answer).end();
    else if (typeof answer === 'object' && 'status' in answer) response.writeHead(answer.status, answer.headers).end(answer.body);
    else response.end(answer);
  });
  open.push(upstream);
  return upstream;
}

function source(urls: readonly string[], options: Partial<HipsSourceOptions> = {}): Promise<HipsSource> {
  return createHipsSource({
    hasty: null,
    id: 'waves', files: hipsOnTheWeb(http, urls), frame: null, order: null, tileWidth: null, format: null, transparent: null,
    clip: null, usualFrame: null, store: null, keepTiles: true, cache: 'waves', codec, decodedCacheBytes: 1e8, report: (error) => reports.push(error),
    ...options,
  });
}

const ENCODING = { quality: 100, background: 0 };
const HIPS = { frame: icrs, order: 3, width: WIDTH, format: 'image/png' } as const;
const properties = (more: Record<string, string> = {}): string => propertiesText({ ...HIPS, properties: more });

function addressIn(path: string): { order: number; npix: number; extension: string } | null {
  const match = /^Norder(\d+)\/Dir\d+\/Npix(\d+)\.(\w+)$/.exec(path);
  return match === null ? null : { order: Number(match[1]), npix: Number(match[2]), extension: match[3]! };
}

/** The tile of the field at a path, if its extension is that of the format. */
async function fieldTile(path: string, format: ImageFormat = 'image/png', width = WIDTH): Promise<Uint8Array | undefined> {
  const address = addressIn(path);
  if (address === null || address.extension !== { 'image/png': 'png', 'image/jpeg': 'jpg', 'image/webp': 'webp', 'image/avif': 'avif' }[format]) return undefined;
  return codec.encode(analyticTile(icrs, address.order, address.npix, width), format, ENCODING);
}

/** A HiPS with every tile for which `has` is true. */
const hips = (has: (order: number, npix: number) => boolean = () => true, more: Record<string, string> = {}): Files => async (path) => {
  if (path === 'properties') return properties(more);
  const address = addressIn(path);
  return address !== null && has(address.order, address.npix) ? fieldTile(path) : undefined;
};

const tile = (order: number, npix: number, width = WIDTH) => hipsPatch(icrs, { order, npix }, width);
const NAME = (order: number, npix: number, extension = 'png'): string => `/Norder${order}/Dir0/Npix${npix}.${extension}`;
const tilesAsked = (upstream: Upstream): string[] => upstream.requests.filter((path) => path.startsWith('/Norder'));

/** How a tile differs from the field. */
const errorOf = (raster: Raster | null, order: number, npix: number) => compareToField(raster!, tile(order, npix).grid);

describe('what is asked of the upstream', () => {
  it('properties and Moc.fits once, then exactly the tiles wanted, once each (danger: an upstream asked per client)', async () => {
    const upstream = await serve(hips());
    const waves = await source([upstream.url]);
    await Promise.all([waves.fetch(tile(2, 5), never), waves.fetch(tile(2, 5), never), waves.fetch(tile(2, 6), never)]);
    await waves.fetch(tile(2, 5), never);
    expect([...upstream.requests].sort()).toEqual(['/Moc.fits', NAME(2, 5), NAME(2, 6), '/properties'].sort());
    expect(waves.description?.title).toBe('Waves');
    expect(waves.tiling.frame).toEqual(icrs);
    expect(waves.tiling.levels.length).toBe(4);
  });

  it('tiles side by side, but never more than the client has places (danger: single hosts run over)', async () => {
    let [now, most] = [0, 0];
    const files = hips();
    const upstream = await serve(async (path) => {
      most = Math.max(most, path.startsWith('Norder') ? ++now : now);
      await new Promise((resolve) => setTimeout(resolve, 20));
      now -= path.startsWith('Norder') ? 1 : 0;
      return files(path);
    });
    const narrow = createHttpClient({ concurrency: 3 });
    const waves = await source([upstream.url], { files: hipsOnTheWeb(narrow, [upstream.url]) });
    await Promise.all(Array.from({ length: 12 }, (_, npix) => waves.fetch(tile(0, npix), never)));
    await narrow.close();
    expect(most).toBe(3);
  });

  it('nothing after a restart: tiles and holes are kept on disk, the header is read anew (danger: a crawl at each start)', async () => {
    const upstream = await serve(hips((order, npix) => npix !== 7 && order > 0));
    const store = createMemoryStore(1e8);
    for (let start = 0; start < 2; start++) {
      const waves = await source([upstream.url], { store });
      await waves.fetch(tile(1, 5), never);
      await waves.fetch(tile(1, 7), never);
    }
    expect(upstream.requests.filter((path) => path === '/properties').length).toBe(2);
    expect(new Set(tilesAsked(upstream)).size).toBe(tilesAsked(upstream).length);
  });

  it('everything anew when the HiPS has a new release date (danger: old tiles for ever)', async () => {
    let released = '2024-01-01T00:00Z';
    const upstream = await serve((path) => hips(() => true, { hips_release_date: released })(path));
    const store = createMemoryStore(1e8);
    await (await source([upstream.url], { store })).fetch(tile(1, 5), never);
    released = '2024-01-02T00:00Z';
    await (await source([upstream.url], { store })).fetch(tile(1, 5), never);
    expect(tilesAsked(upstream)).toEqual([NAME(1, 5), NAME(1, 5)]);
  });

  it('never the addresses that the HiPS publishes (danger: a stranger makes us ask our own network)', async () => {
    const inside = await serve(hips());
    const upstream = await serve(hips((order) => order > 5, { hips_service_url: inside.url, hips_service_url_1: inside.url }));
    await (await source([upstream.url])).fetch(tile(1, 5), never);
    expect(inside.requests).toEqual([]);
  });

  it('where a redirect leads', async () => {
    const target = await serve(hips());
    const upstream = await serve((path) => ({ status: 301, headers: { location: `${target.url}/${path}` } }));
    const waves = await source([upstream.url]);
    expect(errorOf(await waves.fetch(tile(2, 9), never), 2, 9).max).toBeLessThanOrEqual(0.51);
  });

  it('the address of the properties file and a trailing slash mean the HiPS', async () => {
    const upstream = await serve(hips());
    await source([`${upstream.url}/properties`]);
    await source([`${upstream.url}/`]);
    expect(new Set(upstream.requests)).toEqual(new Set(['/properties', '/Moc.fits']));
  });
});

describe('mirrors', () => {
  it('the next one serves while one is down, is slow or answers 5xx, and that one is asked last from then on', async () => {
    const down = await serve((path) => (path === 'properties' || path === 'Moc.fits' ? hips()(path) : 503));
    const good = await serve(hips());
    const waves = await source([down.url, good.url]);
    for (const npix of [1, 2, 3]) expect(await waves.fetch(tile(1, npix), never)).not.toBeNull();
    expect(tilesAsked(down)).toEqual([NAME(1, 1)]);
    expect(tilesAsked(good)).toEqual([1, 2, 3].map((npix) => NAME(1, npix)));
  });

  it('a start with the first address refused takes the second', async () => {
    const gone = await serve(hips());
    await gone.close();
    open.pop();
    const good = await serve(hips());
    expect((await source([gone.url, good.url])).description?.order).toBe(3);
  });

  it('a hole is a hole: 404 does not go on to the mirrors (danger: holes cost as many requests as there are mirrors)', async () => {
    const first = await serve(hips(() => false));
    const second = await serve(hips(() => false));
    expect(await (await source([first.url, second.url])).fetch(tile(3, 9), never)).toBeNull();
    expect(second.requests).toEqual([]);
  });

  it('all down is trouble, told as such and not kept (danger: a blank map because of a short failure)', async () => {
    let down = true;
    const upstream = await serve((path) => (down && path.startsWith('Norder') ? 502 : hips()(path)));
    const waves = await source([upstream.url], { store: createMemoryStore(1e7) });
    await expect(waves.fetch(tile(1, 5), never)).rejects.toMatchObject({ code: 'UPSTREAM_FAILED' });
    down = false;
    expect(errorOf(await waves.fetch(tile(1, 5), never), 1, 5).max).toBeLessThanOrEqual(0.51);
  });
});

describe('formats', () => {
  it('jpeg for pictures that cover everything, png where something is missing (danger: black sky round a survey)', async () => {
    const offered = { hips_tile_format: 'jpeg png' };
    const whole = await serve(async (path) => (path === 'properties' ? properties(offered) : fieldTile(path, 'image/jpeg')));
    await (await source([whole.url])).fetch(tile(1, 5), never);
    expect(tilesAsked(whole)).toEqual([NAME(1, 5, 'jpg')]);
    const partial = await serve(async (path) => (path === 'properties' ? properties({ ...offered, moc_sky_fraction: '0.4' }) : fieldTile(path)));
    await (await source([partial.url])).fetch(tile(1, 5), never);
    expect(tilesAsked(partial)).toEqual([NAME(1, 5)]);
  });

  it('the next one when the first is missing or refused; from then on nothing is asked for twice', async () => {
    for (const refusal of [404, 415]) {
      const upstream = await serve(async (path) => {
        if (path === 'properties') return properties({ hips_tile_format: 'jpeg webp' });
        if (path.endsWith('.jpg')) return refusal;
        return path.includes('Npix9') ? 404 : fieldTile(path, 'image/webp');
      });
      const waves = await source([upstream.url]);
      expect(await waves.fetch(tile(0, 5), never)).not.toBeNull();
      expect(await waves.fetch(tile(0, 6), never)).not.toBeNull();
      expect(tilesAsked(upstream)).toEqual([NAME(0, 5, 'jpg'), NAME(0, 5, 'webp'), NAME(0, 6, 'webp')]);
    }
  });

  it('all refused is trouble, not a hole', async () => {
    const upstream = await serve((path) => (path === 'properties' ? properties({ hips_tile_format: 'jpeg png' }) : 415));
    const waves = await source([upstream.url]);
    for (let twice = 0; twice < 2; twice++) await expect(waves.fetch(tile(0, 5), never)).rejects.toMatchObject({ code: 'UPSTREAM_FAILED' });
  });

  it("the operator's wish first, even one that the properties do not name", async () => {
    const upstream = await serve(async (path) => (path === 'properties' ? properties({ hips_tile_format: 'jpeg' }) : fieldTile(path, 'image/webp')));
    await (await source([upstream.url], { format: 'webp' })).fetch(tile(1, 5), never);
    expect(tilesAsked(upstream)).toEqual([NAME(1, 5, 'webp')]);
  });

  it('alpha is kept, colours are premultiplied once (danger: black where there is nothing)', async () => {
    const data = new Uint8Array(WIDTH * WIDTH * 4).map((_, i) => [100, 50, 20, 128][i % 4]!);
    const png = await codec.encode({ width: WIDTH, height: WIDTH, data, opaque: false }, 'image/png', ENCODING);
    const upstream = await serve((path) => (path === 'properties' ? properties() : png));
    const raster = await (await source([upstream.url])).fetch(tile(1, 5), never);
    expect([...raster!.data.subarray(0, 4)]).toEqual([100, 50, 20, 128]);
  });

  it('a tile of another size than announced is resized to it', async () => {
    const upstream = await serve(async (path) => (path === 'properties' ? properties() : fieldTile(path, 'image/png', 2 * WIDTH)));
    const raster = await (await source([upstream.url])).fetch(tile(3, 100), never);
    expect([raster!.width, raster!.height]).toEqual([WIDTH, WIDTH]);
    expect(errorOf(raster, 3, 100).mean).toBeLessThan(0.5);
  });

  it('what is no picture is trouble and never kept, whatever its status (danger: "not found" pages as map)', async () => {
    let page = true;
    const upstream = await serve((path) => (page && path.startsWith('Norder') ? '<html>Not found</html>' : hips()(path)));
    const store = createMemoryStore(1e7);
    const waves = await source([upstream.url], { store });
    await expect(waves.fetch(tile(1, 5), never)).rejects.toMatchObject({ code: 'UPSTREAM_FAILED' });
    page = false;
    expect(await waves.fetch(tile(1, 5), never)).not.toBeNull();
  });

  it('a tile cut short is trouble and never kept (danger: half a tile for ever)', async () => {
    for (const format of ['image/png', 'image/jpeg', 'image/webp'] as const) {
      let cut = true;
      const upstream = await serve(async (path) => {
        if (path === 'properties') return properties({ hips_tile_format: format.slice(6) });
        const bytes = await fieldTile(path, format);
        return cut ? bytes?.subarray(0, Math.floor(bytes.length / 2)) : bytes;
      });
      const waves = await source([upstream.url], { store: createMemoryStore(1e7) });
      await expect(waves.fetch(tile(1, 5), never)).rejects.toMatchObject({ code: 'UPSTREAM_FAILED' });
      cut = false;
      expect(await waves.fetch(tile(1, 5), never)).not.toBeNull();
    }
  });
});

describe('holes', () => {
  for (const { name, answer } of [
    { name: '404', answer: 404 }, { name: '403 of an object store', answer: 403 }, { name: '204', answer: 204 }, { name: 'an empty 200', answer: '' },
  ] satisfies { name: string; answer: Answer }[]) {
    it(`${name}: nothing there, remembered`, async () => {
      const upstream = await serve((path) => (path === 'properties' ? properties() : answer));
      const waves = await source([upstream.url]);
      for (let twice = 0; twice < 2; twice++) expect(await waves.fetch(tile(3, 100), never)).toBeNull();
      expect(new Set(tilesAsked(upstream)).size).toBe(tilesAsked(upstream).length);
    });
  }

  it('are looked at in the coverage first (danger: thousands of requests for an empty sky)', async () => {
    const moc = formatMocFits(mocOfCells([{ order: 1, npix: 5 }]), { frame: icrs });
    const upstream = await serve((path) => (path === 'Moc.fits' ? moc : hips()(path)));
    const waves = await source([upstream.url]);
    expect(waves.tiling.patchAt(0, 0, 0, 0)).toBeNull();
    expect(await waves.fetch(tile(3, 90), never)).not.toBeNull();
    expect(await waves.fetch(tile(3, 300), never)).toBeNull();
    expect(tilesAsked(upstream)).toEqual([NAME(3, 90)]);
  });

  it('an ICRS coverage beside a galactic HiPS is turned, never made smaller', async () => {
    const moc = formatMocFits(mocOfCells([{ order: 3, npix: 200 }]), { frame: icrs });
    const upstream = await serve((path) => (path === 'Moc.fits' ? moc : hips(() => true, { hips_frame: 'galactic' })(path)));
    const waves = await source([upstream.url]);
    expect(waves.tiling.frame).toEqual(SKY_FRAMES.galactic);
    const covered = Array.from({ length: 768 }, (_, npix) => waves.tiling.patchAt(0, Math.floor(npix / 64), npix % 8, Math.floor((npix % 64) / 8))).filter((p) => p !== null);
    expect(covered.length).toBeGreaterThanOrEqual(2);
    expect(covered.length).toBeLessThanOrEqual(9);
  });
});

describe('a missing deep tile', () => {
  it('is its ancestor, magnified smoothly (danger: holes in a HiPS of uneven depth)', async () => {
    const upstream = await serve(hips((order) => order <= 1));
    const waves = await source([upstream.url]);
    const found = errorOf(await waves.fetch(tile(3, 100), never), 3, 100);
    // Pixels of order 1 are 0.46 degrees wide: curvature of the field over that is what is left.
    expect(found.mean).toBeLessThan(1.5);
    expect(found.max).toBeLessThan(8);
  });

  it('meets its neighbours: the step across the edge is no larger than inside', async () => {
    const upstream = await serve(hips((order) => order <= 1));
    const waves = await source([upstream.url]);
    // Tiles 100 and 101 of order 3 meet along x, tiles 101 and 112 across the border of two tiles of order 1.
    for (const [a, b] of [[100, 101], [101, 112]] as const) {
      const [above, below] = [(await waves.fetch(tile(3, a), never))!, (await waves.fetch(tile(3, b), never))!];
      const step = (p: Raster, i: number, q: Raster, j: number): number => Math.abs(p.data[i]! - q.data[j]!);
      const line = (row: number): number => row * WIDTH * 4;
      let [inside, across] = [0, 0];
      for (let i = 0; i < WIDTH * 4; i++) {
        inside = Math.max(inside, step(above, line(WIDTH - 2) + i, above, line(WIDTH - 1) + i), step(below, i, below, line(1) + i));
        across = Math.max(across, step(above, line(WIDTH - 1) + i, below, i));
      }
      expect(across).toBeLessThanOrEqual(inside + 1);
    }
  });

  it('asks five orders up and no further', async () => {
    const upstream = await serve(hips(() => false, { hips_order: '9' }));
    expect(await (await source([upstream.url])).fetch(tile(9, 1000), never)).toBeNull();
    expect(tilesAsked(upstream).length).toBe(6);
  });

  it('is nothing where its ancestors are missing, too', async () => {
    const upstream = await serve(hips((order, npix) => order > 0 || npix > 0));
    const partly = await serve(hips((order) => order > 7));
    expect(await (await source([upstream.url])).fetch(tile(3, 5), never)).not.toBeNull();
    expect(await (await source([partly.url])).fetch(tile(3, 5), never)).toBeNull();
  });
});

describe('low orders that are not there', () => {
  const old = { hips_order_min: '3' };

  it('order 2 and 1 from their children, at full resolution', async () => {
    const upstream = await serve(hips((order) => order === 3, old));
    const waves = await source([upstream.url]);
    for (const [order, npix] of [[2, 77], [1, 40]] as const) {
      const found = errorOf(await waves.fetch(tile(order, npix), never), order, npix);
      expect(found.mean).toBeLessThan(order === 2 ? 2 : 5);
      expect(found.shift).toBeLessThan(1e-4);
    }
    expect(tilesAsked(upstream).every((path) => path.startsWith('/Norder3/'))).toBe(true);
    expect(tilesAsked(upstream).filter((path) => !path.includes('Allsky')).length).toBe(20);
  });

  it('order 0 from the Allsky: one request instead of 64', async () => {
    const allsky = await allskyPng(8);
    const upstream = await serve(async (path) => (path === 'Norder3/Allsky.png' ? allsky : hips((order) => order === 3, old)(path)));
    const waves = await source([upstream.url]);
    for (const npix of [0, 4, 11]) {
      const found = errorOf(await waves.fetch(tile(0, npix), never), 0, npix);
      expect(found.mean).toBeLessThan(1);
    }
    expect(tilesAsked(upstream)).toEqual(['/Norder3/Allsky.png']);
  });

  it('a HiPS that does not say so is asked first, then its Allsky', async () => {
    const allsky = await allskyPng(8);
    const upstream = await serve(async (path) => (path === 'Norder3/Allsky.png' ? allsky : hips((order) => order === 3)(path)));
    expect(await (await source([upstream.url])).fetch(tile(1, 40), never)).not.toBeNull();
    expect(tilesAsked(upstream)).toEqual([NAME(1, 40), NAME(0, 10), '/Norder3/Allsky.png']);
  });

  it('never more than 64 tiles for one, however few there are', async () => {
    const upstream = await serve(hips(() => false, { ...old, hips_order: '5' }));
    expect(await (await source([upstream.url])).fetch(tile(0, 4), never)).toBeNull();
    expect(tilesAsked(upstream).filter((path) => !path.includes('Allsky')).length).toBe(64);
  });
});

/** The Allsky of order 3 of the field, as it is seen: each small tile the field at its own pixel centres. */
async function allskyPng(small: number): Promise<Uint8Array> {
  const [width, height] = [27 * small, 29 * small];
  const data = new Uint8Array(width * height * 4);
  for (let npix = 0; npix < 768; npix++) {
    const { data: pixels } = analyticTile(icrs, 3, npix, small);
    for (let row = 0; row < small; row++) {
      const at = ((Math.floor(npix / 27) * small + row) * width + (npix % 27) * small) * 4;
      data.set(pixels.subarray(row * small * 4, (row + 1) * small * 4), at);
    }
  }
  return codec.encode({ width, height, data, opaque: false }, 'image/png', ENCODING);
}

describe('properties as they are found', () => {
  it('byte order mark, CRLF, comments, no width, jpg with commas', async () => {
    const text = '\ufeff# made by hand\r\n\r\n hips_order\t=\t1 \r\nhips_frame = galactic\r\nhips_tile_format = jpg,png\r\n';
    const upstream = await serve(async (path) => (path === 'properties' ? text : fieldTile(path, 'image/jpeg', 512)));
    const waves = await source([upstream.url]);
    expect([waves.tileWidth, waves.tiling.frame.id, hipsAddressOf(waves.tiling.patchAt(0, 0, 0, 0)!).order]).toEqual([512, 'galactic', 1]);
    expect((await waves.fetch(tile(1, 3, 512), never))?.width).toBe(512);
  });

  it('a page with status 200 is no HiPS, and the message says so', async () => {
    const upstream = await serve(() => '<!DOCTYPE html><html>Welcome</html>');
    await expect(source([upstream.url])).rejects.toMatchObject({ code: 'CONFIG_INVALID', locator: 'url', message: expect.stringContaining('web page') });
  });

  it('no properties file: no HiPS, unless the operator says enough', async () => {
    const upstream = await serve(async (path) => fieldTile(path));
    await expect(source([upstream.url], { frame: icrs })).rejects.toMatchObject({ code: 'CONFIG_INVALID', locator: 'url' });
    const told = await source([upstream.url], { frame: icrs, order: 2, tileWidth: WIDTH, format: 'png' });
    expect(errorOf(await told.fetch(tile(2, 9), never), 2, 9).max).toBeLessThanOrEqual(0.51);
  });

  it('hips_frame = planet needs a body from the operator', async () => {
    const upstream = await serve(hips(() => true, { hips_frame: 'planet' }));
    await expect(source([upstream.url])).rejects.toMatchObject({ code: 'CONFIG_INVALID', locator: 'body', message: expect.stringContaining('planet') });
    expect((await source([upstream.url], { frame: bodyFrame('mars') })).tiling.frame.id).toBe('mars');
    expect((await source([upstream.url], { usualFrame: bodyFrame('moon') })).tiling.frame.id).toBe('moon');
  });

  it("the operator's frame wins over a wrong one", async () => {
    const upstream = await serve(hips());
    expect((await source([upstream.url], { frame: bodyFrame('mars') })).tiling.frame.id).toBe('mars');
  });

  it('FITS tiles only, and catalogues, are refused with the reason', async () => {
    for (const [key, value, reason] of [['hips_tile_format', 'fits', 'FITS'], ['dataproduct_type', 'catalog', 'catalogue']] as const) {
      const upstream = await serve(hips(() => true, { [key]: value }));
      await expect(source([upstream.url])).rejects.toMatchObject({ code: 'CONFIG_INVALID', locator: 'url', message: expect.stringContaining(reason) });
    }
  });

  it('an unreadable Moc.fits is reported and left out', async () => {
    const upstream = await serve((path) => (path === 'Moc.fits' ? 'no fits' : hips()(path)));
    expect((await source([upstream.url])).coverage).toBeNull();
    expect(reports.length).toBe(1);
  });
});

describe('an upstream that cannot be reached at the start', () => {
  it('is read as soon as it can be, with what the operator says until then (a gateway reading its own HiPS)', async () => {
    let up = false;
    const upstream = await serve((path) => (up ? hips()(path) : 503));
    const waves = await source([upstream.url], { frame: icrs, tileWidth: WIDTH });
    expect(waves.description).toBeNull();
    const early = waves.tiling;
    up = true;
    // A patch of the assumed tiling, deeper than the HiPS: magnified from what there is.
    const deep = early.patchAt(0, 4, 1234, 2345)!;
    expect(await waves.fetch(deep, never)).toMatchObject({ width: WIDTH, height: WIDTH });
    expect(waves.description?.order).toBe(3);
    expect(waves.tiling.levels.length).toBe(4);
  });

  it('patches of an assumed width are resized and do not get into the way of the right ones (danger: sheared pictures)', async () => {
    let up = false;
    const upstream = await serve((path) => (up ? hips()(path) : 503));
    const waves = await source([upstream.url], { frame: icrs });
    const early = waves.tiling.patchAt(waves.tiling.levels.findIndex(({ lattice }) => lattice.width === 2 * 512), 4, 0, 0)!;
    up = true;
    expect((await waves.fetch(early, never))?.width).toBe(512);
    expect((await waves.fetch(waves.tiling.patchAt(2, 4, 0, 0)!, never))?.width).toBe(WIDTH);
  });

  it('serves from the header and the tiles of the last time', async () => {
    let down = false;
    const upstream = await serve((path) => (down ? 503 : hips()(path)));
    const store: TileStore = createMemoryStore(1e8);
    await (await source([upstream.url], { store })).fetch(tile(2, 9), never);
    down = true;
    const later = await source([upstream.url], { store });
    expect(later.description?.order).toBe(3);
    expect(errorOf(await later.fetch(tile(2, 9), never), 2, 9).max).toBeLessThanOrEqual(0.51);
  });

  it('says what is missing when nobody knows the frame', async () => {
    const upstream = await serve(() => 503);
    await expect(source([upstream.url])).rejects.toMatchObject({ code: 'CONFIG_INVALID', locator: 'url', message: expect.stringContaining('body') });
  });

  it('a silent one does not hold up the start for long', async () => {
    const upstream = await serve(() => new Promise(() => {}));
    const startedAt = performance.now();
    await source([upstream.url], { frame: icrs });
    expect(performance.now() - startedAt).toBeLessThan(9000);
  });
});

describe('tiles as the upstream has them', () => {
  it('byte for byte, in the formats that it has', async () => {
    const upstream = await serve(hips());
    const waves = await source([upstream.url]);
    const encoded = await waves.encoded({ order: 2, npix: 9 }, 'png', never);
    expect(Buffer.from(encoded!.bytes).equals(Buffer.from((await fieldTile('Norder2/Dir0/Npix9.png'))!))).toBe(true);
    expect(await waves.encoded({ order: 2, npix: 9 }, 'webp', never)).toBeNull();
    expect(await waves.encoded({ order: 4, npix: 9 }, 'png', never)).toBeNull();
    expect(tilesAsked(upstream)).toEqual([NAME(2, 9)]);
  });
});
