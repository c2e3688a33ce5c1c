import { describe, expect, it } from 'vitest';
import { formatIssue } from '../../src/config/issue.ts';
import { loadText } from './loadText.ts';

const BASE = 'services: {hips: }\nlayers: [{name: a, sources: [s]}]\nsources: {s: {type: debug}}\n';

function warnings(text: string): readonly string[] {
  return loadText(text).warnings.map((issue) => formatIssue(issue, 'f'));
}

describe('options of MapProxy without effect here', () => {
  it('are accepted, each with its place and the reason', () => {
    const text = `${BASE}globals:
  image: {merge_method: composite, font_dir: /fonts}
  http: {hide_error_details: true}
  srs: {axis_order_ne: ['EPSG:4326'], proj_data_dir: /x}
  cache: {lock_dir: ./locks}
  mapserver: {binary: /x, working_dir: /y}
caches:
  c: {sources: [s], bulk_meta_tiles: true, minimize_meta_requests: true, refresh_before: {days: 1}}
`;
    expect(warnings(text)).toEqual([
      'f:5:11 globals.image.merge_method: has no effect: sources are always drawn with their alpha',
      'f:5:36 globals.image.font_dir: has no effect: letters in pictures are of the gateway itself',
      'f:6:10 globals.http.hide_error_details: has no effect: clients never see details of an upstream error',
      'f:7:9 globals.srs.axis_order_ne: has no effect: axis order follows the registry',
      'f:7:39 globals.srs.proj_data_dir: has no effect: PROJ is not used',
      'f:8:11 globals.cache.lock_dir: has no effect: locks are kept in memory',
      'f:9:3 globals.mapserver: has no effect: no MapServer source',
      'f:11:21 caches.c.bulk_meta_tiles: has no effect: tiles of a tiled source are fetched one by one, several at a time',
      'f:11:44 caches.c.minimize_meta_requests: has no effect: only what a request needs is fetched',
    ]);
  });

  it('do not hide that the others are honoured', () => {
    const { options } = loadText(`${BASE}globals: {image: {font_dir: /fonts, jpeg_quality: 80}}\n`);
    const statusOf = new Map(options.map(({ path, status }) => [path.join('.'), status]));
    expect(statusOf.get('globals.image.font_dir')).toBe('inert');
    expect(statusOf.get('globals.image.jpeg_quality')).toBe('honoured');
    expect(statusOf.has('globals')).toBe(false);
  });
});

describe('a report of what differs from MapProxy', () => {
  const statusOf = (options: string, place: string): string | undefined =>
    loadText(`services: {wms: ${options}}\nlayers: [{name: a, sources: [s]}]\nsources: {s: {type: debug}}\n`).options.find(({ path }) => path.join('.') === place)?.status;

  it.each([
    ['{on_source_errors: notify}', 'services.wms.on_source_errors', 'honoured'], // the default differs, and it is written
    ["{versions: ['1.1.1', '1.3.0']}", 'services.wms.versions', 'honoured'],
    ["{versions: ['1.1.0', '1.3.0']}", 'services.wms.versions', 'approximated'],
    ['{featureinfo_types: [text, html]}', 'services.wms.featureinfo_types', 'honoured'],
    ['{featureinfo_types: [text, json]}', 'services.wms.featureinfo_types', 'approximated'],
    ['}\nglobals: {image: {formats: {png8: {format: image/png, mode: P}}}', 'globals.image.formats.png8.mode', 'honoured'],
    ['}\nglobals: {image: {formats: {grey: {format: image/png, mode: I}}}', 'globals.image.formats.grey.mode', 'approximated'],
    ['}\nglobals: {image: {paletted: false}', 'globals.image.paletted', 'honoured'],
  ])('looks at what is written: %s', (options, place, status) => {
    expect(statusOf(options, place)).toBe(status);
  });
});

