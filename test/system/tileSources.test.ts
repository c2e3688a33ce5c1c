import { rmSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, describe, expect, it } from 'vitest';
import { assemble, buildGateway } from '../../src/config/build.ts';
import { createShared } from '../../src/config/build/shared.ts';
import { createRasterPool } from '../../src/io/source/rasterPool.ts';
import { ownRasters } from '../../src/io/source/rasterCache.ts';
import { ConfigError } from '../../src/config/issue.ts';
import { adjustedCrs } from '../../src/geometry/crs/adjusted.ts';
import { degreesOnBody, webMercatorOnBody } from '../../src/geometry/crs/alias.ts';
import { swapBbox } from '../../src/geometry/crs/axis.ts';
import { crsOf } from '../../src/geometry/crs/registry.ts';
import type { Crs } from '../../src/geometry/crs/types.ts';
import { bodyFrame } from '../../src/geometry/frame/frame.ts';
import { crsLatticeOfBbox } from '../../src/geometry/lattice/crsLattice.ts';
import type { PixelGrid } from '../../src/geometry/lattice/types.ts';
import { hipsGrid } from '../../src/geometry/pyramid/hips.ts';
import { standardSet } from '../../src/geometry/pyramid/standardSets.ts';
import { asTopLeft, type TileMatrixSet } from '../../src/geometry/pyramid/tileMatrixSet.ts';
import { createEncodedCache } from '../../src/layer/encoded.ts';
import { createLocalPainter } from '../../src/layer/painter.ts';
import type { Layer } from '../../src/layer/types.ts';
import { writeXml } from '../../src/protocol/element.ts';
import { tileMatrixSetElement } from '../../src/protocol/wmts/setElement.ts';
import { createSharpCodec } from '../../src/raster/codec/sharp.ts';
import { loadText } from '../config/loadText.ts';
import type { Upstream } from '../contract/upstreamServer.ts';
import { serveAnalyticHips } from '../support/analyticHips.ts';
import { fieldMap, fieldTile, startFieldUpstream, type FieldAnswer } from '../support/fieldUpstream.ts';
import { fieldPicture, largestDifference } from '../support/smoothField.ts';

const never = new AbortController().signal;
const MOON = bodyFrame('moon');
/** Bicubic on a field that bends little, rounded twice. */
const MISS = 1;

const cleanUp: (() => unknown)[] = [];
afterEach(async () => {
  for (const step of cleanUp.splice(0).toReversed()) await step();
});

async function upstreamOf(answer: Parameters<typeof startFieldUpstream>[0]): Promise<Upstream> {
  const upstream = await startFieldUpstream(answer);
  cleanUp.push(() => upstream.close());
  return upstream;
}

async function cacheDirectory(): Promise<string> {
  const directory = await mkdtemp(path.join(tmpdir(), 'hips-gateway-cache-'));
  cleanUp.push(() => rmSync(directory, { recursive: true, force: true, maxRetries: 5 }));
  return directory;
}

interface Opened {
  readonly layer: Layer;
  readonly reports: readonly unknown[];
}

/** The layer of one source, as its painter has it. @param source the source in YAML's flow style */
async function layerOf(source: string, { grids = '', layerMd = '', cache = '' } = {}): Promise<Opened> {
  const directory = cache === '' ? await cacheDirectory() : cache;
  const yaml = `services: {hips: }\nlayers: [{name: l, sources: [s]${layerMd}}]\nsources: {s: ${source}}\n${grids}\nglobals: {http: {tries: 1}, cache: {base_dir: ${directory}}}\n`;
  const reports: unknown[] = [];
  const { gateway, context } = await assemble(loadText(yaml), {
    report: (error) => reports.push(error),
    shared: createShared(createRasterPool(1e6)).shared,
    painterOver: createLocalPainter,
    memory: createEncodedCache(1e6),
    remember: ownRasters,
    decodedBytes: 1e6,
  });
  cleanUp.push(() => gateway.close());
  return { layer: await context.layers.get('hips l')!.use({}, (layer) => Promise.resolve(layer)), reports };
}

/** How far a layer's picture is from the field. */
async function missOf({ layer }: Opened, grid: PixelGrid): Promise<number> {
  return largestDifference(await layer.render(grid, never), fieldPicture(grid.lattice, grid));
}

function hipsTile(body: string, order: number, npix: number): PixelGrid {
  return hipsGrid(bodyFrame(body), { order, npix }, 64);
}

const asked = ({ requests }: Upstream, part: string): readonly string[] => requests.filter((each) => each.includes(part)).sort();

