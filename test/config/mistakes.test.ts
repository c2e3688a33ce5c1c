import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { ConfigError, formatIssue } from '../../src/config/issue.ts';
import { loadConfig } from '../../src/config/load.ts';
import { loadText } from './loadText.ts';

const FIXTURE = fileURLToPath(new URL('fixtures/mistakes.yaml', import.meta.url));

function mistakesIn(load: () => unknown): readonly string[] {
  try {
    load();
  } catch (error) {
    if (error instanceof ConfigError) return error.issues.map((issue) => formatIssue(issue, 'f'));
    throw error;
  }
  return [];
}

/** line:column path -> part of the message, in the order of the file. */
const EXPECTED: readonly (readonly [place: string, message: string])[] = [
  ['3:24 services.hips.resampling_method', "expected one of: nearest, nearest_neighbour, bilinear, bicubic; found 'bilinar'; did you mean 'bilinear'?"],
  ['4:3 services.wmss', "unknown key; allowed here: hips, wms, wmts, tms, kml, ogcapi, demo; did you mean 'wms'?"],
  ['8:15 layers[0].sources[0]', "there is no source or cache 'wms2'"],
  ['9:11 layers[1].name', "there is another layer 'moon'"],
  ['13:26 layers[1].md.hips.hips_order', 'expected a whole number from 0 to 24, found 30'],
  ['13:47 layers[1].md.hips.hips_tile_width', 'expected a power of two from 32 to 4096, found 500'],
  ['13:81 layers[1].md.hips.hips_frame', "'mars' is not a frame of the body 'moon' (hips_body); did you mean 'moon'?"],
  ['14:5 layers[2]', 'a layer needs sources, tile_sources or layers'],
  ['15:11 layers[2].name', "'a/b' cannot be part of an address"],
  ['20:12 sources.wms1.req.url', "expected an address: http://... or https://..., found 'ftp://host/wms'"],
  ['22:7 sources.wms1.req.tranparent', "did you mean 'transparent'?"],
  ['23:22 sources.wms1.coverage.bbox', 'minX 10 is not below maxX -10'],
  ['23:49 sources.wms1.coverage.bbox_srs', "the reference system 'EPSG:0' is not known"],
  ['25:11 sources.odd.type', "expected one of: image, wms, hips, tile, xyz, tms, wmts, arcgis, ogcapimaps, ogcapitiles, mbtiles, geopackage, debug; found 'debgu'; did you mean 'debug'?"],
  ['27:11 sources.mapnik.type', "'mapnik' is not supported yet; allowed: image, wms, hips, tile, xyz, tms, wmts, arcgis, ogcapimaps, ogcapitiles, mbtiles, geopackage, debug"],
  ['28:31 sources.picture.url', 'there is no file '],
  ['28:71 sources.picture.bbox', 'expected four numbers: [minX, minY, maxX, maxY], found [1, 2, 3]'],
  ['29:3 sources.survey.url', 'missing'],
  ['29:30 sources.survey.body', "there is no body 'monn'; did you mean 'moon'?"],
  ['30:9 sources.empty', 'expected a map, found nothing'],
  ['33:20 caches.tiles.sources[1]', "there is no source or cache 'tils'"],
  ['34:13 caches.tiles.grids[0]', "did you mean 'MARS_GEOGRAPHIC'?"],
  ['35:16 caches.tiles.meta_size', 'expected two whole numbers from 1: [width, height], found 4'],
  ['36:13 caches.tiles.format', "'image/tiff' is not a format that is written here"],
  ['37:19 caches.one.sources[0]', "'two' leads back to 'one'"],
  ['38:19 caches.two.sources[0]', "'one' leads back to 'two'"],
  ['40:39 grids.g.min_res', 'min_res 1 is the coarsest resolution and must be above max_res 10'],
  ['40:63 grids.g.origin', "expected one of: sw, nw, ll, ul; found 'north'"],
  ['42:25 globals.image.jpeg_quality', 'expected a number up to 100, found 300'],
  ['43:3 globals.cach', "unknown key; allowed here: image, http, cache, grid, srs, tiles, mapserver, renderd, background; did you mean 'cache'?"],
  ['44:16 server.port', "expected a number, found 'http'"],
];

describe('a file full of mistakes', () => {
  const found = mistakesIn(() => loadConfig(FIXTURE, { env: {} }));

  it.each(EXPECTED.map(([place, message], index) => [place, message, index] as const))('%s: %s', (place, message, index) => {
    expect(found[index]).toContain(`f:${place}: `);
    expect(found[index]).toContain(message);
  });

  it('has no others', () => {
    expect(found).toHaveLength(EXPECTED.length);
  });
});

/** A configuration up to its first key. */
const GUARDED = 'services: {wms: }\nlayers: [{name: a, sources: [s]}]\nsources: {s: {type: debug}}\nserver: {authorization: {keys: [';

