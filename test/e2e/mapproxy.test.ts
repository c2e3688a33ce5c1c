import { cp } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { fileOf, meanDifference, questionsOf, startMapProxy, startOurs, tilesBelow, type Program } from './support/sideBySide.ts';

/**
 * MapProxy itself beside the gateway, with the same file and the same requests. Dangers: a warm cache that is cold here, an upstream that is
 * asked otherwise than before, tiles that lie a level, a row or a pixel off.
 */
interface Case {
  readonly name: string;
  readonly grid?: string;
  readonly gridName?: string;
  readonly cache?: string;
  readonly more?: string;
  readonly source?: string;
  readonly srs?: string;
  /** Level, column, row, by the grid's own numbers from the south-west (TMS). */
  readonly tiles: readonly (readonly [number, number, number])[];
  /** Where tiles are files. */
  readonly files?: boolean;
  /** The layer has days, and this one is asked for, through WMTS. */
  readonly day?: string;
}

const WORLD = [[1, 0, 0], [3, 4, 5], [3, 7, 2]] as const;
const HALF = [[1, 0, 0], [3, 4, 2], [3, 1, 3]] as const;

const CASES: readonly Case[] = [
  { name: 'WMS, GLOBAL_GEODETIC, layout tc', gridName: 'GLOBAL_GEODETIC', srs: 'EPSG:4326', tiles: HALF, files: true },
  { name: 'WMS, GLOBAL_MERCATOR, layout mp', gridName: 'GLOBAL_MERCATOR', srs: 'EPSG:900913', cache: 'type: file, directory_layout: mp', tiles: WORLD, files: true },
  { name: 'WMS, GLOBAL_WEBMERCATOR, layout tms', gridName: 'GLOBAL_WEBMERCATOR', srs: 'EPSG:3857', cache: 'type: file, directory_layout: tms', tiles: WORLD, files: true },
  { name: 'WMS, layout reverse_tms', gridName: 'GLOBAL_WEBMERCATOR', srs: 'EPSG:3857', cache: 'type: file, directory_layout: reverse_tms', tiles: WORLD, files: true },
  { name: 'WMS, layout quadkey', gridName: 'GLOBAL_WEBMERCATOR', srs: 'EPSG:3857', cache: 'type: file, directory_layout: quadkey', tiles: WORLD, files: true },
  { name: 'WMS, layout arcgis', gridName: 'GLOBAL_WEBMERCATOR', srs: 'EPSG:3857', cache: 'type: file, directory_layout: arcgis', tiles: WORLD, files: true },
  { name: 'WMS, own resolutions, origin north-west, tiles of 200 x 300', grid: "srs: 'EPSG:25832', bbox: [400000, 5400000, 601234.5, 5650000], origin: nw, res: [1000, 333.3, 100, 37.5], tile_size: [200, 300]", srs: 'EPSG:25832', tiles: [[1, 0, 0], [2, 3, 2], [3, 20, 11]], files: true },
  { name: 'WMS, res_factor sqrt2', grid: "srs: 'EPSG:3857', origin: sw, res_factor: sqrt2, num_levels: 8", srs: 'EPSG:3857', tiles: [[1, 0, 1], [3, 3, 4]], files: true },
  { name: 'WMS, meta tiles of 2 x 3 with 10 pixels around', gridName: 'GLOBAL_WEBMERCATOR', srs: 'EPSG:3857', more: 'meta_size: [2, 3], meta_buffer: 10', tiles: WORLD, files: true },
  { name: 'WMS, single tiles, no buffer', gridName: 'GLOBAL_WEBMERCATOR', srs: 'EPSG:3857', more: 'meta_size: [1, 1], meta_buffer: 0', tiles: WORLD, files: true },
  { name: 'WMS, tiles in JPEG', gridName: 'GLOBAL_WEBMERCATOR', srs: 'EPSG:3857', more: 'format: image/jpeg', tiles: [[3, 4, 5]], files: true },
  { name: 'WMS, mixed', gridName: 'GLOBAL_WEBMERCATOR', srs: 'EPSG:3857', more: 'format: mixed, request_format: image/png', tiles: WORLD, files: true },
  { name: 'WMS, sqlite', gridName: 'GLOBAL_WEBMERCATOR', srs: 'EPSG:3857', cache: 'type: sqlite', tiles: WORLD },
  { name: 'WMS, mbtiles, rows as MapProxy counts them', gridName: 'GLOBAL_MERCATOR', srs: 'EPSG:900913', cache: 'type: mbtiles', tiles: WORLD },
  { name: 'WMS, geopackage', gridName: 'GLOBAL_WEBMERCATOR', srs: 'EPSG:3857', cache: 'type: geopackage', tiles: WORLD },
  { name: 'WMS, a day of a dimension', gridName: 'GLOBAL_WEBMERCATOR', srs: 'EPSG:3857', tiles: WORLD, files: true, day: '2020-03-02T00:00:00Z' },
  { name: 'tiles', gridName: 'GLOBAL_MERCATOR', source: 'type: tile, url: UPSTREAM/%(z)s/%(x)s/%(y)s.png, grid: GLOBAL_MERCATOR', tiles: WORLD, files: true },
];

