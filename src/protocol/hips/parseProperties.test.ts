import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { bodyFrame, SKY_FRAMES } from '../../geometry/frame/frame.ts';
import { GatewayError } from '../../errors.ts';
import { parseProperties } from './properties.ts';
import type { HipsDescription } from './properties.ts';

const MOON = readFileSync(new URL('../../../test/oracle/hips/moon.properties', import.meta.url), 'utf8');

/** The description of a file with an order, a frame and these further lines. */
function parsed(...lines: readonly string[]): HipsDescription {
  return parseProperties(['hips_order = 9', ...lines].join('\n'));
}

describe("Hipsgen's own properties file", () => {
  it('is read', () => {
    const { keys, ...description } = parseProperties(MOON);
    expect(description).toEqual({
      creatorDid: 'ivo://example/P/moon-hipsgen',
      title: 'in',
      description: null,
      dataproductType: 'image',
      color: true,
      order: 2,
      orderMin: 0,
      tileWidth: 512,
      formats: ['jpeg'],
      frame: null, // 'planet': the file does not say which
      releaseDate: new Date('2026-11-20T15:05:00Z'),
      serviceUrls: [],
      pixelCut: null,
      dataRange: null,
      bitpix: null,
      cubeDepth: null,
      skyFraction: null,
      view: { lon: -0.02197, lat: -0.02197, fov: 360 },
      copyright: null,
      copyrightUrl: null,
    });
    expect(keys.get('hips_status')).toBe('public master clonableOnce');
    expect(keys.has('obs_regime')).toBe(false); // a comment
    expect(keys.size).toBe(25);
  });
});

describe('syntax in the wild (1.1, 6)', () => {
  it('bears a byte order mark, CRLF, tabs, comments, blank lines and = inside values', () => {
    const text = '\ufeffhips_order=9\r\n\r\n \t \r\n# hips_order = 3\r\n\t#x = y\r\n  hips_frame\t=\tgalactic  \r\nobs_title = a = b\r\nno pair\r\n= x\r\nempty =\r\n';
    const description = parseProperties(text);
    expect(description.order).toBe(9);
    expect(description.frame).toBe(SKY_FRAMES.galactic);
    expect(description.title).toBe('a = b');
    expect([...description.keys.keys()]).toEqual(['hips_order', 'hips_frame', 'obs_title']);
  });

  it('takes the first of repeated keys that says something, and bears the line ends of old Macs', () => {
    expect(parseProperties('hips_order =\rhips_order = 5\rhips_order = 7').order).toBe(5);
  });

  it('undoes the escapes of Java property files', () => {
    expect(parsed('hips_service_url = http\\://a.example/x\\=y').serviceUrls).toEqual(['http://a.example/x=y']);
  });
});

describe('older vocabulary (1.2)', () => {
  it('is understood', () => {
    const text = [
      'label = DSS2', 'description = DSS2 colour', 'verboseDescription = all of it', 'id = ivo://CDS/P/DSS2', 'maxOrder = 8',
      'coordsys = G', 'format = jpg fits', 'isColored = true', 'tileOrder = 8', 'processingDate = 2012-03-04T05:06Z',
      'pixelCut = 10 200', 'pixelRange = 0 255', 'target = 83.6 22.0', 'targetRadius = 2', 'copyright = STScI', 'isCube = yes',
      'cubeDepth = 7',
    ].join('\n');
    expect(parseProperties(text)).toMatchObject({
      title: 'DSS2 colour',
      description: 'all of it',
      creatorDid: 'ivo://CDS/P/DSS2',
      order: 8,
      orderMin: 3,
      frame: SKY_FRAMES.galactic,
      formats: ['jpeg', 'fits'],
      color: true,
      tileWidth: 256,
      releaseDate: new Date('2012-03-04T05:06:00Z'),
      pixelCut: [10, 200],
      dataRange: [0, 255],
      view: { lon: 83.6, lat: 22, fov: 2 },
      copyright: 'STScI',
      dataproductType: 'cube',
      cubeDepth: 7,
    });
  });

  it('yields to the new one', () => {
    expect(parseProperties('maxOrder = 3\nhips_order = 8\ncoordsys = C\nhips_frame = galactic')).toMatchObject({
      order: 8, frame: SKY_FRAMES.galactic,
    });
  });
});

describe('orders', () => {
  it('reads no deeper than 24', () => {
    expect(parseProperties('hips_order = 27').order).toBe(24);
  });

  it('takes 0 for a missing hips_order_min, 3 for files older than version 1.4', () => {
    expect(parsed().orderMin).toBe(0);
    expect(parsed('hips_version = 1.4').orderMin).toBe(0);
    expect(parsed('hips_version = 1.3').orderMin).toBe(3);
    expect(parseProperties('maxOrder = 8').orderMin).toBe(3);
    expect(parsed('hips_version = 1.3', 'hips_order_min = 0').orderMin).toBe(0);
    expect(parseProperties('hips_order = 2\nhips_order_min = 3').orderMin).toBe(2);
  });
});

