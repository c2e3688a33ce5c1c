import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { TYPES } from '../../src/cli/export.ts';
import { runCli } from '../../src/cli/program.ts';
import { buildGateway } from '../../src/config/build.ts';
import { loadConfig } from '../../src/config/load.ts';
import { matrixOf } from '../../src/geometry/pyramid/tileMatrixSet.ts';
import { DIRECTORY_LAYOUTS, tilePath } from '../../src/io/cache/layout.ts';
import { mocCells } from '../../src/protocol/hips/moc.ts';
import { parseMocFits } from '../../src/protocol/hips/mocFits.ts';
import { parseProperties } from '../../src/protocol/hips/properties.ts';
import type { Gateway } from '../../src/service/types.ts';
import { EXPORT_TYPES, exportLayer, type ExportOptions, type ExportWish } from '../../src/task/export.ts';
import { startUpstream } from '../contract/upstreamServer.ts';
import { decoded } from '../support/pictureGateway.ts';

const MOON = fileURLToPath(new URL('../../config/data/moon.jpg', import.meta.url));
const YAML = `
services: {hips: {hips_tile_width: 64}, wmts: }
layers: [{name: moon, title: The Moon, sources: [c], md: {hips: {hips_order: 2, hips_tile_format: png jpeg}}}]
sources: {s: {type: image, url: ${JSON.stringify(MOON)}, srs: 'IAU_2015:30100', bbox: [-180, -90, 180, 90]}}
caches: {c: {grids: [small, GLOBAL_WEBMERCATOR], sources: [s], format: image/jpeg}}
grids: {small: {srs: 'IAU_2015:30100', tile_size: [64, 64], min_res: 2.8125, num_levels: 6}}
`;

const never = new AbortController().signal;
let root = '';
let config = '';
let directory = '';
let gateway: Gateway;
let out = '';
let err = '';

beforeAll(async () => {
  root = mkdtempSync(path.join(tmpdir(), 'hips-gateway-export-'));
  config = path.join(root, 'mapproxy.yaml');
  writeFileSync(config, YAML);
  gateway = await buildGateway(loadConfig(config), { threads: 0, report: (error) => { throw error; } });
});
afterAll(async () => {
  await gateway?.close();
  rmSync(root, { recursive: true, force: true, maxRetries: 5 });
});
beforeEach(() => {
  directory = mkdtempSync(path.join(root, 'out-'));
  [out, err] = ['', ''];
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => ((out += String(text)), true));
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => ((err += String(text)), true));
});
afterEach(() => vi.restoreAllMocks());

async function exported(name: string, ...args: readonly string[]): Promise<string> {
  const dest = path.join(directory, name);
  expect(await runCli(['export', dest, '-c', config, '-l', 'moon', ...args]), err).toBe(0);
  return dest;
}

/** A tile of the first grid as it is served, rows as the grid counts them: from the bottom. */
async function servedTile(level: string, col: number, row: number, grid = 'small'): Promise<Buffer> {
  const layer = gateway.tiles!.layers.get('moon')!;
  const set = layer.sets.find(({ id }) => id === grid)!;
  return Buffer.from((await layer.tile(set, { matrix: matrixOf(set, level)!, col, row }, 'image/jpeg', 1, never))!.bytes);
}

function filesIn(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile()).map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)).split(path.sep).join('/'));
}

it('offers every type that there is', () => {
  expect(TYPES).toEqual(EXPORT_TYPES);
});