describe('type: tile, xyz, tms', () => {
  it('tile: a Mercator pyramid counted from below (danger: rows, columns and levels mixed up)', async () => {
    const set = standardSet('GLOBAL_MERCATOR', crsOf)!;
    const upstream = await upstreamOf((at) => {
      const [, z, x, y] = /^\/tms\/(\d+)\/(\d+)\/(\d+)\.jpeg$/.exec(at) ?? [];
      return z === undefined ? undefined : fieldTile(set, z, Number(x), Number(y));
    });
    const opened = await layerOf(`{type: tile, url: '${upstream.url}/tms/%(tms_path)s.%(format)s', grid: GLOBAL_MERCATOR, request_format: image/jpeg, transparent: true}`);
    expect(opened.layer.frame.id).toBe('earth');
    expect(await missOf(opened, hipsTile('earth', 2, 4 * 16 + 7))).toBeLessThanOrEqual(MISS);
    expect(asked(upstream, '/tms/')).toEqual(['/tms/3/4/3.jpeg', '/tms/3/4/4.jpeg']);
  });

  it('tile: an own grid, a coverage, and what is asked of it', async () => {
    const upstream = await upstreamOf(() => 404);
    const grids = 'grids: {mine: {srs: "IAU_2015:30100", bbox: [-180, -90, 180, 90], origin: nw, tile_size: [512, 256], res: {a: 0.7, b: 0.3515625, c: 0.175}}}';
    const { layer } = await layerOf(`{type: tile, url: '${upstream.url}/%(z)02d/%(x)s/%(y)s', grid: mine, coverage: {bbox: [0, 0, 90, 45]}}`, { grids });
    const lattice = crsLatticeOfBbox(crsOf('IAU_2015:30100'), [-180, -90, 180, 90], 1024, 512);
    const picture = await layer.render({ lattice, chart: 0, col: 0, row: 0, width: 1024, height: 512 }, never);
    expect(picture.data.every((value) => value === 0)).toBe(true);
    expect([...upstream.requests].sort()).toEqual(['/01/1/0']);
  });

  it('xyz: Web Mercator in the name of the Moon, subdomains and all', async () => {
    const set = asTopLeft({ ...standardSet('GLOBAL_WEBMERCATOR', crsOf)!, crs: webMercatorOnBody(MOON) });
    const upstream = await upstreamOf((at) => {
      const [, z, x, y] = /^\/[ab]\/(\d+)\/(\d+)\/(\d+)$/.exec(at) ?? [];
      return z === undefined ? undefined : fieldTile(set, z, Number(x), Number(y));
    });
    const opened = await layerOf(`{type: xyz, url: '${upstream.url}/{s}/{z}/{x}/{y}', subdomains: [a, b], body: moon, lon_offset: 0}`);
    expect(await missOf(opened, hipsTile('moon', 1, 17))).toBeLessThanOrEqual(MISS);
  });

  it('tms: a pole', async () => {
    const set = standardSet('MARS_NORTH_POLAR', crsOf)!;
    const upstream = await upstreamOf((at) => {
      const [, z, x, y] = /^\/pole\/(\d+)\/(\d+)\/(\d+)\.png$/.exec(at) ?? [];
      const rows = 2 ** Number(z);
      return z === undefined ? undefined : fieldTile(set, z, Number(x), rows - 1 - Number(y));
    });
    const opened = await layerOf(`{type: tms, url: '${upstream.url}/pole/', grid: MARS_NORTH_POLAR}`);
    expect(await missOf(opened, hipsTile('mars', 1, 3))).toBeLessThanOrEqual(MISS);
  });

  it('debug: draws addresses without any upstream', async () => {
    const { layer } = await layerOf('{type: debug, body: moon}');
    expect(layer.frame.id).toBe('moon');
    const picture = await layer.render(hipsTile('moon', 1, 17), never);
    const red = picture.data.filter((value, i) => i % 4 === 0 && value > 100 && picture.data[i + 1]! < 50).length;
    expect([red > 20, picture.data.some((value, i) => i % 4 === 3 && value === 0)]).toEqual([true, true]);
  });

  it.each([
    ['a placeholder that is none', "{type: tile, url: 'http://h/%(foo)s'}", 's.url', '%(foo)s'],
    ['an address without row', "{type: xyz, url: 'http://h/{z}/{x}'}", 's.url', 'does not name'],
    ['a grid of another body', "{type: tile, url: 'http://h/%(tms_path)s', grid: MARS_GEOGRAPHIC, body: moon}", 's.grid', "shows 'mars'"],
    ['a coverage beside the tiles', "{type: tile, url: 'http://h/%(tms_path)s', grid: MARS_NORTH_POLAR, coverage: {bbox: [9e6, 9e6, 9.1e6, 9.1e6]}}", 's.coverage', 'outside'],
  ])('refuses %s, and says where', async (_, source, at, said) => {
    const error: unknown = await layerOf(source).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(ConfigError);
    const [issue] = (error as ConfigError).issues;
    expect(issue!.path.join('.')).toBe(`sources.${at}`);
    expect(issue!.line).toBe(3);
    expect(issue!.message).toContain(said);
  });
});

