import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Raster } from '../../src/raster/raster.ts';
import { decoded, pictureGateway, pixelAt, type PictureGateway } from '../support/pictureGateway.ts';

/** Modes, palettes and transparency of what is written. Dangers: an option that acts on the wrong pictures; one said nearby that does not win. */
const CONFIG = `
services: {hips: , wms: , wmts: }
layers:
${['true_colour', 'png8', 'few', 'own', 'grey', 'rgb', 'flat', 'inherited', 'handed', 'opaque'].map((name) => `  - {name: ${name}, title: T, sources: [${name}]}`).join('\n')}
  - {name: map, title: T, sources: [fading], md: {hips: {hips_order: 0}}}
sources:
  fading: {type: image, url: fading.png, srs: 'IAU_2015:30100', bbox: [-180, -90, 180, 90]}
  poor: {type: image, url: fading.png, srs: 'IAU_2015:30100', bbox: [-180, -90, 180, 90], image: {mode: P, colors: 20}}
  whole: {type: image, url: fading.png, srs: 'IAU_2015:30100', bbox: [-180, -90, 180, 90], image: {transparent: false}}
caches:
  true_colour: {grids: [deg], sources: [fading]}
  png8: {grids: [deg], sources: [fading], format: png8}
  few: {grids: [deg], sources: [fading], format: png8, image: {colors: 7, encoding_options: {quantizer: mediancut}}}
  own: {grids: [deg], sources: [poor], format: png8, image: {colors: 0}}
  grey: {grids: [deg], sources: [fading], image: {mode: L}}
  rgb: {grids: [deg], sources: [fading], format: png24}
  flat: {grids: [deg], sources: [fading], image: {transparent: false}}
  opaque: {grids: [deg], sources: [whole]}
  inherited: {grids: [deg], sources: [poor]}
  handed: {grids: [deg], sources: [stored], format: png8}
  stored: {grids: [deg], sources: [], cache: {type: file, directory: cache/true_colour_IAU_201530100}}
grids:
  deg: {srs: 'IAU_2015:30100', origin: nw, tile_size: [180, 180], res: [1]}
globals:
  cache: {base_dir: cache}
  image:
    formats:
      png8: {format: image/png, mode: P, colors: 64}
      png24: {format: image/png, mode: RGB}
      image/webp: {mode: L}
`;

function fading(width: number, height: number): Raster {
  const data = new Uint8Array(width * height * 4);
  for (let i = 0; i < width * height; i++) data.set([i % 251, Math.floor(i / width), 90, i % width < 20 ? 0 : i % width < 60 ? 127 : 255], i * 4);
  return { width, height, data, opaque: false };
}

let served: PictureGateway;
let paletted: PictureGateway;
beforeAll(async () => {
  served = await pictureGateway(CONFIG, { fading: fading(360, 180) });
  paletted = await pictureGateway(CONFIG.replace('  image:\n', '  image:\n    paletted: true\n'), { fading: fading(360, 180) });
});
afterAll(() => Promise.all([served.close(), paletted.close()]));

async function ask(address: string, { app }: PictureGateway = served) {
  const answer = await app.inject(address);
  expect(answer.statusCode, answer.payload.slice(0, 200)).toBe(200);
  const raster = await decoded(answer.rawPayload);
  const meta = await sharp(answer.rawPayload).metadata();
  return { raster, colours: new Set(new Uint32Array(Uint8Array.from(raster.data).buffer)).size, isPalette: meta.isPalette === true, channels: meta.channels };
}

const tile = (name: string, from?: PictureGateway) => ask(`/wmts/${name}/deg/0/0/0.png`, from);
const MAP = '/service?SERVICE=WMS&VERSION=1.1.1&REQUEST=GetMap&LAYERS=map&STYLES=&SRS=IAU_2015:30100&BBOX=-180,-90,0,90&WIDTH=180&HEIGHT=180&TRANSPARENT=TRUE';

describe('tiles', () => {
  it('nothing said: all colours', async () => {
    const { colours, isPalette } = await tile('true_colour');
    expect([colours > 5000, isPalette]).toEqual([true, false]);
  });

  it('a named format of mode P; holes stay holes', async () => {
    const { colours, isPalette, raster } = await tile('png8');
    expect([colours > 40 && colours <= 64, isPalette]).toEqual([true, true]);
    expect([5, 40, 100].map((x) => pixelAt(raster, x, 90)[3])).toEqual([0, expect.closeTo(127, -1), 255]);
  });

  it('what the cache says wins: fewer colours and no half tones, or all colours', async () => {
    const { colours, raster } = await tile('few');
    expect(colours).toBeLessThanOrEqual(7);
    expect(new Set(raster.data.filter((_, i) => i % 4 === 3))).toEqual(new Set([0, 255]));
    expect((await tile('own')).colours).toBeGreaterThan(5000);
  });

  it('mode L: greys, opaque', async () => {
    const { channels, raster } = await tile('grey');
    expect([channels, pixelAt(raster, 5, 5), pixelAt(raster, 100, 50)]).toEqual([1, [255, 255, 255, 255], expect.anything()]);
    const [r, g, b] = pixelAt(raster, 100, 50);
    expect([g, b]).toEqual([r, r]);
  });

  it.each(['rgb', 'flat', 'opaque'])('%s: opaque, on white', async (name) => {
    const { channels, raster } = await tile(name);
    expect([channels, pixelAt(raster, 5, 5)]).toEqual([3, [255, 255, 255, 255]]);
  });

  it('of a source, where its cache does not say', async () => {
    const { colours, isPalette } = await tile('inherited');
    expect([colours > 10 && colours <= 20, isPalette]).toEqual([true, true]);
  });

  it('tiles that are handed on are written anew', async () => {
    await tile('true_colour');
    const { colours, isPalette } = await tile('handed');
    expect([colours > 40 && colours <= 64, isPalette]).toEqual([true, true]);
  });
});

