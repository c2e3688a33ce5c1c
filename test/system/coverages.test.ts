import { rmSync, writeFileSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildGateway } from '../../src/config/build.ts';
import { loadConfig } from '../../src/config/load.ts';
import { crsOf } from '../../src/geometry/crs/registry.ts';
import { bodyFrame, SKY_FRAMES } from '../../src/geometry/frame/frame.ts';
import { formatMocFits, parseMocFits } from '../../src/protocol/hips/mocFits.ts';
import { mocOfCells, skyFraction } from '../../src/protocol/hips/moc.ts';
import type { Raster } from '../../src/raster/raster.ts';
import { createApp } from '../../src/server/app.ts';
import type { Upstream } from '../contract/upstreamServer.ts';
import { analyticField, codec, serveAnalyticHips } from '../support/analyticHips.ts';
import { fieldMap, startFieldUpstream } from '../support/fieldUpstream.ts';

/**
 * Coverages as a client sees them. Dangers: the upstream is asked outside; pixels inside are lost (at the antimeridian, at a pole, in
 * another frame of the sky); pixels outside are left; a clipped HiPS hands on whole tiles; boxes and MOCs say what is not there.
 */
const DEGREE = Math.PI / 180;
/** Pixels of the upstream HiPS: 29 arc minutes; what lies nearer to an edge than this is not looked at, degrees. */
const EDGE = 1.2;

let mars: Upstream;
let sky: Upstream;
let maps: Upstream;
let app: FastifyInstance;
let directory: string;
let closeGateway: () => unknown;

/** Over the antimeridian, with a hole. */
const PACIFIC = 'POLYGON((150 -30, 210 -30, 210 30, 150 30, 150 -30), (170 -10, 190 -10, 190 10, 170 10, 170 -10))';
const NORTH = { type: 'Feature', properties: {}, geometry: { type: 'Polygon', coordinates: [[[-180, 70], [180, 70], [180, 90], [-180, 90], [-180, 70]]] } };
/** An L: its box holds a quarter where nothing is. */
const CORNER = 'POLYGON((-180 -90, 0 -90, 0 0, -90 0, -90 90, -180 90, -180 -90))';
/** In ICRS. */
const CELLS = mocOfCells([{ order: 2, npix: 60 }, { order: 3, npix: 250 }]);

function yaml(): string {
  return `
globals: {cache: {base_dir: cache}}
services: {hips: , wms: {}, wmts: {}}
layers:
  - {name: pacific, title: p, sources: [pacific], md: {hips: {hips_tile_width: 128}}}
  - {name: whole, title: w, sources: [whole], md: {hips: {hips_tile_width: 128}}}
  - {name: north, title: n, sources: [north]}
  - {name: sky, title: s, sources: [sky], md: {hips: {hips_tile_width: 128}}}
  - {name: rest, title: r, sources: [rest]}
  - {name: maps, title: m, sources: [maps], tile_sources: [maps_cache]}
  - {name: corner, title: c, tile_sources: [corner]}
caches:
  corner: {sources: [mars], grids: [degrees], cache: {type: file, coverage: {datasource: '${CORNER}'}}}
  maps_cache: {sources: [maps], grids: [degrees]}
grids:
  degrees: {srs: 'IAU_2015:49900', bbox: [-180, -90, 180, 90], origin: nw, num_levels: 4}
sources:
  mars: {type: hips, url: '${mars.url}'}
  pacific: {type: hips, url: '${mars.url}', coverage: {datasource: pacific.wkt, srs: 'IAU_2015:49900', clip: true}}
  whole: {type: hips, url: '${mars.url}', coverage: {polygons: pacific.wkt, polygons_srs: 'IAU_2015:49900'}}
  north: {type: hips, url: '${mars.url}', coverage: {datasource: north.geojson, clip: true}}
  sky: {type: hips, url: '${sky.url}', coverage: {moc: sky.fits, clip: true}}
  rest:
    type: hips
    url: '${mars.url}'
    coverage:
      clip: true
      difference:
        - union: [{bbox: [0, 0, 40, 40]}, {bbox: [30, 0, 80, 20], srs: 'EPSG:4326'}]
        - {bbox: [10, 10, 30, 30]}
  maps:
    type: wms
    body: mars
    supported_srs: ['EPSG:4326']
    req: {url: '${maps.url}/', layers: base, transparent: true}
    coverage: {datasource: '${CORNER}', srs: 'EPSG:4326', clip: true}
`;
}

