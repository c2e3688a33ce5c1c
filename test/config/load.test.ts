import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadFiles, loadText } from './loadText.ts';

const SERVED = 'services: {hips: }\nlayers: [{name: a, sources: [s]}]\n';

describe('base files', () => {
  const files = {
    'main.yaml': 'base: [near.yaml, far.yaml]\nlayers: [{name: b, sources: [s]}]\nsources: {s: {http: {client_timeout: 1}}}\n',
    'near.yaml': 'base: root.yaml\nsources: {s: {http: {client_timeout: 2, tries: 2}}}\n',
    'far.yaml': 'sources: {s: {http: {tries: 5, headers: {X: far}}}}\n',
    'root.yaml': 'services: {hips: }\nsources: {s: {type: debug, lon_offset: 7}}\nlayers: [{name: a, sources: [s]}]\n',
  };

  it('lie under the file: it wins, an earlier base wins over a later one, recursively', () => {
    const { config, files: read } = loadFiles(files);
    expect(config.sources.get('s')).toMatchObject({ type: 'debug', lon_offset: 7, http: { client_timeout: 1, tries: 2, headers: { X: 'far' } } });
    expect(config.layers.map(({ name }) => name)).toEqual(['a', 'b']);
    expect(read.map((file) => path.basename(file))).toEqual(['main.yaml', 'near.yaml', 'root.yaml', 'far.yaml']);
  });

  it('have their own file, line and column in messages', () => {
    expect(() => loadFiles({ ...files, 'far.yaml': '\nsources: {s: {htpp: {}}}\n' })).toThrow(/far\.yaml:2:15 sources\.s\.htpp: unknown key/);
  });

  it('may be missing or circular, which is told at the place that names them', () => {
    expect(() => loadFiles({ ...files, 'near.yaml': 'base:\n  - none.yaml\n' })).toThrow(/near\.yaml:2:5 base: .*none\.yaml cannot be read/);
    expect(() => loadFiles({ ...files, 'root.yaml': 'base: near.yaml\n' })).toThrow(/root\.yaml:1:7 base: .*near\.yaml is its own base/);
  });
});

describe('variables', () => {
  const text = `${SERVED}sources: {s: {type: wms, req: {url: \${WMS:-http://localhost/map?x=1}, layers: a}}}\nserver: {port: \${PORT:-9000}}\n`;

  it('have defaults and types', () => {
    const { config } = loadText(text);
    expect(config.sources.get('s')).toMatchObject({ url: 'http://localhost/map?x=1' });
    expect(config.server.port).toBe(9000);
    expect(loadText(text, { PORT: '1', WMS: 'https://h/' }).config.server.port).toBe(1);
  });

  it('that are missing stop the start', () => {
    expect(() => loadText(`${SERVED}sources: {s: {type: wms, req: {url: '\${WMS}', layers: a}}}\n`)).toThrow(/:3:37 the environment variable WMS is not set/);
  });
});

describe('secrets in files', () => {
  const text = `${SERVED}sources: {s: {type: wms, req: {url: 'http://h/?key=\${file:secrets/key.txt}', layers: a}}}\n`;
  const secretsIn = (folder: string) => ({ 'main.yaml': 'base: part/base.yaml\n', 'part/base.yaml': text, [folder]: 'top: secret #1\n' });

  it('lie beside the file that names them, and are no YAML', () => {
    expect(loadFiles(secretsIn('part/secrets/key.txt')).config.sources.get('s')).toMatchObject({ url: 'http://h/?key=top: secret #1' });
  });

  it('that are missing stop the start, and are not shown', () => {
    expect(() => loadFiles(secretsIn('elsewhere.txt'))).toThrow(/base\.yaml:3:\d+ the secret 'secrets\/key\.txt' is not there/);
    expect(() => loadText(`${SERVED}sources: {s: {type: wms, req: {url: '\${file:.}', layers: a}}}\n`)).toThrow(/is no file/);
  });
});