type NumberedTile = readonly [zoom: number, col: number, row: number, bytes: Uint8Array];

/** A file with a table of tiles and whatever else `sql` makes. */
async function tileFile(name: string, table: string, tiles: readonly NumberedTile[], sql: string): Promise<string> {
  const file = path.join(await cacheDirectory(), name);
  const db = new DatabaseSync(file);
  db.exec(`CREATE TABLE ${table} (zoom_level integer, tile_column integer, tile_row integer, tile_data blob); ${sql}`);
  const insert = db.prepare(`INSERT INTO ${table} VALUES (?, ?, ?, ?)`);
  for (const tile of tiles) insert.run(...tile);
  db.close();
  return file;
}

describe('type: mbtiles', () => {
  const set = asTopLeft(standardSet('GLOBAL_WEBMERCATOR', crsOf)!);
  /** The tiles of level 3 that HiPS tile 2/71 of the Earth needs, rows from above. */
  const tiles = async (rowOf: (row: number) => number): Promise<NumberedTile[]> =>
    Promise.all([3, 4].map(async (row): Promise<NumberedTile> => [3, 4, rowOf(row), await fieldTile(set, '3', 4, row)]));

  it.each([
    ['from below, as the standard says', '', (row: number) => 7 - row],
    ['from above, where its metadata say so', "CREATE TABLE metadata (name text, value text); INSERT INTO metadata VALUES ('scheme', 'xyz');", (row: number) => row],
  ])('counts rows %s (danger: the south in the north)', async (_, sql, rowOf) => {
    const opened = await layerOf(`{type: mbtiles, filename: '${await tileFile('a.mbtiles', 'tiles', await tiles(rowOf), sql)}'}`);
    expect(await missOf(opened, hipsTile('earth', 2, 4 * 16 + 7))).toBeLessThanOrEqual(MISS);
  });

  it('is transparent where the file has no tile, and has the levels that the file has', async () => {
    const { layer } = await layerOf(`{type: mbtiles, filename: '${await tileFile('a.mbtiles', 'tiles', await tiles((row) => 7 - row), '')}', body: moon}`);
    expect(layer.frame.id).toBe('moon');
    const { data } = await layer.render(hipsTile('moon', 2, 2 * 16 + 15), never);
    expect(data.every((value) => value === 0)).toBe(true);
  });
});

describe('type: geopackage', () => {
  /** Two levels of four tiles a side, of which only one has tiles, on a piece of the Moon; what stands for its reference system. */
  const sql = (organization: string): string => `
    CREATE TABLE gpkg_contents (table_name, data_type, description);
    INSERT INTO gpkg_contents VALUES ('t', 'tiles', '');
    CREATE TABLE gpkg_spatial_ref_sys (srs_id INTEGER, organization, organization_coordsys_id);
    INSERT INTO gpkg_spatial_ref_sys VALUES (7, '${organization}', 30100);
    CREATE TABLE gpkg_tile_matrix_set (table_name, srs_id, min_x, min_y, max_x, max_y);
    INSERT INTO gpkg_tile_matrix_set VALUES ('t', 7, -10, -20, 86, 76);
    CREATE TABLE gpkg_tile_matrix (table_name, zoom_level, matrix_width, matrix_height, tile_width, tile_height, pixel_x_size, pixel_y_size);
    INSERT INTO gpkg_tile_matrix VALUES ('t', 5, 2, 2, 128, 128, 0.375, 0.375), ('t', 6, 4, 4, 128, 128, 0.1875, 0.1875);`;
  const matrix = { id: '6', cellSize: 0.1875, cornerOfOrigin: 'topLeft', pointOfOrigin: [-10, 76], tileWidth: 128, tileHeight: 128, matrixWidth: 4, matrixHeight: 4 } as const;
  const set: TileMatrixSet = { id: 't', crs: crsOf('IAU_2015:30100'), bbox: [-10, -20, 86, 76], tileMatrices: [matrix] };
  const file = async (organization: string): Promise<string> => {
    const all = Array.from({ length: 16 }, async (_, i): Promise<NumberedTile> => [6, i % 4, i >> 2, await fieldTile(set, '6', i % 4, i >> 2)]);
    return tileFile('a.gpkg', 't', await Promise.all(all), sql(organization));
  };

  it('reads the system, the place and the matrices from the file (danger: a place taken from a grid)', async () => {
    const opened = await layerOf(`{type: geopackage, filename: '${await file('IAU_2015')}'}`);
    expect(opened.layer.frame.id).toBe('moon');
    expect(await missOf(opened, hipsTile('moon', 3, 4 * 64 + 60))).toBeLessThanOrEqual(MISS);
  });

  it('wants to be told a system that the file does not name', async () => {
    const unnamed = await file('NONE');
    await expect(layerOf(`{type: geopackage, filename: '${unnamed}'}`)).rejects.toThrow('srs_override');
    const opened = await layerOf(`{type: geopackage, filename: '${unnamed}', srs_override: 'IAU_2015:30100'}`);
    expect(await missOf(opened, hipsTile('moon', 3, 4 * 64 + 60))).toBeLessThanOrEqual(MISS);
  });

  it.each([
    ['a table that is not there', 'a.gpkg', ', table_name: other', 'other'],
    ['a file that is not there', 'b.gpkg', '', 'there is no file'],
  ])('refuses %s', async (_, name, more, said) => {
    const there = await file('IAU_2015');
    const error: unknown = await layerOf(`{type: geopackage, filename: '${path.join(path.dirname(there), name)}'${more}}`).catch((thrown: unknown) => thrown);
    expect((error as ConfigError).issues[0]).toMatchObject({ path: ['sources', 's', 'filename'], message: expect.stringContaining(said) });
  });
});