beforeAll(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'hips-gateway-coverages-'));
  const hips = { order: 1, width: 128, format: 'image/png', properties: { hips_order_min: '0' } } as const;
  mars = await serveAnalyticHips({ frame: bodyFrame('mars'), ...hips });
  sky = await serveAnalyticHips({ frame: SKY_FRAMES.galactic, ...hips });
  maps = await startFieldUpstream((_path, query) => {
    const bbox = query.get('BBOX')!.split(',').map(Number) as unknown as readonly [number, number, number, number];
    return fieldMap(crsOf('IAU_2015:49900'), bbox, Number(query.get('WIDTH')), Number(query.get('HEIGHT')));
  });
  writeFileSync(path.join(directory, 'pacific.wkt'), PACIFIC);
  writeFileSync(path.join(directory, 'north.geojson'), JSON.stringify(NORTH));
  writeFileSync(path.join(directory, 'sky.fits'), formatMocFits(CELLS, { frame: SKY_FRAMES.icrs }));
  writeFileSync(path.join(directory, 'main.yaml'), yaml());
  const gateway = await buildGateway(loadConfig(path.join(directory, 'main.yaml')), { threads: 0, report: () => {} });
  closeGateway = () => gateway.close();
  app = createApp(gateway, { logger: null });
});

afterAll(async () => {
  await app?.close();
  await closeGateway?.();
  for (const upstream of [mars, sky, maps]) await upstream.close();
  rmSync(directory, { recursive: true, force: true, maxRetries: 5 });
});

async function pictureOf(url: string): Promise<Raster> {
  const answer = await app.inject(url);
  expect(answer.statusCode, answer.body.slice(0, 500)).toBe(200);
  return codec.decode(answer.rawPayload);
}

/** A plate carree of degrees, pixel by pixel: how far the drawn colours are off, and which pixels are shown. */
async function mapOf(layer: string, [minX, minY, maxX, maxY]: readonly [number, number, number, number], size: number): Promise<{ readonly alpha: (lon: number, lat: number) => number; readonly raster: Raster }> {
  const raster = await pictureOf(`/service?SERVICE=WMS&VERSION=1.1.1&REQUEST=GetMap&LAYERS=${layer}&STYLES=&SRS=CRS:84&BBOX=${minX},${minY},${maxX},${maxY}&WIDTH=${(maxX - minX) * size}&HEIGHT=${(maxY - minY) * size}&FORMAT=image/png&TRANSPARENT=true`);
  const alpha = (lon: number, lat: number): number => raster.data[(Math.floor((maxY - lat) * size) * raster.width + Math.floor((lon - minX) * size)) * 4 + 3]!;
  return { alpha, raster };
}

/** Alpha and colours of every pixel that is not near an edge. @param signed distance to the edge in degrees, positive inside */
function expectClipped({ data, width, height }: Raster, [minX, , , maxY]: readonly number[], size: number, signed: (lon: number, lat: number) => number): void {
  const rgb = new Float64Array(3);
  let [shown, off] = [0, 0];
  for (let i = 0; i < width * height; i++) {
    const [lon, lat] = [minX! + ((i % width) + 0.5) / size, maxY! - (Math.floor(i / width) + 0.5) / size];
    const depth = signed(lon, lat);
    if (Math.abs(depth) < EDGE) continue;
    const alpha = data[4 * i + 3]!;
    if ((alpha === 255) !== depth > 0 || (alpha !== 255 && alpha !== 0)) throw new Error(`alpha ${alpha} at ${lon}, ${lat}, ${depth} degrees inside`);
    if (depth <= 0) continue;
    analyticField(bodyFrame('mars'), lon * DEGREE, lat * DEGREE, rgb);
    shown++;
    for (let k = 0; k < 3; k++) off += Math.abs(data[4 * i + k]! - rgb[k]!) / 3;
  }
  expect(shown).toBeGreaterThan(300);
  expect(off / shown).toBeLessThan(2.5);
}

/** Distance into a box, negative outside. */
function boxDepth(lon: number, lat: number, [minX, minY, maxX, maxY]: readonly [number, number, number, number]): number {
  return Math.min(lon - minX, maxX - lon, lat - minY, maxY - lat);
}

function tilesAsked(upstream: Upstream): readonly string[] {
  return upstream.requests.filter((each) => each.startsWith('/Norder'));
}

