import path from 'node:path';
import type { CacheStore, CacheStoresOptions } from '../../config/build/stores.ts';
import { openCacheStore } from '../../config/build/stores.ts';
import type { StoreConfig } from '../../config/types.ts';
import { GatewayError } from '../../errors.ts';
import { degreesOnBody } from '../../geometry/crs/alias.ts';
import type { Bbox } from '../../geometry/crs/axis.ts';
import { projectBbox } from '../../geometry/pyramid/projectBbox.ts';
import { tileLimits, setLimits, type TileLimits, type TileMatrix, type TileMatrixSet } from '../../geometry/pyramid/tileMatrixSet.ts';
import type { Region } from '../../geometry/region/types.ts';
import { DIRECTORY_LAYOUTS, type DirectoryLayout } from '../../io/cache/layout.ts';
import type { TileLayer } from '../../layer/types.ts';
import type { ImageFormat } from '../../raster/format.ts';
import type { Part } from '../coverage.ts';
import { type Candidates, countCovered, coveredTiles } from '../coveredTiles.ts';
import type { TileWork } from '../work.ts';
import type { ExportPlan, ExportWish } from './plan.ts';

/** Seconds to wait for another program that writes the same file. */
const SQLITE_TIMEOUT = 30;

/**
 * The tiles of a grid of a layer, as a file or a folder of files.
 * @throws GatewayError CONFIG_INVALID for what the layer has not
 */
/** @param part of the layer; null = all */
export function tilesPlan(layer: TileLayer, wish: ExportWish, part: Part | null, options: CacheStoresOptions): ExportPlan {
  const whole = setOf(layer, wish.grid);
  const levels = levelsOf(whole, wish.levels);
  if (wish.type === 'quadkey') requireQuadtree(whole, levels);
  const bbox = bboxOf(layer, whole, part);
  const limits = limitsOf(layer, whole, bbox, part !== null);
  const region = part?.regionOn(whole.crs.frame) ?? null;
  const format = wish.format ?? layer.formats[0]!;
  // What is not exported is not described either: readers take the last matrix for the finest that there is.
  const set: TileMatrixSet = { ...whole, bbox: onPixels(bbox, whole, whole.tileMatrices[levels[0]!]!), tileMatrices: whole.tileMatrices.slice(0, levels.at(-1)! + 1) };
  const { store, key } = openCacheStore({ cache: { name: layer.name, format, mixed: false }, grid: { store: storeOf(wish, set) }, set }, options);
  const counted = levels.map((level) => ({ level, tiles: countOf(whole, level, limits, region) }));
  return {
    identity: { layer: layer.name, type: wish.type, grid: whole.id, levels, format, coverage: part?.identity ?? null, modified: layer.modified.toISOString() },
    levels: counted,
    tiles: () => tilesOf(layer, { set: whole, levels, limits, region, format, store, key }),
    finish: async () => {},
    close: () => store.close(),
  };
}

function setOf({ sets, name }: TileLayer, wanted: string | null): TileMatrixSet {
  const found = wanted === null ? sets[0] : sets.find(({ id }) => id === wanted);
  if (found !== undefined) return found;
  throw new GatewayError('CONFIG_INVALID', `the layer '${name}' has no grid '${wanted}': ${sets.map(({ id }) => id).join(', ')}`);
}

function levelsOf({ id, tileMatrices }: TileMatrixSet, wanted: readonly number[] | null): readonly number[] {
  const deepest = tileMatrices.length - 1;
  if (wanted === null) throw new GatewayError('CONFIG_INVALID', `say which levels of the grid '${id}' are to be exported: --levels 0-5, at most 0-${deepest}`);
  if (wanted.at(-1)! > deepest) throw new GatewayError('CONFIG_INVALID', `the grid '${id}' has no level ${wanted.at(-1)}: 0-${deepest}`);
  return wanted;
}

/** A quadkey has one digit per level: in a grid of more tiles, two would have the same name. */
function requireQuadtree({ id, tileMatrices }: TileMatrixSet, levels: readonly number[]): void {
  const wide = levels.find((level) => Math.max(tileMatrices[level]!.matrixWidth, tileMatrices[level]!.matrixHeight) > 2 ** level);
  if (wide === undefined) return;
  const { matrixWidth, matrixHeight } = tileMatrices[wide]!;
  throw new GatewayError('CONFIG_INVALID', `level ${wide} of the grid '${id}' has ${matrixWidth} x ${matrixHeight} tiles, more than quadkeys can tell apart: it must begin with one tile`);
}

/** What is shown, units of the grid. */
function bboxOf({ frame, bbox }: TileLayer, { crs, id, bbox: own }: TileMatrixSet, part: Part | null): Bbox {
  if (part === null && crs.frame.id !== frame.id) return own;
  const shown = part === null ? projectBbox(degreesOnBody(crs.frame, 'CRS:84'), bbox, crs) : part.bboxOn(crs);
  if (shown === null) throw new GatewayError('CONFIG_INVALID', `the grid '${id}' shows nothing of ${part === null ? 'the layer' : 'that part'}`);
  return within(shown, own);
}