describe('on_error', () => {
  it.each([
    ['{500: {response: "#ff0000", cache: true}}', [255, 0, 0, 255]],
    ['{other: {response: [0, 255, 0], cache: true}}', [0, 255, 0, 255]],
    ['{500: {response: transparent, cache: true}}', [0, 0, 0, 0]],
  ])('%s', async (rules, expected) => {
    const upstream = await upstreamOf(() => 500);
    const { layer } = await layerOf(`{type: tile, url: '${upstream.url}/%(tms_path)s', grid: MOON_GEOGRAPHIC, on_error: ${rules}}`);
    const { data } = await layer.render(hipsTile('moon', 1, 17), never);
    expect([...data.subarray(2000, 2004)]).toEqual(expected);
  });

  it('without a rule that keeps it, the error is passed on', async () => {
    const upstream = await upstreamOf(() => 500);
    const { layer } = await layerOf(`{type: tile, url: '${upstream.url}/%(tms_path)s', grid: MOON_GEOGRAPHIC, on_error: {500: {response: transparent}}}`);
    await expect(layer.render(hipsTile('moon', 1, 17), never)).rejects.toMatchObject({ code: 'UPSTREAM_FAILED' });
  });

  it('works for a WMS too', async () => {
    const upstream = await upstreamOf(() => 503);
    const { layer } = await layerOf(`{type: wms, req: {url: '${upstream.url}', layers: a}, body: moon, on_error: {503: {response: '#0000ff', cache: true}}}`);
    const { data } = await layer.render(hipsTile('moon', 1, 17), never);
    expect([...data.subarray(2000, 2004)]).toEqual([0, 0, 255, 255]);
  });
});