describe('single mistakes', () => {
  it.each([
    ['nothing to serve', 'services: {hips: }\nsources: {}\n', 'f:1:1 layers: missing'],
    ['an empty list of layers', 'services: {hips: }\nlayers: []\n', 'f:2:9 layers: no layer: nothing to serve'],
    ['a mistake behind an anchor is told once', 'parts: {x: &x {bbox: [2, 0, 1, 1]}}\nservices: {hips: }\nlayers: [{name: a, sources: [s, t]}]\nsources:\n  s: {type: debug, coverage: *x}\n  t: {type: debug, coverage: *x}\n', 'f:1:22 sources.s.coverage.bbox: minX 2 is not below maxX 1'],
    ['a HiPS that its own list would hide', 'services: {hips: }\nlayers: [{name: list, sources: [s]}]\nsources: {s: {type: debug}}\n', "f:2:17 layers[0].name: a HiPS cannot be called 'list'"],
    ['tiles made of coarser and of finer ones', 'services: {wms: }\nlayers: [{name: a, sources: [c]}]\ncaches: {c: {sources: [], upscale_tiles: 1, downscale_tiles: 1}}\n', 'f:3:62 caches.c.downscale_tiles: missing tiles are made of coarser ones or of finer ones'],
    ['a cache of two sources that maps pass by', 'services: {wms: }\nlayers: [{name: a, sources: [c]}]\nsources: {s: {type: debug}, t: {type: debug}}\ncaches: {c: {sources: [s, t], use_direct_from_res: 1}}\n', 'f:4:52 caches.c.use_direct_from_res: only a cache of exactly one source'],
    ['a key for a layer that is not there', `${GUARDED}{key: 0123456789abcdef, layers: [aa]}]}}\n`, "f:4:66 server.authorization.keys[0].layers[0]: there is no layer 'aa'; there are: a; did you mean 'a'?"],
    ['a layer for everybody that is not there', `${GUARDED}], anonymous: [b]}}\n`, "f:4:48 server.authorization.anonymous[0]: there is no layer 'b'; there are: a"],
    ['a part of a layer in an unknown system', `${GUARDED}{key: 0123456789abcdef, layers: '*', limited_to: {srs: 'EPSG:0', geometry: [0, 0, 1, 1]}}]}}\n`, "f:4:88 server.authorization.keys[0].limited_to.srs: the reference system 'EPSG:0' is not known"],
    ['a part of a layer without area', `${GUARDED}{key: 0123456789abcdef, layers: '*', limited_to: {srs: 'EPSG:4326', geometry: [2, 0, 1, 1]}}]}}\n`, 'f:4:111 server.authorization.keys[0].limited_to.geometry: a box is [minx, miny, maxx, maxy]'],
    ['a part of a layer in words that are none', `${GUARDED}{key: 0123456789abcdef, layers: '*', limited_to: {srs: 'EPSG:4326', geometry: 'POLYGN((0 0, 1 1, 2 0, 0 0))'}}]}}\n`, "f:4:111 server.authorization.keys[0].limited_to.geometry: the polygons cannot be read: expected POLYGON or MULTIPOLYGON, found 'POLYGN'"],
    ['a template that lacks a variable', "services: {wmts: {restful_template: '/{Layer}/{TileMatrix}/{TileCol}/{TileRow}.{Format}'}}\nlayers: [{name: a, sources: [s]}]\nsources: {s: {type: debug}}\n", "f:1:37 services.wmts.restful_template: template '/{Layer}/{TileMatrix}/{TileCol}/{TileRow}.{Format}': variable {TileMatrixSet} is unknown, repeated or missing"],
    ['a template with a dimension of no layer', "services: {wmts: {restful_template: '/{Layer}/{TileMatrixSet}/{tim}/{TileMatrix}/{TileCol}/{TileRow}.{Format}'}}\nlayers: [{name: a, sources: [s], dimensions: {time: {values: ['2024-01-01']}}}]\nsources: {s: {type: debug}}\n", 'variable {tim} is unknown, repeated or missing'],
    ['__proto__ is a key like others', 'services: {hips: }\nlayers: [{name: a, sources: [s]}]\nsources: {s: {type: debug, __proto__: {x: 1}}}\n', 'f:3:28 sources.s.__proto__: unknown key'],
  ])('%s', (_danger, text, expected) => {
    const found = mistakesIn(() => loadText(text));
    expect(found).toHaveLength(1);
    expect(found[0]).toContain(expected);
  });

  it.each([
    ['without the HiPS service', 'services: {wms: }\nlayers: [{name: list, sources: [s]}]\nsources: {s: {type: debug}}\n'],
    ['not served as HiPS', 'services: {hips: , wms: }\nlayers: [{name: list, sources: [s], md: {hips: {enabled: false}}}]\nsources: {s: {type: debug}}\n'],
  ])("a layer may be called 'list' %s", (_where, text) => {
    expect(mistakesIn(() => loadText(text))).toEqual([]);
  });

  it('a missing file is a mistake of the configuration, not a crash', () => {
    expect(mistakesIn(() => loadConfig('/nowhere/at/all.yaml'))).toEqual([expect.stringContaining('cannot be read')]);
  });
});