describe('what is probably not meant', () => {
  it.each([
    ['a mistyped keyword of HiPS', 'hips: {obs_copyrigth: x}', "f:4:10 layers[0].md.hips.obs_copyrigth: not a keyword of HiPS; written to the properties file as it is; did you mean 'obs_copyright'?"],
    ['an identifier without scheme', 'hips: {creator_did: mine}', "f:4:23 layers[0].md.hips.creator_did: an IVOA identifier is ivo://authority/name without blanks, found 'mine'"],
    ['a date that clients cannot read', 'hips: {hips_release_date: 2020-01-01}', "f:4:29 layers[0].md.hips.hips_release_date: expected a time as YYYY-mm-ddTHH:MMZ, found '2020-01-01'"],
    ['a made-up status', 'hips: {hips_status: open}', "f:4:23 layers[0].md.hips.hips_status: 'open' is no word of hips_status"],
  ])('%s', (_danger, md, expected) => {
    const found = warnings(`services: {hips: }\nlayers:\n- {name: a, sources: [s], md: {\n  ${md}}}\nsources: {s: {type: debug}}\n`);
    expect(found).toHaveLength(1);
    expect(found[0]).toContain(expected);
  });

  const dated = (layer: string, more: string): readonly string[] => warnings(`services: {wms: }\nlayers: [{name: a, sources: [${layer}], dimensions: {Time: {values: ['2024-01-01']}}}]
caches: {c: {sources: [s]}, over: {sources: [c]}, stored: {sources: []}, later: {sources: [seeded]}}
sources: {s: {type: wms, req: {url: 'http://h/?', layers: l}${more}}, seeded: {type: wms, seed_only: true, req: {url: 'http://h/?', layers: l}}}\n`);

  it.each(['s', 'c', 'over', "'s:m'"])('a dimension that %s does not hand on: every day looks like the same', (layer) => {
    expect(dated(layer, '')).toEqual([expect.stringContaining("layers[0].dimensions.Time: no source of the layer has 'Time' in its forward_req_params: all values show the same picture")]);
    expect(dated(layer, ', forward_req_params: [time]')).toEqual([]);
  });

  it.each(['stored', 'later'])('tiles that lie in the cache %s may be of any day', (layer) => {
    expect(dated(layer, '')).toEqual([]);
  });

  it('two layers of one identifier, which viewers take for one; a layer that is not served does not count', () => {
    const layer = (name: string, more = ''): string => `  - {name: ${name}, sources: [s], md: {hips: {creator_did: ivo://x/y${more}}}}\n`;
    const found = warnings(`services: {hips: }\nlayers:\n${layer('a')}${layer('b')}${layer('c', ', enabled: false')}sources: {s: {type: debug}}\n`);
    expect(found).toEqual([expect.stringContaining("f:4:54 layers[1].md.hips.creator_did: 'ivo://x/y' is the creator_did of another layer too")]);
  });

  it('reference systems and formats that are only offered are left out', () => {
    const { config, warnings: found } = loadText(
      `services: {hips: , wms: {srs: ['EPSG:4326', 'EPSG:99999'], image_formats: [image/gif, image/jpeg]}}\nlayers: [{name: a, sources: [s]}]\nsources: {s: {type: debug}}\n`,
    );
    expect(found.map(({ message }) => message)).toEqual(expect.arrayContaining([expect.stringContaining("'EPSG:99999' is not known and is left out"), expect.stringContaining("'image/gif' is not written here and is left out")]));
    expect(config.services.wms?.srs).toEqual(['EPSG:4326']);
    expect(config.services.wms?.image_formats).toEqual(['image/jpeg']);
  });

  it('a parameter of a vendor is passed on without a word', () => {
    const { config, warnings: found } = loadText(`services: {hips: }\nlayers: [{name: a, sources: [s]}]\nsources:\n  s: {type: wms, req: {url: 'http://h/', layers: [x, 2], map: /m.map, dpi: 96, apikey: k}}\n`);
    expect(found).toEqual([]);
    expect(config.sources.get('s')).toMatchObject({ layers: 'x,2', params: { map: '/m.map', dpi: '96', apikey: 'k' } });
  });
});