describe('longitudes and latitudes that are counted otherwise', () => {
  it.each([
    ['lon_offset: -9', { lonOffset: -9, longitude: null, latitude: null }],
    ['lon_direction: west', { lonOffset: 0, longitude: 'west', latitude: null }],
    ['latitude: ographic', { lonOffset: 0, longitude: null, latitude: 'ographic' }],
    ['latitude: ographic, lon_direction: west, lon_offset: 20', { lonOffset: 20, longitude: 'west', latitude: 'ographic' }],
  ] as const)('tiles with %s (danger: features of Mars 20 km, of Saturn 6 degrees from where they are)', async (options, counting) => {
    const plain = standardSet('SATURN_GEOGRAPHIC', crsOf)!;
    const set = { ...plain, crs: adjustedCrs(plain.crs, counting) };
    const upstream = await upstreamOf((at) => {
      const [, z, x, y] = /^\/(\d+)\/(\d+)\/(\d+)$/.exec(at) ?? [];
      return fieldTile(set, z!, Number(x), Number(y));
    });
    const opened = await layerOf(`{type: tile, url: '${upstream.url}/%(tms_path)s', grid: SATURN_GEOGRAPHIC, ${options}}`);
    expect(await missOf(opened, hipsTile('saturn', 1, 2))).toBeLessThanOrEqual(1);
    const unadjusted = await layerOf(`{type: tile, url: '${upstream.url}/%(tms_path)s', grid: SATURN_GEOGRAPHIC}`);
    expect(await missOf(unadjusted, hipsTile('saturn', 1, 2))).toBeGreaterThan(1);
  });

  it('a HiPS, which then is not handed on as it is (danger: tiles of a shifted map served under the right meridian)', async () => {
    const yaml = (url: string, options: string) => `{type: hips, url: '${url}', body: saturn${options}}`;
    const upstream = await serveAnalyticHips({ frame: bodyFrame('saturn'), order: 1, width: 64, format: 'image/png', properties: {} });
    cleanUp.push(() => upstream.close());
    const shifted = await layerOf(yaml(upstream.url, ', lon_offset: 90'), { layerMd: ', md: {hips: {hips_tile_width: 64}}' });
    const straight = await layerOf(yaml(upstream.url, ''), { layerMd: ', md: {hips: {hips_tile_width: 64}}' });
    for (const [order, npix, from] of [[0, 1, 0], [0, 5, 4], [1, 8, 4], [1, 40, 36]] as const) {
      const turned = await shifted.layer.render(hipsTile('saturn', order, npix), never);
      const before = await straight.layer.render(hipsTile('saturn', order, from), never);
      expect(largestDifference(turned, before)).toBeLessThanOrEqual(1);
      expect(largestDifference(turned, await straight.layer.render(hipsTile('saturn', order, npix), never))).toBeGreaterThan(5);
    }
  });

  it('a WMS with srs_override and a shifted meridian', async () => {
    const crs = adjustedCrs(crsOf('IAU_2015:69900'), { lonOffset: 10, longitude: null, latitude: 'ographic' });
    const upstream = await upstreamOf((_at, query) => {
      expect(query.get('SRS')).toBe('EPSG:4326');
      return fieldMap(crs, bboxIn(query.get('BBOX')), Number(query.get('WIDTH')), Number(query.get('HEIGHT')));
    });
    const opened = await layerOf(`{type: wms, req: {url: '${upstream.url}', layers: a, format: image/png}, supported_srs: ['EPSG:4326'], srs_override: 'IAU_2015:69900', lon_offset: 10, latitude: ographic}`);
    expect(await missOf(opened, hipsTile('saturn', 1, 2))).toBeLessThanOrEqual(MISS);
  });
});

function bboxIn(text: string | null): readonly [number, number, number, number] {
  const [a = 0, b = 0, c = 0, d = 0] = (text ?? '').split(',').map(Number);
  return [a, b, c, d];
}

/** A capabilities document of one layer in some sets. */
function wmtsDocument(sets: readonly TileMatrixSet[], { kvp = '', rest = '', swap = false, crs = '', style = '<Style><ows:Identifier>s 1</ows:Identifier></Style>' }): string {
  const written = sets.map((set) => writeXml(tileMatrixSetElement(asTopLeft(set), 'earth')).replace(/^<\?.*\?>/, '')).join('');
  const turned = swap ? written.replace(/<TopLeftCorner>(\S+) (\S+)</g, '<TopLeftCorner>$2 $1<') : written;
  const named = crs === '' ? turned : turned.replace(/<ows:SupportedCRS>[^<]*/g, `<ows:SupportedCRS>${crs}`);
  const get = kvp === '' ? '' : `<ows:OperationsMetadata><ows:Operation name="GetTile"><ows:DCP><ows:HTTP><ows:Get xlink:href="${kvp}"/></ows:HTTP></ows:DCP></ows:Operation></ows:OperationsMetadata>`;
  const resource = rest === '' ? '' : `<ResourceURL format="image/png" resourceType="tile" template="${rest}"/>`;
  const links = sets.map(({ id }) => `<TileMatrixSetLink><TileMatrixSet>${id}</TileMatrixSet></TileMatrixSetLink>`).join('');
  return `<Capabilities xmlns="http://www.opengis.net/wmts/1.0" xmlns:ows="o" xmlns:xlink="x">${get}<Contents><Layer><ows:Identifier>mola</ows:Identifier>${style}<Format>image/png</Format>${links}${resource}</Layer>${named}</Contents></Capabilities>`;
}