describe('export to a HiPS', () => {
  it('has all tiles as they are served, and the documents', async () => {
    const dest = await exported('moon');
    const files = filesIn(dest);
    expect(files.filter((name) => /Npix\d+\.png$/.test(name))).toHaveLength(12 + 48 + 192);
    expect(files.filter((name) => !name.includes('Npix')).toSorted()).toEqual(['Moc.fits', 'Norder2/Allsky.png', 'metadata.xml', 'preview.jpg', 'properties']);
    const hips = gateway.hips!.layers.get('moon')!;
    for (const [order, npix] of [[0, 4], [1, 17], [2, 191]] as const) {
      const served = await hips.tile(order, npix, 'image/png', never);
      expect(readFileSync(path.join(dest, `Norder${order}/Dir0/Npix${npix}.png`)).equals(served!.bytes)).toBe(true);
    }
    expect(readFileSync(path.join(dest, 'Norder2/Allsky.png')).equals((await hips.allsky(2, 'image/png', never)).bytes)).toBe(true);
    const properties = parseProperties(readFileSync(path.join(dest, 'properties'), 'utf8'));
    expect(properties).toMatchObject({ title: 'The Moon', order: 2, orderMin: 0, tileWidth: 64, formats: ['png'], frame: { id: 'moon' }, skyFraction: 1, serviceUrls: [] });
    expect(existsSync(`${dest}.unfinished.json`)).toBe(false);
  });

  it('is itself a source that shows the same', async () => {
    const dest = await exported('moon', '--format', 'jpg');
    const again = path.join(directory, 'again.yaml');
    writeFileSync(again, `services: {hips: {hips_tile_width: 64}}\nlayers: [{name: moon, sources: [s]}]\nsources: {s: {type: hips, url: ${JSON.stringify(dest)}}}\n`);
    const second = await buildGateway(loadConfig(again), { threads: 0, report: (error) => { throw error; } });
    const tile = await second.hips!.layers.get('moon')!.tile(2, 100, 'image/jpeg', never);
    await second.close();
    expect(readFileSync(path.join(dest, 'Norder2/Dir0/Npix100.jpg')).equals(tile!.bytes)).toBe(true);
  });

  it('of some orders, with the address under which it will be', async () => {
    const dest = await exported('moon', '--levels', '0-1', '--url', 'https://example.org/hips/moon/');
    expect(filesIn(dest).filter((name) => name.includes('Npix'))).toHaveLength(60);
    expect(parseProperties(readFileSync(path.join(dest, 'properties'), 'utf8'))).toMatchObject({ order: 1, serviceUrls: ['https://example.org/hips/moon'] });
  });

  it('of a part: tiles, MOC and covered fraction are those of the part', async () => {
    const dest = await exported('moon', '--bbox', '1,1,10,10');
    const tiles = filesIn(dest).filter((name) => name.includes('Npix'));
    // Face 4 is the square around (0, 0).
    expect(tiles.filter((name) => name.startsWith('Norder0'))).toEqual(['Norder0/Dir0/Npix4.png']);
    expect(tiles.filter((name) => name.startsWith('Norder2')).length).toBeLessThan(5);
    const moc = parseMocFits(readFileSync(path.join(dest, 'Moc.fits')));
    expect(mocCells(moc.moc).length).toBeGreaterThan(10);
    const { skyFraction } = parseProperties(readFileSync(path.join(dest, 'properties'), 'utf8'));
    const area = ((9 * Math.PI) / 180) * (Math.sin((10 * Math.PI) / 180) - Math.sin(Math.PI / 180)) / (4 * Math.PI);
    expect(skyFraction! / area).toBeGreaterThanOrEqual(1);
    expect(skyFraction! / area).toBeLessThan(1.3);
    expect(existsSync(path.join(dest, 'Norder2/Allsky.png'))).toBe(false);
  });
});