describe('tile width', () => {
  it.each([
    ['hips_tile_width = 32', 32],
    ['hips_tile_width = 1024', 1024],
    ['nside = 256', 256],
    ['tileOrder = 7', 128],
    ['', 512],
    ['hips_tile_width = 500', 512],
    ['hips_tile_width = x', 512],
    ['hips_tile_width = 0', 512],
    ['hips_tile_width = 65536', 512],
  ])('%j gives %d', (line, width) => {
    expect(parsed(line).tileWidth).toBe(width);
  });
});

describe('formats', () => {
  it.each([
    ['png jpeg', ['png', 'jpeg']],
    ['jpg,png', ['jpeg', 'png']],
    ['JPEG  webp; fits', ['jpeg', 'webp', 'fits']],
    ['jpeg jpg', ['jpeg']],
    ['image/png', ['png']],
    ['tsv', []],
    ['', []],
  ])('%j gives %j', (given, formats) => {
    expect(parsed(`hips_tile_format = ${given}`).formats).toEqual(formats);
  });
});

describe('frames (2.5, 3.2)', () => {
  it.each([
    ['equatorial', SKY_FRAMES.icrs],
    ['C', SKY_FRAMES.icrs],
    ['ICRS', SKY_FRAMES.icrs],
    ['gal', SKY_FRAMES.galactic],
    ['Ecliptic', SKY_FRAMES.ecliptic],
    ['Mars', bodyFrame('mars')],
    ['planet', null],
    ['supergalactic', null],
  ])('hips_frame = %s gives %o', (name, frame) => {
    expect(parsed(`hips_frame = ${name}`).frame).toEqual(frame);
  });

  it('lets hips_body decide', () => {
    expect(parsed('hips_frame = planet', 'hips_body = Moon').frame).toEqual(bodyFrame('moon'));
    expect(parsed('hips_frame = equatorial', 'hips_body = mars').frame).toEqual(bodyFrame('mars'));
    expect(parsed('hips_body = neptun').frame).toEqual(bodyFrame('neptune'));
    expect(parsed('hips_frame = body', 'hips_body = body').frame).toBeNull();
    expect(parsed().frame).toBeNull();
  });
});

describe('dates', () => {
  it.each([
    ['2019-05-24T08:12Z', '2019-05-24T08:12:00.000Z'],
    ['2019-05-24T08:12:34Z', '2019-05-24T08:12:34.000Z'],
    ['2019-05-24T08:12:34.567', '2019-05-24T08:12:34.000Z'], // never local time
    ['2019-05-24 08:12', '2019-05-24T08:12:00.000Z'],
    ['2019-05-24', '2019-05-24T00:00:00.000Z'],
  ])('%s is UTC', (given, iso) => {
    expect(parsed(`hips_release_date = ${given}`).releaseDate?.toISOString()).toBe(iso);
  });

  it.each(['Tue May 24 2019', '2019-13-24', '2019-02-30', '24/05/2019'])('%s is none', (given) => {
    expect(parsed(`hips_release_date = ${given}`).releaseDate).toBeNull();
  });
});

describe('numbers', () => {
  it('takes no number for one that is not', () => {
    expect(parsed('hips_pixel_cut = auto', 'moc_sky_fraction = all', 'hips_initial_ra = 3')).toMatchObject({
      pixelCut: null, skyFraction: null, view: null,
    });
    expect(parsed('hips_pixel_cut = 1 2 3').pixelCut).toBeNull();
    expect(parsed('hips_pixel_cut = -1.5E2\t300', 'moc_sky_fraction = 5.0E-4')).toMatchObject({ pixelCut: [-150, 300], skyFraction: 0.0005 });
  });
});

describe('mirrors', () => {
  it('are listed in their order, without trailing slashes, each once, http(s) only', () => {
    const description = parsed(
      'hips_service_url_10 = https://c.example/x',
      'hips_service_url_2 = http://b.example/x/',
      'hips_service_url = https://a.example/x/',
      'hips_service_url_3 = https://a.example/x',
      'hips_service_url_4 = file:///etc',
    );
    expect(description.serviceUrls).toEqual(['https://a.example/x', 'http://b.example/x', 'https://c.example/x']);
  });
});

describe('refusals', () => {
  it.each([
    ['<!DOCTYPE html><html><body>Not found</body></html>', /web page/],
    ['  <html><a href="x">x</a></html>', /web page/],
    ['', /no hips_order/],
    ['hips_frame = galactic', /no hips_order/],
    ['hips_order = deep', /hips_order = deep is no whole number/],
    ['hips_order = -1', /no whole number/],
  ])('%j is no properties file', (text, message) => {
    expect(() => parseProperties(text)).toThrow(message);
    expect(() => parseProperties(text)).toThrow(GatewayError);
  });
});