describe('type: wmts', () => {
  const mars = standardSet('MARS_GEOGRAPHIC', crsOf)!;
  const polar = standardSet('MARS_NORTH_POLAR', crsOf)!;

  /** An upstream as NASA's: corner swapped, degrees of the Earth, an Esri code in the name of EPSG. */
  async function trek(more: Partial<Parameters<typeof wmtsDocument>[1]> = {}): Promise<Upstream> {
    return upstreamOf((at, query, request) => {
      const host = `http://${request.headers.host}`;
      if (at.endsWith('WMTSCapabilities.xml') || query.get('REQUEST') === 'GetCapabilities') {
        return wmtsDocument([polar, mars], { rest: `${host}/t/{style}/{TileMatrixSet}/{TileMatrix}/{TileRow}/{TileCol}.png`, kvp: `${host}/kvp?map=1&amp;`, ...more });
      }
      const [, set = query.get('TILEMATRIXSET'), z = query.get('TILEMATRIX'), row = query.get('TILEROW'), col = query.get('TILECOL')] = /^\/t\/s 1\/(\w+)\/(\d+)\/(\d+)\/(\d+)\.png$/.exec(at) ?? [];
      return fieldTile(set === polar.id ? polar : mars, z ?? '', Number(col), Number(row));
    });
  }

  it('RESTful, swapped corners, Earth\'s degrees: the set in degrees is chosen', async () => {
    const upstream = await trek({ swap: true });
    const opened = await layerOf(`{type: wmts, url: '${upstream.url}/WMTSCapabilities.xml', layer: mola}`);
    expect(opened.layer.frame.id).toBe('mars');
    expect(await missOf(opened, hipsTile('mars', 1, 2))).toBeLessThanOrEqual(MISS);
    expect(upstream.requests[0]).toBe('/WMTSCapabilities.xml');
    expect(asked(upstream, '/t/').every((each) => each.startsWith(`/t/s%201/${mars.id}/`))).toBe(true);
  });

  it('by key and value, a named set, an override of the reference system', async () => {
    const upstream = await trek({ crs: 'urn:ogc:def:crs:FOO::1' });
    const opened = await layerOf(`{type: wmts, url: '${upstream.url}/service?x=1', layer: mola, tile_matrix_set: MARS_NORTH_POLAR, encoding: kvp, srs_override: 'IAU_2015:49930'}`);
    expect(await missOf(opened, hipsTile('mars', 1, 3))).toBeLessThanOrEqual(MISS);
    expect(upstream.requests[0]).toBe('/service?x=1&SERVICE=WMTS&REQUEST=GetCapabilities&VERSION=1.0.0');
    expect(asked(upstream, 'GetTile')[0]).toMatch(
      /^\/kvp\?map=1&SERVICE=WMTS&REQUEST=GetTile&VERSION=1.0.0&LAYER=mola&STYLE=s%201&FORMAT=image\/png&TILEMATRIXSET=MARS_NORTH_POLAR&TILEMATRIX=\d&TILEROW=\d&TILECOL=\d$/,
    );
  });

  it('starts from the kept capabilities while the upstream is down, and says so', async () => {
    const cache = await cacheDirectory();
    const upstream = await trek();
    const yaml = `{type: wmts, url: '${upstream.url}/WMTSCapabilities.xml', layer: mola}`;
    await layerOf(yaml, { cache });
    await upstream.close();
    const { layer, reports } = await layerOf(yaml, { cache });
    expect(layer.frame.id).toBe('mars');
    expect(reports).toHaveLength(1);
  });

  it.each([
    ['no such layer', "layer: moon", 'sources.s.layer', "no 'moon'; there is: mola"],
    ['no such set', "layer: mola, tile_matrix_set: x", 'sources.s.tile_matrix_set', "MARS_NORTH_POLAR, MARS_GEOGRAPHIC"],
    ['no such style', "layer: mola, style: x", 'sources.s.style', 's 1'],
    ['no such format', "layer: mola, request_format: image/jpeg", 'sources.s.request_format', 'image/png'],
  ])('%s is a mistake with its place', async (_, options, at, said) => {
    const upstream = await trek();
    const error: unknown = await layerOf(`{type: wmts, url: '${upstream.url}/WMTSCapabilities.xml', ${options}}`).catch((thrown: unknown) => thrown);
    expect((error as ConfigError).issues[0]).toMatchObject({ line: 3, message: expect.stringContaining(said) });
    expect((error as ConfigError).issues[0]!.path.join('.')).toBe(at);
  });

  it.each([
    ['an upstream that is down', () => 503, 'answered 503'],
    ['a page', () => '<html></html>', 'not the capabilities'],
    ['addresses in a private network', () => wmtsDocument([mars], { rest: 'http://10.0.0.1/{TileMatrix}/{TileRow}/{TileCol}' }), '10.0.0.1'],
    ['a reference system nobody knows', () => wmtsDocument([mars], { rest: '/{TileMatrix}/{TileRow}/{TileCol}', crs: 'FOO:1' }), 'known reference system'],
  ])('refuses %s', async (_, answer: () => FieldAnswer, said) => {
    const upstream = await upstreamOf(answer);
    const error: unknown = await layerOf(`{type: wmts, url: '${upstream.url}/c.xml', layer: mola}`).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(ConfigError);
    expect((error as ConfigError).message).toContain(said);
  });

  it('is asked once, whatever the number of threads (danger: threads that disagree)', async () => {
    const upstream = await trek();
    const yaml = `services: {hips: }\nlayers: [{name: l, sources: [s]}]\nsources: {s: {type: wmts, url: '${upstream.url}/WMTSCapabilities.xml', layer: mola}}\nglobals: {cache: {base_dir: ${await cacheDirectory()}}}\n`;
    const gateway = await buildGateway(loadText(yaml), { threads: 1, report: (error) => { throw error; } });
    cleanUp.push(() => gateway.close());
    const tile = await gateway.hips!.layers.get('l')!.tile(0, 4, 'image/png', never);
    const raster = await createSharpCodec({ maxPixels: 1e6 }).decode(tile!.bytes);
    expect(raster.opaque || raster.data.every((value, i) => i % 4 < 3 || value === 255)).toBe(true);
    expect(asked(upstream, 'Capabilities')).toHaveLength(1);
    expect(new Set(upstream.requests).size).toBe(upstream.requests.length);
  });
});