function yamlOf({ grid, gridName = 'own', cache = 'type: file', more = 'format: image/png', source, srs, day }: Case): (upstream: string) => string {
  const drawn = source ?? `type: wms, req: {url: 'UPSTREAM/?', layers: drawn}, supported_srs: ['${srs}'], forward_req_params: [time]`;
  const days = day === undefined ? '' : ', dimensions: {time: {values: [2020-03-01T00:00:00Z/2020-03-03T00:00:00Z/PT24H]}, elevation: {values: [0, 100]}}';
  return (upstream) => `
services: {tms: {use_grid_names: true}, wmts: }
layers: [{name: l, title: L, sources: [c]${days}}]
caches: {c: {grids: [${gridName}], sources: [s], cache: {${cache}}, ${more}}}
sources: {s: {${drawn.replaceAll('UPSTREAM', upstream)}}}
${grid === undefined ? '' : `grids: {own: {${grid}}}`}
globals: {cache: {base_dir: ./cache_data}, image: {paletted: false}}
`;
}

async function ask({ url }: Program, { gridName = 'own', more = '', day }: Case, [z, x, y]: readonly [number, number, number]): Promise<Uint8Array> {
  // MapProxy's /tms numbers skip the first level of grids that have one tile for the whole world (srs 4326) and shift others.
  const numbered = `/tiles/l/${gridName}/${z}/${x}/${y}.${more.includes('jpeg') ? 'jpeg' : 'png'}`;
  const dated = `/service?SERVICE=WMTS&VERSION=1.0.0&REQUEST=GetTile&LAYER=l&STYLE=&FORMAT=image/png&TILEMATRIXSET=${gridName}&TILEMATRIX=${z}&TILECOL=${x}&TILEROW=${y}&TIME=${day}`;
  const answer = await fetch(`${url}${day === undefined ? numbered : dated}`);
  const bytes = new Uint8Array(await answer.arrayBuffer());
  if (answer.status !== 200) throw new Error(`${answer.status} ${new TextDecoder().decode(bytes).slice(0, 300)}`);
  return bytes;
}

describe.each(CASES)('$name', (one) => {
  it('the same upstream requests, the same files, the same pictures; a cache that one filled is read by the other', { timeout: 120_000 }, async () => {
    const [theirs, ours] = await Promise.all([startMapProxy(yamlOf(one)), startOurs(yamlOf(one))]);
    try {
      for (const tile of one.tiles) {
        const [a, b] = [await ask(theirs, one, tile), await ask(ours, one, tile)];
        expect(await meanDifference(a, b), `picture of ${tile.join('/')}`).toBeLessThanOrEqual(2);
      }
      expect(questionsOf(ours.upstream)).toEqual(questionsOf(theirs.upstream));
      if (one.files === true) {
        const caches = [theirs, ours].map(({ folder }) => tilesBelow(path.join(folder, 'cache_data')).filter((name) => !/\.source-/.test(name)));
        expect(caches[1]).toEqual(caches[0]);
        for (const name of caches[0]!) {
          expect(fileOf(ours, name)[0], `first byte of ${name}`).toBe(fileOf(theirs, name)[0]); // PNG or JPEG
          expect(await meanDifference(fileOf(theirs, name), fileOf(ours, name)), name).toBeLessThanOrEqual(2);
        }
      }
      await expectReads(startOurs, theirs, one);
      await expectReads(startMapProxy, ours, one);
    } finally {
      await Promise.all([theirs.close(), ours.close()]);
    }
  });
});

/** A program started over a copy of what another one stored answers without asking its upstream, which is out of order. */
async function expectReads(startOther: typeof startOurs, filled: Program, one: Case): Promise<void> {
  const reader = await startOther(yamlOf(one), { isBroken: () => true, before: (folder: string) => cp(path.join(filled.folder, 'cache_data'), path.join(folder, 'cache_data'), { recursive: true, preserveTimestamps: true }) });
  try {
    for (const tile of one.tiles) expect(await meanDifference(await ask(reader, one, tile), await ask(filled, one, tile)), `stored ${tile.join('/')}`).toBeLessThanOrEqual(0.5);
    expect(reader.upstream.requests).toEqual([]);
  } finally {
    await reader.close();
  }
}