describe('what options inherit', () => {
  it('globals -> sources: timeout, tries, headers, resampling', () => {
    const { config } = loadText(`${SERVED}sources:
  s: {type: debug}
  t: {type: hips, url: 'http://h/x/', resampling_method: nearest_neighbour, concurrent_requests: 2, http: {client_timeout: 5, headers: {B: 2}}}
globals: {image: {resampling_method: bilinear}, http: {client_timeout: 9, headers: {A: 1, B: 1}}}
`);
    expect(config.sources.get('s')).toMatchObject({ resampling_method: 'bilinear', http: { client_timeout: 9, tries: 3, headers: { A: '1', B: '1' }, concurrent_requests: 16 } });
    expect(config.sources.get('t')).toMatchObject({ resampling_method: 'nearest', url: 'http://h/x', http: { client_timeout: 5, headers: { A: '1', B: '2' }, concurrent_requests: 2 } });
  });

  it('globals -> caches: meta tiles, quality; named formats', () => {
    const { config } = loadText(`${SERVED}sources: {s: {type: debug}}
caches:
  c: {sources: s, format: photo, grids: [GLOBAL_GEODETIC, g]}
  d: {sources: [c], meta_size: [1, 1], meta_buffer: 0, format: mixed, cache: {type: file, file_permissions: '640'}}
grids: {g: {srs: EPSG:4326, tile_size: [512, 512]}}
globals: {cache: {base_dir: /data, meta_size: [2, 3], directory_permissions: '755'}, image: {jpeg_quality: 70, formats: {photo: {format: image/jpeg, encoding_options: {jpeg_quality: 80}}}}}
`);
    expect(config.caches.get('c')).toMatchObject({
      sources: [{ kind: 'source', name: 's' }], format: 'image/jpeg', picture: { jpeg_quality: 80, colors: 0, mode: null }, meta_size: [2, 3], meta_buffer: 80, grids: [{ store: { permissions: { directory: 0o755, file: null } } }, {}],
    });
    expect(config.caches.get('d')).toMatchObject({
      sources: [{ kind: 'cache', name: 'c' }], format: 'image/png', mixed: true, picture: { jpeg_quality: 70 }, meta_size: [1, 1], meta_buffer: 0, grids: [{ store: { permissions: { directory: 0o755, file: 0o640 } } }],
    });
  });

  it("keeps MapProxy's directories, but never lets two grids of one reference system share one", () => {
    const { config } = loadText(`${SERVED}sources: {s: {type: debug}}
caches:
  c: {sources: [s], grids: [GLOBAL_GEODETIC, g]}
  n: {sources: [s], grids: [g], cache: {type: file, use_grid_names: true}}
  x: {sources: [s], grids: [g], cache: {type: file, directory: /tiles/x}}
grids: {g: {srs: EPSG:4326, tile_size: [512, 512]}}
globals: {cache: {base_dir: /data}}
`);
    const directories = (name: string): readonly string[] | undefined => config.caches.get(name)?.grids.map(({ store }) => (store.type === 'file' ? store.directory : store.type));
    expect(directories('c')).toEqual(['/data/c_EPSG4326', '/data/c_EPSG4326_g']);
    expect(directories('n')).toEqual(['/data/n/g']);
    expect(directories('x')).toEqual(['/tiles/x']);
  });

  it('base grid -> grid, through several and from predefined ones', () => {
    const { config } = loadText(`${SERVED}sources: {s: {type: debug}}
grids:
  one: {base: GLOBAL_WEBMERCATOR, tile_size: [512, 512], num_levels: 5}
  two: {base: one, origin: ll, res: {a: 2, b: 1}}
  mars: {base: MARS_GEOGRAPHIC, num_levels: 3}
  moon: {base: GLOBAL_GEODETIC, origin: nw, srs: 'IAU_2015:30100', bbox: [-180, -90, 180, 90]}
  elsewhere: {base: MARS_GEOGRAPHIC, srs: 'IAU_2015:49910'}
  listed: {base: MARS_GEOGRAPHIC, res: [1, 0.5]}
`);
    expect(config.grids.get('listed')).toMatchObject({ srs: 'IAU_2015:49900', res: [1, 0.5], min_res: null, num_levels: null });
    expect(config.grids.get('two')).toMatchObject({ name: 'two', srs: 'EPSG:3857', origin: 'sw', tile_size: [512, 512], num_levels: 5, res: [['a', 2], ['b', 1]] });
    expect(config.grids.get('mars')).toMatchObject({ srs: 'IAU_2015:49900', origin: 'nw', bbox: [-180, -90, 180, 90], num_levels: 3, tile_size: [256, 256] });
    expect(config.grids.get('moon')).toMatchObject({ srs: 'IAU_2015:30100', origin: 'nw', bbox: [-180, -90, 180, 90] });
    expect(config.grids.get('elsewhere')).toMatchObject({ srs: 'IAU_2015:49910', bbox: null, min_res: null });
  });

  it('services.hips -> layers: formats, tile width, properties', () => {
    const { config } = loadText(`services: {hips: {formats: [jpg, png], hips_tile_width: 256, md: {publisher_id: ivo://p, obs_ack: all}}}
layers:
  - {name: a, sources: [s]}
  - {name: b, sources: [s], md: {hips: {hips_tile_format: webp, hips_tile_width: '512', obs_ack: own, t_min: 51544, foo: true}}}
  - {name: c, sources: [s], md: {hips: {enabled: no}}}
  - {title: group, layers: [{name: d, sources: [s]}]}
sources: {s: {type: debug}}
`);
    const [a, b, c, group] = config.layers;
    expect(a?.hips).toMatchObject({ formats: ['image/jpeg', 'image/png'], hips_tile_width: 256, hips_order: null });
    expect(b?.hips).toMatchObject({ formats: ['image/webp'], hips_tile_width: 512 });
    expect([...(b?.hips?.properties ?? [])]).toEqual([['publisher_id', 'ivo://p'], ['obs_ack', 'own'], ['t_min', '51544'], ['foo', 'true']]);
    expect(c?.hips).toBeNull();
    expect(group?.hips).toBeNull();
    expect(group?.layers[0]?.hips).not.toBeNull();
  });
});