describe('type: arcgis', () => {
  it('asks for exports, with everything that is configured', async () => {
    const crs = degreesOnBody(bodyFrame('mars'), 'EPSG:4326');
    const upstream = await upstreamOf((_at, query) => {
      const [width = 0, height = 0] = (query.get('size') ?? '').split(',').map(Number);
      return fieldMap(crs, bboxIn(query.get('bbox')), width, height);
    });
    const opened = await layerOf(`{type: arcgis, body: mars, req: {url: '${upstream.url}/rest/services/mars/MapServer', layers: 'show:0,1', transparent: true, time: 5}}`);
    expect(await missOf(opened, hipsTile('mars', 0, 4))).toBeLessThanOrEqual(MISS);
    expect(upstream.requests[0]).toMatch(
      /^\/rest\/services\/mars\/MapServer\/export\?time=5&layers=show:0,1&bbox=[-\d.,]+&size=\d+,\d+&bboxSR=4326&imageSR=4326&format=png32&transparent=true&f=image$/,
    );
  });

  it('asks an ImageServer in its own words', async () => {
    const upstream = await upstreamOf(() => 500);
    const { layer } = await layerOf(`{type: arcgis, req: {url: '${upstream.url}/x/ImageServer/', format: image/jpeg, dpi: 72}, supported_srs: ['ESRI:104905'], srs_override: 'IAU_2015:49901'}`);
    await expect(layer.render(hipsTile('mars', 0, 4), never)).rejects.toMatchObject({ code: 'UPSTREAM_FAILED' });
    expect(upstream.requests[0]).toMatch(/^\/x\/ImageServer\/exportImage\?dpi=72&bbox=[-\d.,]+&size=\d+,\d+&bboxSR=104905&imageSR=104905&format=jpeg&transparent=false&f=image$/);
  });

  it('reads the tiles of a cache, counted from far outside', async () => {
    const mercator = crsOf('EPSG:3857');
    const half = mercator.extent[2];
    const lods = [0, 1, 2, 3, 4].map((level) => ({ level, resolution: (2 * half) / 256 / 2 ** level }));
    const origin = { x: -half - 256 * lods[0]!.resolution, y: half + 256 * lods[0]!.resolution };
    const info = { tileInfo: { rows: 256, cols: 256, origin, spatialReference: { wkid: 102100, latestWkid: 3857 }, lods }, fullExtent: { xmin: -half, ymin: -half, xmax: half, ymax: half } };
    const set: TileMatrixSet = {
      id: 'a', crs: mercator, bbox: mercator.extent,
      tileMatrices: lods.map(({ level, resolution }) => ({
        id: String(level), cellSize: resolution, cornerOfOrigin: 'topLeft', pointOfOrigin: [origin.x, origin.y], tileWidth: 256, tileHeight: 256, matrixWidth: 99, matrixHeight: 99,
      })),
    };
    const upstream = await upstreamOf((at, query) => {
      if (query.get('f') === 'json') return JSON.stringify(info);
      const [, z = '', row, col] = /^\/MapServer\/tile\/(\d+)\/(\d+)\/(\d+)$/.exec(at) ?? [];
      return fieldTile(set, z, Number(col), Number(row));
    });
    const opened = await layerOf(`{type: arcgis, tiles: true, req: {url: '${upstream.url}/MapServer'}}`);
    expect(await missOf(opened, hipsTile('earth', 2, 4 * 16 + 7))).toBeLessThanOrEqual(MISS);
    expect(upstream.requests[0]).toBe('/MapServer?f=json');
  });

  it('says where a service without tiles was asked for them', async () => {
    const upstream = await upstreamOf(() => '{"error": {"message": "Token required"}}');
    const error: unknown = await layerOf(`{type: arcgis, tiles: true, req: {url: '${upstream.url}/MapServer'}}`).catch((thrown: unknown) => thrown);
    expect((error as ConfigError).issues[0]!.message).toBe('the service has no tiles: Token required');
  });
});