/** Cut to a rectangle, unless nothing were left: other turns of longitude are for setLimits to find. */
function within([minX, minY, maxX, maxY]: Bbox, [left, low, right, high]: Bbox): Bbox {
  const cut: Bbox = [Math.max(minX, left), Math.max(minY, low), Math.min(maxX, right), Math.min(maxY, high)];
  return cut[0] < cut[2] && cut[1] < cut[3] ? cut : [minX, minY, maxX, maxY];
}

/** Share of a pixel by which rounding may move an edge. */
const ROUNDING = 1e-6;

/** Grown to whole pixels of a level, and so of all finer ones: programs that read files begin at the edge that is told, with a whole pixel. */
function onPixels([minX, minY, maxX, maxY]: Bbox, { bbox: [left, low, right, high] }: TileMatrixSet, { cellSize, pointOfOrigin: [x, y] }: TileMatrix): Bbox {
  const down = (value: number, origin: number): number => origin + Math.floor((value - origin) / cellSize + ROUNDING) * cellSize;
  const up = (value: number, origin: number): number => origin + Math.ceil((value - origin) / cellSize - ROUNDING) * cellSize;
  return [Math.max(down(minX, x), left), Math.max(down(minY, y), low), Math.min(up(maxX, x), right), Math.min(up(maxY, y), high)];
}

function limitsOf(layer: TileLayer, set: TileMatrixSet, bbox: Bbox, isCut: boolean): ReadonlyMap<string, TileLimits> {
  if (isCut || set.crs.frame.id === layer.frame.id) return setLimits(set, bbox);
  return new Map(set.tileMatrices.flatMap((matrix) => {
    const limits = tileLimits(matrix, set.bbox);
    return limits === null ? [] : [[matrix.id, limits] as const];
  }));
}

function countOf({ crs, tileMatrices }: TileMatrixSet, level: number, limits: ReadonlyMap<string, TileLimits>, region: Region | null): number {
  const matrix = tileMatrices[level]!;
  const within = limits.get(matrix.id);
  return within === undefined ? 0 : countCovered({ crs, matrix, limits: within, region })!;
}

function storeOf({ type, dest, layer }: ExportWish, { crs }: TileMatrixSet): StoreConfig {
  const permissions = { directory: null, file: null };
  const sqlite = { sqlite_timeout: SQLITE_TIMEOUT, sqlite_wal: null, permissions };
  const file = path.resolve(dest);
  switch (type) {
    case 'mbtiles':
      return { type, filename: file, rows: 'standard', ...sqlite };
    case 'geopackage':
      return { type, filename: file, rows: 'standard', levels: false, table_name: layer.replaceAll(/[^A-Za-z0-9]+/g, '_'), srs: crs.id, ...sqlite };
    case 'sqlite':
      return { type, directory: file, ttl: 0, ...sqlite };
    default:
      return { type: 'file', directory: file, directory_layout: layoutOf(type), permissions, link_single_color_images: null };
  }
}

function layoutOf(type: string): DirectoryLayout {
  const layout = DIRECTORY_LAYOUTS.find((one) => one === type);
  if (layout === undefined) throw new Error(`'${type}' is no layout of files`);
  return layout;
}

interface Tiles extends CacheStore {
  readonly set: TileMatrixSet;
  readonly levels: readonly number[];
  readonly limits: ReadonlyMap<string, TileLimits>;
  /** What of the limits is wanted; null = all. */
  readonly region: Region | null;
  readonly format: ImageFormat;
}

/** Blocks of so many rows and columns after each other, so that neighbours share what is read for them. */
const BLOCK = 8;

function* tilesOf(layer: TileLayer, { set, levels, limits, region, format, store, key }: Tiles): Generator<TileWork> {
  for (const level of levels) {
    const matrix = set.tileMatrices[level]!;
    const within = limits.get(matrix.id);
    if (within === undefined) continue;
    for (const { col, row } of inTurn({ crs: set.crs, matrix, limits: within, region })) {
      const own = key({ level, col, row });
      yield {
        name: own.tile,
        isThere: async () => (await store.get(own)) !== undefined,
        async make(signal) {
          const tile = await layer.tile(set, { matrix, col, row }, format, 1, signal);
          if (tile !== null) await store.put(own, tile.bytes);
          return tile?.bytes.length ?? 0;
        },
      };
    }
  }
}

function* inTurn(candidates: Candidates): Generator<{ readonly col: number; readonly row: number }> {
  for (const part of coveredTiles(candidates)) yield* inBlocks(part);
}

function* inBlocks({ minCol, maxCol, minRow, maxRow }: TileLimits): Generator<{ readonly col: number; readonly row: number }> {
  for (let top = minRow; top <= maxRow; top += BLOCK) {
    for (let left = minCol; left <= maxCol; left += BLOCK) {
      for (let row = top; row < Math.min(top + BLOCK, maxRow + 1); row++) {
        for (let col = left; col < Math.min(left + BLOCK, maxCol + 1); col++) yield { col, row };
      }
    }
  }
}