describe('a clipped HiPS', () => {
  it('polygon with a hole over the antimeridian', async () => {
    const box = [135, -40, 225, 40] as const;
    const { raster } = await mapOf('pacific', box, 2);
    expectClipped(raster, box, 2, (lon, lat) => Math.min(boxDepth(lon, lat, [150, -30, 210, 30]), -boxDepth(lon, lat, [170, -10, 190, 10])));
  });
  it('the same, from the other side', async () => {
    const box = [-225, -40, -135, 40] as const;
    const { raster } = await mapOf('pacific', box, 2);
    expectClipped(raster, box, 2, (lon, lat) => Math.min(boxDepth(lon + 360, lat, [150, -30, 210, 30]), -boxDepth(lon + 360, lat, [170, -10, 190, 10])));
  });
  it('GeoJSON around a pole, in a polar map too', async () => {
    const box = [-180, 55, 180, 90] as const;
    const { raster } = await mapOf('north', box, 2);
    expectClipped(raster, box, 2, (_lon, lat) => lat - 70);
    const polar = await pictureOf('/service?SERVICE=WMS&VERSION=1.1.1&REQUEST=GetMap&LAYERS=north&STYLES=&SRS=IAU_2015:49930&BBOX=-2000000,-2000000,2000000,2000000&WIDTH=200&HEIGHT=200&FORMAT=image/png&TRANSPARENT=true');
    const alpha = (x: number, y: number): number => polar.data[(y * 200 + x) * 4 + 3]!;
    expect([alpha(100, 100), alpha(99, 101), alpha(100, 55), alpha(3, 3), alpha(100, 20)]).toEqual([255, 255, 255, 0, 0]);
  });
  it('a difference of a union', async () => {
    const box = [-10, -10, 90, 50] as const;
    const { raster } = await mapOf('rest', box, 2);
    expectClipped(raster, box, 2, (lon, lat) => Math.min(Math.max(boxDepth(lon, lat, [0, 0, 40, 40]), boxDepth(lon, lat, [30, 0, 80, 20])), -boxDepth(lon, lat, [10, 10, 30, 30])));
  });
  it('hands on no tile as it is, and asks for none that lies outside', async () => {
    const before = tilesAsked(mars).length;
    expect((await app.inject('/hips/pacific/Norder1/Dir0/Npix3.png')).statusCode).toBe(404);
    expect(tilesAsked(mars).length).toBe(before);
    const tile = await pictureOf('/hips/pacific/Norder1/Dir0/Npix24.png');
    const shown = tile.data.filter((_, i) => i % 4 === 3).reduce((sum, alpha) => sum + (alpha > 0 ? 1 : 0), 0);
    expect(shown).toBeGreaterThan(0);
    expect(shown).toBeLessThan(128 * 128);
  });
});

describe('a HiPS that is not clipped', () => {
  it('hands on whole tiles within its coverage, and asks nothing outside', async () => {
    const own = await pictureOf('/hips/whole/Norder1/Dir0/Npix24.png');
    expect(own.data.every((value, i) => i % 4 !== 3 || value === 255)).toBe(true);
    const before = tilesAsked(mars).length;
    expect((await app.inject('/hips/whole/Norder1/Dir0/Npix3.png')).statusCode).toBe(404);
    const { alpha } = await mapOf('whole', [-40, -20, 40, 20], 1);
    expect(alpha(0, 0)).toBe(0);
    expect(tilesAsked(mars).length).toBe(before);
  });
  it.each(['whole', 'pacific'])('the MOC of %s is that of the polygon', async (layer) => {
    const { moc } = parseMocFits((await app.inject(`/hips/${layer}/Moc.fits`)).rawPayload);
    // 60 degrees by the sine of 30 degrees, less 20 by that of 10, of the whole sphere.
    const area = (60 * 2 * Math.sin(30 * DEGREE) - 20 * 2 * Math.sin(10 * DEGREE)) / 720;
    expect(skyFraction(moc)).toBeGreaterThan(area);
    expect(skyFraction(moc)).toBeLessThan(area * 1.08);
  });
  it('the box in the capabilities is the polygon\'s', async () => {
    const text = (await app.inject('/service?SERVICE=WMS&VERSION=1.3.0&REQUEST=GetCapabilities')).body;
    const box = (name: string): readonly number[] => {
      const layer = text.slice(text.indexOf(`<Name>${name}</Name>`));
      return ['westBoundLongitude', 'southBoundLatitude', 'eastBoundLongitude', 'northBoundLatitude'].map((edge) => Number(new RegExp(`<${edge}>([^<]+)<`).exec(layer)![1]));
    };
    expect(box('north')).toEqual([-180, 70, 180, 90]);
    for (const [i, edge] of [0, 0, 80, 40].entries()) expect(Math.abs(box('rest')[i]! - edge)).toBeLessThan(1.5);
    expect(box('whole').map((edge) => Math.round(edge / 2) * 2)).toEqual([-180, -30, 180, 30]);
  });
});