describe('OGC API', () => {
  const REL = 'http://www.opengis.net/def/rel/ogc/1.0/';
  const link = (rel: string, href: string, type: string) => ({ rel: rel === 'self' || rel === 'item' ? rel : `${REL}${rel}`, href, type });

  it.each([
    ['its own reference system', 'http://www.opengis.net/def/crs/IAU/2015/49900', crsOf('IAU_2015:49900'), ''],
    ['lat before lon', 'http://www.opengis.net/def/crs/EPSG/0/4326', degreesOnBody(bodyFrame('mars'), 'EPSG:4326'), 'body: mars, '],
    ['nothing said', '', degreesOnBody(bodyFrame('mars'), 'CRS:84'), 'body: mars, '],
  ] as const)('ogcapimaps: %s', async (_, uri, crs: Crs, frame) => {
    const upstream = await upstreamOf((at, query) => {
      if (at === '/api/collections/mars') {
        return JSON.stringify({ crs: uri === '' ? undefined : [uri], links: [link('map', '/api/collections/mars/map?f=png', 'image/png'), link('map', '/jpg', 'image/jpeg'), { rel: 'license', href: 'http://localhost/' }] });
      }
      expect(query.get('crs')).toBe(uri === '' ? 'http://www.opengis.net/def/crs/OGC/1.3/CRS84' : uri);
      return fieldMap(crs, swapBbox(crs, bboxIn(query.get('bbox'))), Number(query.get('width')), Number(query.get('height')));
    });
    const opened = await layerOf(`{type: ogcapimaps, landingpage_url: '${upstream.url}/api/', collection: mars, ${frame}transparent: true, bgcolor: '#00ff7f'}`);
    expect(await missOf(opened, hipsTile('mars', 0, 4))).toBeLessThanOrEqual(MISS);
    expect(upstream.requests[1]).toMatch(/^\/api\/collections\/mars\/map\?f=png&crs=http:\/\/[\w./]+&bbox-crs=http:\/\/[\w./]+&transparent=true&bgcolor=0x00FF7F&bbox=[-\d.,]+&width=\d+&height=\d+$/);
  });

  it('ogcapitiles: from the landing page to the tiles, corners from below', async () => {
    const set = standardSet('GLOBAL_GEODETIC', () => crsOf('IAU_2015:49900'))!;
    const tms = {
      id: 'mine',
      crs: 'http://www.opengis.net/def/crs/IAU/2015/49900',
      tileMatrices: set.tileMatrices.slice(0, 6).map(({ pointOfOrigin: [x, y], ...matrix }) => ({ ...matrix, scaleDenominator: 1, pointOfOrigin: [y, x] })),
    };
    const documents: Readonly<Record<string, unknown>> = {
      '/collections/mars': { links: [link('tilesets-map', '/collections/mars/map/tiles', 'application/json')] },
      '/collections/mars/map/tiles': {
        tilesets: [
          { dataType: 'vector', crs: 'x', links: [] },
          { dataType: 'map', crs: 'http://www.opengis.net/def/crs/EPSG/0/3857', links: [link('self', '/q', 'application/json'), link('tiling-scheme', '/tms/WebMercatorQuad', 'application/json')] },
          { dataType: 'map', crs: tms.crs, links: [link('self', '/collections/mars/map/tiles/mine', 'application/json'), link('tiling-scheme', '/tms/mine', 'application/json')] },
        ],
      },
      '/collections/mars/map/tiles/mine': { links: [link('item', '/m/{tileMatrix}/{tileRow}/{tileCol}?f=png', 'image/png')] },
      '/tms/mine': tms,
    };
    const upstream = await upstreamOf((at) => {
      if (documents[at] !== undefined) return JSON.stringify(documents[at]);
      const [, z = '', row, col] = /^\/m\/(\d+)\/(\d+)\/(\d+)$/.exec(at) ?? [];
      return fieldTile(set, z, Number(col), Number(row));
    });
    const opened = await layerOf(`{type: ogcapitiles, landingpage_url: '${upstream.url}', collection: mars}`);
    expect(await missOf(opened, hipsTile('mars', 1, 2))).toBeLessThanOrEqual(MISS);
    expect(upstream.requests.slice(0, 4)).toEqual(Object.keys(documents));
    await expect(layerOf(`{type: ogcapitiles, landingpage_url: '${upstream.url}', collection: mars, tile_matrix_set_id: other}`)).rejects.toThrow(/no map tile set 'other'; there are: WebMercatorQuad .*, mine/);
  });
});