describe('export of tiles', () => {
  it('to MBTiles: rows from the bottom, metadata of what is there', async () => {
    const dest = await exported('moon.mbtiles', '--type', 'mbtiles', '--grid', 'GLOBAL_WEBMERCATOR', '--levels', '0-2');
    const db = new DatabaseSync(dest, { readOnly: true });
    const rows = db.prepare('SELECT zoom_level AS z, tile_column AS x, tile_row AS y, tile_data AS data FROM tiles').all();
    const metadata = Object.fromEntries(db.prepare('SELECT name, value FROM metadata').all().map(({ name, value }) => [name, value]));
    db.close();
    expect(rows).toHaveLength(1 + 4 + 16);
    expect(metadata).toMatchObject({ name: 'moon', format: 'jpg', minzoom: '0', maxzoom: '2', scheme: 'tms' });
    expect(String(metadata['bounds']).split(',').map((edge) => Math.round(Number(edge) * 100) / 100)).toEqual([-180, -85.05, 180, 85.05]);
    const north = rows.find(({ z, x, y }) => z === 2 && x === 1 && y === 3)!;
    expect(Buffer.from(north['data'] as Uint8Array).equals(await servedTile('2', 1, 0, 'GLOBAL_WEBMERCATOR'))).toBe(true);
    expect(readdirSync(directory)).toEqual(['moon.mbtiles']);
  });

  it('to a GeoPackage: rows from the top, only matrices that are there', async () => {
    const dest = await exported('moon.gpkg', '--type', 'geopackage', '--levels', '1-2', '--bbox', '-90,0,90,45');
    const db = new DatabaseSync(dest, { readOnly: true });
    const tile = db.prepare('SELECT tile_data AS data FROM moon WHERE zoom_level = 2 AND tile_column = 3 AND tile_row = 1').get();
    const levels = db.prepare('SELECT DISTINCT zoom_level AS z FROM moon ORDER BY 1').all().map(({ z }) => z);
    const matrices = db.prepare('SELECT zoom_level AS z FROM gpkg_tile_matrix ORDER BY 1').all().map(({ z }) => z);
    const contents = db.prepare('SELECT min_x, min_y, max_x, max_y FROM gpkg_contents').get();
    db.close();
    expect([levels, matrices]).toEqual([[1, 2], [0, 1, 2]]);
    expect({ ...contents }).toEqual({ min_x: -90, min_y: 0, max_x: 90, max_y: 45 });
    // Level 2 has 4 rows of 45 degrees: the second from the top is the third from the bottom.
    expect(Buffer.from(tile!['data'] as Uint8Array).equals(await servedTile('2', 3, 2))).toBe(true);
  });

  it.each(DIRECTORY_LAYOUTS.filter((layout) => layout !== 'quadkey'))("to MapProxy's folders: %s", async (layout) => {
    const dest = await exported('tiles', '--type', layout, '--levels', '2,4', '--format', 'jpg');
    const files = filesIn(dest);
    expect(files).toHaveLength(8 * 4 + 32 * 16);
    for (const [level, col, row] of [[2, 7, 1], [4, 20, 11]] as const) {
      const name = `${tilePath(layout, { level, col, row })}.jpeg`;
      expect(files).toContain(name);
      expect(readFileSync(path.join(dest, name)).equals(await servedTile(String(level), col, row))).toBe(true);
    }
  });

  it('to quadkeys, from a grid that begins with one tile', async () => {
    const dest = await exported('tiles', '--type', 'quadkey', '--levels', '2-3', '--grid', 'GLOBAL_WEBMERCATOR');
    expect(filesIn(dest)).toHaveLength(16 + 64);
    expect(readFileSync(path.join(dest, `${tilePath('quadkey', { level: 3, col: 6, row: 2 })}.jpeg`)).equals(await servedTile('3', 6, 2, 'GLOBAL_WEBMERCATOR'))).toBe(true);
  });

  it('to a SQLite file per level', async () => {
    const dest = await exported('levels', '--type', 'sqlite', '--levels', '0-1');
    expect(filesIn(dest).toSorted()).toEqual(['0.mbtiles', '1.mbtiles']);
  });

  it('in another format than the cache has', async () => {
    const dest = await exported('tiles', '-t', 'tms', '-o', '1', '--format', 'png');
    const [one, other] = [await decoded(readFileSync(path.join(dest, '1/2/1.png'))), await decoded(await servedTile('1', 2, 1))];
    const mean = one.data.reduce((sum, value, i) => sum + Math.abs(value - other.data[i]!), 0) / one.data.length;
    expect(mean).toBeLessThan(3);
  });
});