it('a MOC in ICRS clips a galactic HiPS', async () => {
  const answer = await app.inject('/hips/sky/Moc.fits');
  const { moc } = parseMocFits(answer.rawPayload);
  expect(skyFraction(moc)).toBeGreaterThan(skyFraction(CELLS));
  expect(skyFraction(moc)).toBeLessThan(skyFraction(CELLS) * 1.3);
  // The centre of cell 2/60 and a place on the other side of the sky.
  const pixel = async (lon: number, lat: number): Promise<number> => {
    const [x, y] = [new Float64Array(1), new Float64Array(1)];
    crsOf('HIPS:ICRS').fromSphere(1, Float64Array.of(lon * DEGREE), Float64Array.of(lat * DEGREE), x, y);
    const box = [x[0]! - 1, y[0]! - 1, x[0]! + 1, y[0]! + 1].join(',');
    return (await pictureOf(`/service?SERVICE=WMS&VERSION=1.1.1&REQUEST=GetMap&LAYERS=sky&STYLES=&SRS=HIPS:ICRS&BBOX=${box}&WIDTH=3&HEIGHT=3&FORMAT=image/png&TRANSPARENT=true`)).data[4 * 4 + 3]!;
  };
  expect([await pixel(315, 54.34), await pixel(315, 62), await pixel(315, 44), await pixel(135, -54.34), await pixel(338, 54.34)]).toEqual([255, 255, 255, 0, 0]);
});

describe('a WMS', () => {
  it('is asked in the coverage only, and clipped', async () => {
    const { alpha } = await mapOf('maps', [-180, -90, 180, 90], 1);
    expect([alpha(-100, 50), alpha(-170, -80), alpha(-10, -50), alpha(-80, 10), alpha(50, -10), alpha(100, 60)]).toEqual([255, 255, 255, 0, 0, 0]);
  });
  it('so are its meta tiles, whose cache stores what is cleared', async () => {
    const { data } = await pictureOf('/wmts/maps/degrees/1/0/0.png');
    const alpha = (x: number, y: number): number => data[(y * 256 + x) * 4 + 3]!;
    expect([alpha(50, 50), alpha(200, 50), alpha(100, 200)]).toEqual([255, 0, 255]);
  });
});

describe('the coverage of a cache', () => {
  it('a tile outside of the polygon is not there, though it lies in its box', async () => {
    const status = async (address: string): Promise<number> => (await app.inject(`/wmts/corner/degrees/${address}.png`)).statusCode;
    expect(await Promise.all(['2/0/0', '2/0/1', '2/1/1'].map(status))).toEqual([200, 200, 200]);
    const tms = await app.inject('/wmts/corner/degrees/3/3/0.png');
    const outside = tms.statusCode === 200 ? (await codec.decode(tms.rawPayload)).data.every((value) => value === 0) : tms.statusCode === 404;
    expect(outside).toBe(true);
  });
  it('the limits of the matrices are its box', async () => {
    const text = (await app.inject('/wmts/1.0.0/WMTSCapabilities.xml')).body;
    const layer = text.slice(text.indexOf('<ows:Identifier>corner</ows:Identifier>'));
    expect(/<TileMatrix>3<\/TileMatrix>\s*<MinTileRow>0<\/MinTileRow>\s*<MaxTileRow>3<\/MaxTileRow>\s*<MinTileCol>0<\/MinTileCol>\s*<MaxTileCol>3<\/MaxTileCol>/.test(layer)).toBe(true);
  });
});

describe('mistakes name the place', () => {
  it.each([
    ["{datasource: area.shp, srs: 'IAU_2015:49900'}", /shapefile.*ogr2ogr/],
    ["{datasource: area.gpkg, srs: 'IAU_2015:49900'}", /GeoPackage.*ogr2ogr/],
    ["{datasource: pacific.wkt, where: 'name = 1'}", /filters of data sources are not applied/],
    ['{datasource: nowhere.wkt}', /nowhere\.wkt' cannot be read/],
    ["{datasource: 'POLYGON((0 0, 1 1'}", /the polygons cannot be read/],
    ["{moc: '3/99999'}", /no HEALPix cell/],
    ["{bbox: [0, 0, 1, 1], srs: 'IAU_2015:30100', clip: true}", /another body/],
    ['{datasource: \'{"type": "FeatureCollection", "features": []}\'}', /no polygon/],
  ])('%s', async (coverage, message) => {
    writeFileSync(path.join(directory, 'area.shp'), Buffer.from([0, 0, 0x27, 0x0a, 0, 0]));
    writeFileSync(path.join(directory, 'area.gpkg'), 'SQLite format 3\0');
    const file = path.join(directory, 'mistake.yaml');
    writeFileSync(file, `services: {hips: }\nlayers: [{name: a, title: a, sources: [a]}]\nsources:\n  a: {type: hips, url: '${mars.url}', coverage: ${coverage}}\n`);
    const build = async (): Promise<unknown> => buildGateway(loadConfig(file), { threads: 0, report: () => {} });
    await expect(build()).rejects.toThrow(message);
  });
});