describe('forms that MapProxy reads too', () => {
  it('one root layer as a map, and layers by name', () => {
    const sources = 'sources: {s: {type: debug}}\nservices: {hips: }\n';
    expect(loadText(`${sources}layers: {title: Root, layers: [{name: a, sources: [s]}]}\n`).config.layers).toMatchObject([{ name: null, title: 'Root', layers: [{ name: 'a' }] }]);
    expect(loadText(`${sources}layers: {a: {title: A, sources: [s]}}\n`).config.layers).toMatchObject([{ name: 'a', title: 'A' }]);
  });

  it('tagged sources, numbers as names, a bbox as text', () => {
    const { config } = loadText(`services: {hips: }
layers: [{name: 20, sources: ['w:roads,rivers', 7]}]
sources:
  w: {type: wms, req: {url: 'http://h/'}, coverage: {bbox: '1, 2, 3, 4', srs: 'EPSG:4326'}}
  7: {type: debug}
`);
    expect(config.layers[0]).toMatchObject({ name: '20', sources: [{ kind: 'source', name: 'w', layers: 'roads,rivers' }, { name: '7', layers: null }] });
    expect(config.sources.get('w')?.coverage).toEqual({ area: { kind: 'bbox', bbox: [1, 2, 3, 4], srs: 'EPSG:4326' }, clip: false });
  });

  it('a cache with the name of its source: layers mean the cache, the cache means the source', () => {
    const { config } = loadText(`services: {hips: }\nlayers: [{name: a, sources: [x]}]\nsources: {x: {type: debug}}\ncaches: {x: {sources: [x]}}\n`);
    expect(config.layers[0]).toMatchObject({ sources: [{ kind: 'cache', name: 'x' }], tile_sources: ['x'] });
    expect(config.caches.get('x')?.sources).toMatchObject([{ kind: 'source', name: 'x' }]);
  });

  it('relative paths start at the file', () => {
    const { config, directory } = loadFiles({ 'main.yaml': `${SERVED}sources: {s: {type: image, url: ./picture.png, srs: 'IAU_2015:30100'}}\n`, 'picture.png': '' });
    expect(config.sources.get('s')).toMatchObject({ url: path.join(directory, 'picture.png'), bbox: null });
    expect(config.globals.cache.base_dir).toBe(path.join(directory, 'cache_data'));
  });

  it('places are known after loading, for mistakes that only building shows', () => {
    const { locate, file } = loadText(`${SERVED}sources: {s: {type: debug}}\n`);
    expect(locate(['sources', 's', 'type'])).toEqual({ file, line: 3, column: 21 });
  });
});