describe('export of what lies in a file', () => {
  /** A triangle of degrees; a tile of 5.625 degrees touches it where its lower left corner is below the long side. */
  const TRIANGLE = [[1, 1], [40, 1], [1, 40], [1, 1]] as const;
  const touched = (level: number): readonly string[] => {
    const side = 180 / 2 ** level;
    const names: string[] = [];
    for (let x = 0; x < 2 ** (level + 1); x++) {
      for (let y = 0; y < 2 ** level; y++) {
        const [west, south] = [x * side - 180, y * side - 90];
        if (west + side > 1 && south + side > 1 && Math.max(west, 1) + Math.max(south, 1) < 41) names.push(`${level}/${x}/${y}.jpeg`);
      }
    }
    return names.toSorted();
  };
  const written = (name: string, text: string): string => {
    const file = path.join(directory, name);
    writeFileSync(file, text);
    return file;
  };
  const WKT = `POLYGON ((${TRIANGLE.map((point) => point.join(' ')).join(', ')}))`;

  it.each([
    ['area.wkt', WKT, []],
    ['area.geojson', JSON.stringify({ type: 'Polygon', coordinates: [TRIANGLE] }), []],
    // Equirectangular metres of the Moon: the same degrees.
    ['area.txt', `POLYGON ((${TRIANGLE.map((point) => point.map((degrees) => (degrees * Math.PI * 1_737_400) / 180).join(' ')).join(', ')}))`, ['--srs', 'IAU_2015:30110']],
  ])('tiles: those that %s touches, and no others', async (name, text, more) => {
    const dest = await exported('tiles', '-t', 'tms', '-o', '3,5', '--coverage', written(name, text), ...more);
    expect(filesIn(dest).toSorted()).toEqual([...touched(3), ...touched(5)].toSorted());
    expect(touched(5).length).toBeLessThan(50);
    expect(existsSync(`${dest}.unfinished.json`)).toBe(false);
  });

  it('the counts of --dry-run are those of the tiles', async () => {
    expect(await runCli(['export', path.join(directory, 'x'), '-c', config, '-l', 'moon', '-t', 'tms', '-o', '3,5', '--coverage', written('area.wkt', WKT), '--dry-run']), err).toBe(0);
    expect(out).toBe(`3: ${touched(3).length}\n5: ${touched(5).length}\n`);
  });

  it('a HiPS: the tiles and the MOC of a MOC', async () => {
    const dest = await exported('moon', '--coverage', written('part.moc.txt', '1/17 2/100'));
    expect(filesIn(dest).filter((name) => name.includes('Npix')).toSorted()).toEqual([
      'Norder0/Dir0/Npix4.png', 'Norder0/Dir0/Npix6.png', 'Norder1/Dir0/Npix17.png', 'Norder1/Dir0/Npix25.png',
      ...[100, 68, 69, 70, 71].map((npix) => `Norder2/Dir0/Npix${npix}.png`),
    ]);
    expect(mocCells(parseMocFits(readFileSync(path.join(dest, 'Moc.fits'))).moc)).toEqual([{ order: 1, npix: 17 }, { order: 2, npix: 100 }]);
    expect(parseProperties(readFileSync(path.join(dest, 'properties'), 'utf8')).skyFraction).toBeCloseTo(1 / 48 + 1 / 192, 6);
  });

  it('a HiPS of polygons: no tile that they do not touch', async () => {
    const dest = await exported('moon', '--coverage', written('area.wkt', WKT));
    const { skyFraction } = parseProperties(readFileSync(path.join(dest, 'properties'), 'utf8'));
    const exact = (39 * Math.PI) / 180; // the triangle on the sphere: integral of (40 - lat - 1) d(sin lat), by steps
    const steps = Array.from({ length: 3900 }, (_, i) => 1 + (i + 0.5) / 100);
    const area = steps.reduce((sum, lat) => sum + ((40 - lat) / 39) * exact * Math.cos((lat * Math.PI) / 180) * (Math.PI / 18_000), 0) / (4 * Math.PI);
    expect(skyFraction! / area).toBeGreaterThanOrEqual(1);
    expect(skyFraction! / area).toBeLessThan(1.1);
  });

  it('another file is another export', async () => {
    const dest = await exported('tiles', '-t', 'tms', '-o', '3', '--coverage', written('area.wkt', WKT));
    const args = ['export', dest, '-c', config, '-l', 'moon', '-t', 'tms', '-o', '3', '--coverage', written('other.wkt', WKT.replace('40 1', '50 1'))];
    expect(await runCli(args)).toBe(2);
    expect(err).toMatch(/is there already/);
  });

  it.each([
    ['nothing.wkt', null, [], /nothing\.wkt: the file '.*' cannot be read/],
    ['area.shp', '\0\0\'\n', [], /area\.shp: a shapefile is not read here: 'ogr2ogr/],
    ['line.wkt', 'LINESTRING (0 0, 1 1)', [], /line\.wkt: expected polygons as WKT or GeoJSON, or a MOC/],
    ['area.wkt', WKT, ['--srs', 'EPSG:25832'], /area\.wkt: a coverage in EPSG:25832 is on another body than moon/],
    ['area.wkt', WKT, ['--bbox', '0,0,1,1'], /cannot be used with option/],
  ] as const)('%s is told of', async (name, text, more, message) => {
    const file = text === null ? path.join(directory, name) : written(name, text);
    expect(await runCli(['export', path.join(directory, 'x'), '-c', config, '-l', 'moon', '-t', 'tms', '-o', '3', '--coverage', file, ...more])).toBe(2);
    expect(err).toMatch(message);
    expect(existsSync(path.join(directory, 'x'))).toBe(false);
  });

  it('four numbers are a rectangle, as in MapProxy', async () => {
    const dest = await exported('tiles', '-t', 'tms', '-o', '3', '--coverage=1,1,20,20');
    expect(filesIn(dest).toSorted()).toEqual(filesIn(await exported('same', '-t', 'tms', '-o', '3', '--bbox', '1,1,20,20')).toSorted());
  });
});

describe('an export that is stopped', () => {
  const WISH: Omit<ExportWish, 'dest'> = { layer: 'moon', type: 'hips', grid: null, levels: null, format: null, coverage: null, url: null };
  const OPTIONS: Omit<ExportOptions, 'signal'> = { existing: 'refuse', jobs: 2, onProgress: () => {}, onFailure: (name, error) => { throw new Error(name, { cause: error }); }, report: () => {} };

  it('goes on where it was, and says which one it is until it is complete', async () => {
    const dest = path.join(directory, 'moon');
    const controller = new AbortController();
    const first = await exportLayer(loadConfig(config), { ...WISH, dest }, {
      ...OPTIONS, signal: controller.signal, onProgress: ({ done }) => void (done === 30 && controller.abort()),
    });
    expect(first.complete).toBe(false);
    expect(first.made).toBeGreaterThanOrEqual(30);
    expect(first.made).toBeLessThan(40);
    expect(existsSync(path.join(dest, 'properties'))).toBe(false);
    expect(JSON.parse(readFileSync(`${dest}.unfinished.json`, 'utf8'))).toMatchObject({ layer: 'moon', type: 'hips' });
    await expect(exportLayer(loadConfig(config), { ...WISH, dest, format: 'image/jpeg' }, { ...OPTIONS, signal: never })).rejects.toThrow(/unfinished export of something else/);

    const second = await exportLayer(loadConfig(config), { ...WISH, dest }, { ...OPTIONS, signal: never });
    expect(second).toMatchObject({ complete: true, skipped: first.made, made: 252 - first.made });
    expect(filesIn(dest)).toHaveLength(252 + 5);
    expect(existsSync(`${dest}.unfinished.json`)).toBe(false);
  });

  it('refuses what is there, unless it is told to go on or to make it anew', async () => {
    const dest = await exported('moon', '-o', '0');
    expect(await runCli(['export', dest, '-c', config, '-l', 'moon', '-o', '0'])).toBe(2);
    expect(err).toMatch(/is there already: --resume .* --force/);
    writeFileSync(path.join(dest, 'Norder0/Dir0/Npix3.png'), 'mine');
    rmSync(path.join(dest, 'Norder0/Dir0/Npix4.png'));
    out = '';
    await exported('moon', '-o', '0', '--resume');
    expect(out).toMatch(/1 tiles written .* 11 there before/);
    expect(readFileSync(path.join(dest, 'Norder0/Dir0/Npix3.png'), 'utf8')).toBe('mine');
    await exported('moon', '-o', '0', '--force');
    expect(readFileSync(path.join(dest, 'Norder0/Dir0/Npix3.png')).length).toBeGreaterThan(1000);
    writeFileSync(path.join(directory, 'x.mbtiles'), 'mine');
    expect(await runCli(['export', path.join(directory, 'x.mbtiles'), '-c', config, '-l', 'moon', '-t', 'mbtiles', '-o', '0'])).toBe(2);
    expect(readFileSync(path.join(directory, 'x.mbtiles'), 'utf8')).toBe('mine');
    await exported('x.mbtiles', '-t', 'mbtiles', '-o', '0', '--force');
  });

  it('leaves out tiles whose upstream fails, says so, and makes them the next time', async () => {
    let isBroken = true;
    const picture = Buffer.from(await (await import('sharp')).default({ create: { width: 64, height: 64, channels: 3, background: '#336699' } }).png().toBuffer());
    const upstream = await startUpstream((request, response) => (isBroken && request.url!.startsWith('/1/0/') ? response.writeHead(500).end() : response.end(picture)));
    const yaml = path.join(directory, 'upstream.yaml');
    writeFileSync(yaml, `services: {wmts: }\nlayers: [{name: moon, sources: [c]}]\ncaches: {c: {grids: [small], sources: [s]}}\n`
      + `sources: {s: {type: xyz, url: '${upstream.url}/{z}/{x}/{y}.png', grid: small, body: moon}}\n`
      + `grids: {small: {srs: 'IAU_2015:30100', tile_size: [64, 64], min_res: 2.8125, num_levels: 3, origin: nw}}\nglobals: {http: {tries: 1}, cache: {base_dir: ./cache}}\n`);
    const dest = path.join(directory, 'tiles');
    const args = ['export', dest, '-c', yaml, '-l', 'moon', '-t', 'tms', '-o', '1'];
    try {
      expect(await runCli(args)).toBe(1);
      expect(err).toMatch(/1\/0\/0: /);
      expect(out).toMatch(/of 8 are missing, the same command goes on/);
      isBroken = false;
      out = '';
      expect(await runCli(args), err).toBe(0);
      expect(filesIn(dest)).toHaveLength(8);
    } finally {
      await upstream.close();
    }
  });
});

describe('export says what is wrong', () => {
  it.each([
    [['-l', 'mars'], 2, /there is no layer 'mars': moon/],
    [['-l', 'moon', '-o', '0-9'], 2, /order 9 is deeper than the HiPS 'moon': 0-2/],
    [['-l', 'moon', '-o', '1-2'], 2, /a HiPS has all orders from 0 on/],
    [['-l', 'moon', '--format', 'webp'], 2, /has no tiles in image\/webp/],
    [['-l', 'moon', '-t', 'tms'], 2, /say which levels of the grid 'small'/],
    [['-l', 'moon', '-t', 'tms', '-o', '6'], 2, /has no level 6: 0-5/],
    [['-l', 'moon', '-t', 'tms', '-o', '0', '--grid', 'x'], 2, /has no grid 'x': small, GLOBAL_WEBMERCATOR/],
    [['-l', 'moon', '-t', 'quadkey', '-o', '1'], 2, /level 1 of the grid 'small' has 4 x 2 tiles, more than quadkeys/],
    [['-l', 'moon', '-o', 'five'], 2, /expected numbers or ranges/],
    [['-l', 'moon', '-t', 'zip'], 2, /Allowed choices are hips/],
    [['-l', 'moon', '--resume', '--force'], 2, /cannot be used with/],
    [[], 2, /required option '-l, --layer/],
  ])('%j', async (args, code, message) => {
    expect(await runCli(['export', path.join(directory, 'x'), '-c', config, ...args])).toBe(code);
    expect(err).toMatch(message);
    expect(readdirSync(directory)).toEqual([]);
  });

  it('layers that are not served so, and asks nobody whom the layer does not need', async () => {
    const yaml = path.join(directory, 'two.yaml');
    writeFileSync(yaml, `services: {wmts: , wms: }\nlayers: [{name: good, sources: [s]}, {title: group, layers: [{name: tiled, sources: [c]}, {name: dead, sources: [d]}]}]\n`
      + `caches: {c: {grids: [GLOBAL_GEODETIC], sources: [s]}, d: {sources: [gone]}}\nsources: {s: {type: debug}, gone: {type: wmts, url: 'http://127.0.0.1:9/', layer: x}}\n`);
    const args = (layer: string): readonly string[] => ['export', path.join(directory, 'x'), '-c', yaml, '-l', layer, '-t', 'tms', '-o', '0'];
    expect(await runCli(args('good'))).toBe(2);
    expect(err).toMatch(/the layer 'good' is not served as tiles: .* made from a cache/);
    expect(await runCli(args('dead'))).toBe(2);
    expect(await runCli(args('tiled')), err).toBe(0);
  });

  it('counts without making anything', async () => {
    expect(await runCli(['export', path.join(directory, 'x'), '-c', config, '-l', 'moon', '--dry-run'])).toBe(0);
    expect(out).toBe('0: 12\n1: 48\n2: 192\n');
    expect(readdirSync(directory)).toEqual([]);
  });
});
