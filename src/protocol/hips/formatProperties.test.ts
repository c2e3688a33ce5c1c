import { describe, expect, it } from 'vitest';
import { bodyFrame, SKY_FRAMES } from '../../geometry/frame/frame.ts';
import type { HipsProperties } from './properties.ts';
import { creatorDid, DEFAULT_STATUS, formatHipsDate, formatProperties, parseProperties } from './properties.ts';

const MOON: HipsProperties = {
  creatorDid: 'ivo://gateway.example/P/moon',
  title: 'The Moon',
  description: null,
  color: true,
  releaseDate: new Date('2026-11-20T15:05:59.999Z'),
  creationDate: null,
  status: null,
  formats: ['png', 'jpeg'],
  order: 3,
  tileWidth: 512,
  frame: bodyFrame('Moon'),
  pixelBitpix: null,
  pixelCut: null,
  view: null,
  skyFraction: 1,
  serviceUrl: 'https://gateway.example/hips/moon/',
  category: null,
  copyright: null,
  extra: new Map(),
};

function value(fields: HipsProperties, key: string): string | undefined {
  return parseProperties(formatProperties(fields)).keys.get(key);
}

describe('formatProperties (9, item 4)', () => {
  it('writes a planet that Aladin Desktop, Aladin Lite and Stellarium agree on, in this order', () => {
    expect(formatProperties(MOON)).toBe(
      [
        'creator_did          = ivo://gateway.example/P/moon',
        'obs_title            = The Moon',
        'dataproduct_type     = image',
        'dataproduct_subtype  = color',
        'hips_version         = 1.4',
        'hips_release_date    = 2026-11-20T15:05Z',
        'hips_creation_date   = 2026-11-20T15:05Z',
        'hips_status          = public master unclonable',
        'hips_tile_format     = png jpeg',
        'hips_order           = 3',
        'hips_order_min       = 0',
        'hips_tile_width      = 512',
        'hips_frame           = moon',
        'hips_body            = moon',
        'hips_initial_ra      = 0',
        'hips_initial_dec     = 0',
        'hips_initial_fov     = 180',
        'moc_sky_fraction     = 1',
        'hips_service_url     = https://gateway.example/hips/moon',
        'hips_builder         = hips-gateway',
        'client_category      = Solar system/Moon',
        '',
      ].join('\n'),
    );
  });

  it.each([
    [SKY_FRAMES.icrs, 'equatorial'],
    [SKY_FRAMES.galactic, 'galactic'],
    [SKY_FRAMES.ecliptic, 'ecliptic'],
  ])('writes the sky frame $id without hips_body and category', (frame, name) => {
    const { keys } = parseProperties(formatProperties({ ...MOON, frame }));
    expect(keys.get('hips_frame')).toBe(name);
    expect(keys.has('hips_body')).toBe(false);
    expect(keys.has('client_category')).toBe(false);
  });

  it('writes no subtype for grey data, which would lose their colour maps (3.2)', () => {
    expect(value({ ...MOON, color: false }, 'dataproduct_subtype')).toBeUndefined();
  });

  it('writes what FITS tiles need (2.3)', () => {
    const fits: HipsProperties = { ...MOON, formats: ['fits'], pixelBitpix: -32, pixelCut: [-9000, 10_500.5] };
    expect(value(fits, 'hips_pixel_bitpix')).toBe('-32');
    expect(value(fits, 'hips_pixel_cut')).toBe('-9000 10500.5');
  });

  it('has single blanks in lists and each format once (2.3: two blanks make Aladin Lite refuse the HiPS)', () => {
    expect(value({ ...MOON, formats: ['webp', 'png', 'webp', 'fits'] }, 'hips_tile_format')).toBe('webp png fits');
    expect(value({ ...MOON, status: 'public  mirror   unclonable' }, 'hips_status')).toBe('public mirror unclonable');
  });

  it('keeps one line per key, without blank lines and without a second = (4: Stellarium, WWT, Firefly drop such lines)', () => {
    const text = formatProperties({
      ...MOON,
      title: '  Moon =\r\n\r\nLune\u0000 ',
      description: 'scale=100 m/px,\n\nRMS = 3',
      extra: new Map([['obs_copyright_url', 'https://example.org/?a=1'], ['hips_check', ' \n ']]),
    });
    const lines = text.split('\n');
    expect(lines.pop()).toBe('');
    expect(lines.every((line) => /^[^\s=]+ += \S.*$/.test(line))).toBe(true);
    expect(lines).toContain('obs_title            = Moon: Lune');
    expect(lines).toContain('obs_description      = scale: 100 m/px, RMS: 3');
    expect(lines).toContain('obs_copyright_url    = https://example.org/?a=1');
    expect(text).not.toContain('hips_check');
  });

  it('writes numbers that do not drown in digits', () => {
    const fields: HipsProperties = { ...MOON, skyFraction: 1 / 3, view: { lon: 12.3456789, lat: -0.02197, fov: 1e-3 } };
    expect(value(fields, 'moc_sky_fraction')).toBe('0.3333333');
    expect(value(fields, 'hips_initial_ra')).toBe('12.345679');
    expect(value(fields, 'hips_initial_dec')).toBe('-0.02197');
    expect(value(fields, 'hips_initial_fov')).toBe('0.001');
  });

  it('appends free keys and lets them replace descriptive ones in place', () => {
    const extra = new Map([['obs_regime', 'Optical'], ['obs_title', 'Luna'], ['t_min', '55000']]);
    const lines = formatProperties({ ...MOON, extra }).trimEnd().split('\n');
    expect(lines[1]).toBe('obs_title            = Luna');
    expect(lines.slice(-2)).toEqual(['obs_regime           = Optical', 't_min                = 55000']);
    expect(lines.filter((line) => line.startsWith('obs_title'))).toHaveLength(1); // LINT: no duplicates
  });

  it('accepts a free key that says the same as what is served and refuses one that contradicts it', () => {
    expect(() => formatProperties({ ...MOON, extra: new Map([['hips_order', '3'], ['hips_version', '1.4']]) })).not.toThrow();
    expect(() => formatProperties({ ...MOON, extra: new Map([['hips_order', '5']]) })).toThrow(/hips_order = 5 contradicts/);
    expect(() => formatProperties({ ...MOON, frame: SKY_FRAMES.icrs, extra: new Map([['hips_body', 'moon']]) })).toThrow(/no such key/);
  });

  it.each(['', 'a b', 'a=b', '#a'])('refuses the key %j', (key) => {
    expect(() => formatProperties({ ...MOON, extra: new Map([[key, 'x']]) })).toThrow(/is no key/);
  });

  it('refuses an identifier or a status that clients do not understand', () => {
    expect(() => formatProperties({ ...MOON, creatorDid: 'moon' })).toThrow(/creator_did/);
    expect(() => formatProperties({ ...MOON, creatorDid: 'ivo://x/the moon' })).toThrow(/creator_did/);
    expect(() => formatProperties({ ...MOON, status: 'public, master' })).toThrow(/'public,' is none of/);
  });

  it('is read back', () => {
    const description = parseProperties(formatProperties({ ...MOON, copyright: 'NASA/LRO', pixelCut: [0, 255] }));
    expect(description).toMatchObject({
      creatorDid: MOON.creatorDid,
      title: MOON.title,
      dataproductType: 'image',
      color: true,
      order: 3,
      orderMin: 0,
      tileWidth: 512,
      formats: ['png', 'jpeg'],
      frame: bodyFrame('moon'),
      releaseDate: new Date('2026-11-20T15:05:00Z'),
      serviceUrls: ['https://gateway.example/hips/moon'],
      pixelCut: [0, 255],
      skyFraction: 1,
      view: { lon: 0, lat: 0, fov: 180 },
      copyright: 'NASA/LRO',
    });
  });

  it('says by default that it may not be mirrored (1.9)', () => {
    expect(DEFAULT_STATUS.split(' ')).toContain('unclonable');
  });

  it('writes capitals in the category of bodies with several words', () => {
    expect(value({ ...MOON, frame: bodyFrame('52 europa') }, 'client_category')).toBe('Solar system/52 Europa');
    expect(value({ ...MOON, category: 'Solar system/Moon/Geology' }, 'client_category')).toBe('Solar system/Moon/Geology');
  });
});

describe('formatHipsDate', () => {
  it('has no seconds, which break Stellarium Web Engine (4)', () => {
    expect(formatHipsDate(new Date(Date.UTC(2026, 0, 2, 3, 4, 59)))).toBe('2026-01-02T03:04Z');
  });
});

describe('creatorDid (2.3: two layers with one id show the same picture)', () => {
  it('is an IVOA identifier without blanks, different for different layers', () => {
    expect(creatorDid('https://Maps.Example.org:8080/gw/', 'moon')).toBe('ivo://maps.example.org.8080.gw/P/moon');
    const layers = ['a b', 'a_b', 'a%20b', 'a/b', 'a=b', 'a', 'A', 'é'];
    const ids = layers.map((layer) => creatorDid('n', layer));
    expect(new Set(ids).size).toBe(layers.length);
    expect(ids.every((id) => /^ivo:\/\/[^\s=]+$/.test(id))).toBe(true);
  });

  it('is stable, and survives a node without a name', () => {
    expect(creatorDid('', 'moon')).toBe('ivo://hips-gateway/P/moon');
    expect(creatorDid('maps.example.org', 'moon')).toBe(creatorDid(' MAPS.example.org ', 'moon'));
  });
});