describe('maps', () => {
  it('of a media type, as its format says; others as they are', async () => {
    const { raster } = await ask(`${MAP}&FORMAT=image/webp`);
    const [r, g, b] = pixelAt(raster, 100, 50);
    expect([Math.abs(g! - r!) < 3, Math.abs(b! - r!) < 3, pixelAt(raster, 5, 5)[3]]).toEqual([true, true, 255]);
    expect((await ask(`${MAP}&FORMAT=image/png`)).colours).toBeGreaterThan(5000);
  });
});

it('image_formats by name: each service writes a media type as its own name says', async () => {
  const services = 'services: {hips: , wms: {image_formats: [png8, image/webp]}, wmts: , ogcapi: {image_formats: [image/png]}}';
  const named = await pictureGateway(CONFIG.replace('services: {hips: , wms: , wmts: }', services), { fading: fading(360, 180) });
  const area = 'bbox=-180,-90,0,90&width=180&height=180&transparent=true&f=png';
  const [wms, ogc, again] = [await ask(`${MAP}&FORMAT=image/png`, named), await ask(`/ogcapi/collections/map/map?${area}`, named), await ask(`${MAP}&FORMAT=image/png`, named)];
  expect([wms.colours <= 64, ogc.colours > 5000, again.colours <= 64]).toEqual([true, true, true]);
  const text = (await named.app.inject('/service?SERVICE=WMS&REQUEST=GetCapabilities&VERSION=1.3.0')).payload;
  expect([...text.slice(text.indexOf('<GetMap>'), text.indexOf('</GetMap>')).matchAll(/<Format>(.*?)<\/Format>/g)].map(([, format]) => format)).toEqual(['image/png', 'image/webp']);
  await named.close();
});

/** Value of a field of one SHORT in the first directory of a little-endian TIFF. */
function tiffField(bytes: Buffer, tag: number): number | undefined {
  const start = bytes.readUInt32LE(4);
  const fields = Array.from({ length: bytes.readUInt16LE(start) }, (_, i) => start + 2 + i * 12);
  const at = fields.find((field) => bytes.readUInt16LE(field) === tag);
  return at === undefined ? undefined : bytes.readUInt16LE(at + 8);
}

describe('tiff_compression', () => {
  const COMPRESSION = 259;
  const GEO_KEYS = 34735;
  it.each([['raw', 1], ['tiff_lzw', 5], ['jpeg', 7]])('%s: maps in TIFF are written so, and still tell where they lie', async (compression, number) => {
    const text = CONFIG.replace('image/webp: {mode: L}', `image/tiff: {encoding_options: {tiff_compression: ${compression}, jpeg_quality: 95}}`);
    const own = await pictureGateway(text, { fading: fading(360, 180) });
    const { rawPayload: bytes } = await own.app.inject(`${MAP}&FORMAT=image/tiff`);
    expect([tiffField(bytes, COMPRESSION), tiffField(bytes, GEO_KEYS) !== undefined]).toEqual([number, true]);
    const [{ data }, { raster }] = [await decoded(bytes), await ask(`${MAP}&FORMAT=image/png`, own)];
    const isLossy = compression === 'jpeg';
    const onWhite = raster.data.map((value, i) => (isLossy && raster.data[i | 3] === 0 ? 255 : value));
    const seen = (i: number): boolean => !isLossy || onWhite[i | 3] === 255;
    const mean = data.reduce((sum, value, i) => sum + (seen(i) ? Math.abs(value - onWhite[i]!) : 0), 0) / data.length;
    expect(mean).toBeLessThan(isLossy ? 0.3 : 1e-9); // in opaque and empty places; 0.09 is measured
    expect(new Set(data.filter((_, i) => i % 4 === 3)).size === 1).toBe(isLossy);
    await own.close();
  });
});

describe('paletted: true', () => {
  it('tiles and maps have at most 256 colours, unless it is said otherwise', async () => {
    for (const { colours, isPalette } of [await tile('true_colour', paletted), await ask(`${MAP}&FORMAT=image/png`, paletted)]) {
      expect([colours > 64 && colours <= 256, isPalette]).toEqual([true, true]);
    }
    expect((await tile('own', paletted)).colours).toBeGreaterThan(5000);
  });

  it('tiles of a HiPS have all of theirs', async () => {
    expect((await ask('/hips/map/Norder0/Dir0/Npix5.png', paletted)).isPalette).toBe(false);
  });
});
