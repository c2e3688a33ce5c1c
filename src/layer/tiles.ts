import { GatewayError } from '../errors.ts';
import { rotatePoints, rotationBetween } from '../geometry/frame/rotation.ts';
import { latticePoints, spherePoints } from '../geometry/lattice/points.ts';
import type { TileAddress, TileLimits, TileMatrixSet } from '../geometry/pyramid/tileMatrixSet.ts';
import type { TileKey, TileStore } from '../io/cache/types.ts';
import type { SingleFlight } from '../io/net/singleFlight.ts';
import type { Values } from '../protocol/dimensions.ts';
import type { Codec, EncodeOptions } from '../raster/codec/types.ts';
import { EXTENSION_OF, mixedTypeOf, type ImageFormat } from '../raster/format.ts';
import { encodedOf, type EncodedCache } from './encoded.ts';
import type { MetaTiles } from './metaTiles.ts';
import type { Painter, PictureJob } from './painter.ts';
import { ownAddress, tileGrid } from './tileGrid.ts';
import type { Encoded, MapLayer, TileLayer } from './types.ts';

/** Where a stored tile lies. */
export interface TilePlace {
  readonly store: TileStore;
  readonly key: TileKey;
}

/** One grid of one cache: how its tiles are made and where they are kept. */
export interface CachedSet {
  readonly set: TileMatrixSet;
  /** Tiles that the coverage touches, by matrix; null = all. A matrix that is absent has none. */
  readonly limits: ReadonlyMap<string, TileLimits> | null;
  /** Of the tiles within the limits: false where the coverage does not touch the tile. Absent = it touches all. */
  readonly isShown?: (address: TileAddress) => boolean;
  /** Makes tiles of the cache's own format and size many at a time; null = each is drawn by itself. */
  readonly meta: MetaTiles | null;
  /** Of the layer's dimensions. */
  readonly values: Values;
  /** The same for other values. */
  at(values: Values): CachedSet;
  /** Name for the painter; null = tiles are only read, never made (a cache without sources). */
  readonly paintAs: string | null;
  /** Name for the painter of what is laid over tiles that it draws; null = nothing. */
  readonly overlay: string | null;
  /** How missing tiles are made of others; null = they are not. */
  readonly rescaled: RescaledSet | null;
  readonly format: ImageFormat;
  readonly encoding: EncodeOptions;
  /** Unique among all sets of all caches, changing with the picture: names tiles in memory. */
  readonly id: string;
  /** null = not kept on disk. */
  place(level: number, address: TileAddress, format: ImageFormat, scale: 1 | 2): TilePlace | null;
  /** A stored tile from before this moment is made again; null = tiles stay for ever. */
  readonly staleBefore: Date | null;
  /** A tile made up to this moment, to the second, is made again when it is asked for; null = none. Asked for each tile. */
  refreshBefore(): Date | null;
}

/** Tiles that are made of tiles of other levels. */
export interface RescaledSet {
  /** Name for the painter. */
  readonly paintAs: string;
  /** Whether they are stored. */
  readonly isKept: boolean;
  /** Whether no source shows anything at the resolution of a tile. */
  isWanted(address: TileAddress): boolean;
}

/** Tiles made of others are believed this long, milliseconds: better ones may come to be stored at any time. */
const RESCALED_MS = 60_000;

export interface TileLayerOptions extends Pick<TileLayer, 'name' | 'title' | 'abstract' | 'frame' | 'bbox' | 'formats' | 'queryable' | 'modified' | 'dimensions'> {
  /** The one to use when a client does not choose first. Not empty. */
  readonly sets: readonly CachedSet[];
  readonly map: MapLayer;
  readonly painter: Painter;
  readonly codec: Codec;
  readonly memory: EncodedCache;
  readonly flights: SingleFlight<Encoded | null>;
  /** Hears why a stored tile is sent in place of a new one. */
  report(error: unknown): void;
}

/** A tile that is wanted, all questions about it settled. */
interface Wanted {
  readonly cached: CachedSet;
  readonly address: TileAddress;
  readonly format: ImageFormat;
  readonly scale: 1 | 2;
}

/** Tiles of caches: each looked for in memory, then in the store, and drawn straight from the cache's sources when it is nowhere. */
export function createTileLayer(options: TileLayerOptions): TileLayer {
  const { name, title, abstract, frame, bbox, formats, queryable, modified, dimensions } = options;
  const sets = new Map(options.sets.map((cached) => [cached.set.id, cached]));
  const setOf = ({ id }: TileMatrixSet): CachedSet => {
    const cached = sets.get(id);
    if (cached !== undefined) return cached;
    throw new GatewayError('INVALID_PARAMETER', `the layer '${name}' has no grid '${id}': ${[...sets.keys()].join(', ')}`, { locator: 'TileMatrixSet' });
  };
  const layer: TileLayer = {
    name, title, abstract, frame, bbox, formats, queryable, modified, dimensions,
    at: (values) => dimensions.length === 0 ? layer : createTileLayer({ ...options, sets: options.sets.map((cached) => cached.at(values)), map: options.map.at(values) }),
    sets: options.sets.map(({ set }) => set),
    ...(options.map.askInfo === undefined ? {} : { askInfo: options.map.askInfo }),
    async tile(set, asked, format, scale, signal) {
      checkOffered(formats, format, name);
      const cached = setOf(set);
      const address = ownAddress(cached.set, asked);
      return !isWithin(cached.limits, address) || cached.isShown?.(address) === false ? null : tileOf(options, { cached, address, format, scale }, signal);
    },
    info: async (set, asked, i, j, signal) => {
      const cached = setOf(set);
      return infoOf(options, cached.set, ownAddress(cached.set, asked), i, j, signal);
    },
  };
  return layer;
}

function checkOffered(formats: readonly ImageFormat[], format: ImageFormat, name: string): void {
  if (formats.includes(format)) return;
  const offered = formats.map((each) => EXTENSION_OF[each]).join(', ');
  throw new GatewayError('FORMAT_NOT_SUPPORTED', `${EXTENSION_OF[format]} is not offered by the layer '${name}': ${offered}`, { locator: 'format' });
}

/** Whether a tile lies within the limits of its matrix, in the set's own numbers. */
export function isWithin(limits: CachedSet['limits'], { matrix, col, row }: TileAddress): boolean {
  if (limits === null) return true;
  const of = limits.get(matrix.id);
  return of !== undefined && col >= of.minCol && col <= of.maxCol && row >= of.minRow && row <= of.maxRow;
}

/** From memory, the store, or the painter; one computation however many ask at once. */
async function tileOf(options: TileLayerOptions, wanted: Wanted, signal: AbortSignal): Promise<Encoded | null> {
  const { cached } = wanted;
  const name = nameOf(wanted);
  const hit = options.memory.get(name);
  if (hit !== undefined && !isDue(cached, hit.modified)) return hit;
  return options.flights.run(name, signal, async (shared) => {
    const stored = await storedTile(options, wanted);
    const isFresh = stored !== null && !isDue(cached, stored.modified);
    const encoded = isFresh ? stored : await madeTile(options, wanted, shared).catch((error: unknown) => keptInstead(stored, error, options));
    if (encoded !== null && encoded.isStale !== true) options.memory.set(name, encoded, cached.rescaled === null ? 0 : RESCALED_MS);
    return encoded;
  });
}

/** Name of a tile in memory. */
function nameOf({ cached, address: { matrix, col, row }, format, scale }: Wanted): string {
  return `${cached.id}/${matrix.id}/${col}/${row}@${scale}.${EXTENSION_OF[format]}`;
}

/** Made so long ago that it is to be made again. Whole seconds, as in MapProxy: some stores know no finer times. */
function isDue({ refreshBefore, paintAs }: CachedSet, made: Date): boolean {
  const limit = paintAs === null ? null : refreshBefore();
  return limit !== null && Math.floor(made.getTime() / 1000) * 1000 <= limit.getTime();
}

/** While an upstream is in trouble the old tile serves on. @throws the error where there is none, or the trouble is another */
function keptInstead(stored: Encoded | null, error: unknown, { report }: TileLayerOptions): Encoded {
  if (stored === null || !(error instanceof GatewayError && error.code.startsWith('UPSTREAM_'))) throw error;
  report(error);
  return { ...stored, isStale: true };
}

/** When a tile says that it was made: tiles that are made again say so, the others are as old as what they show. */
function modifiedOf({ modified }: TileLayerOptions, { refreshBefore }: CachedSet, made: Date): Date {
  return refreshBefore() === null ? modified : made;
}

function placeOf({ cached, address, format, scale }: Wanted): TilePlace | null {
  return cached.place(cached.set.tileMatrices.indexOf(address.matrix), address, format, scale);
}

/** What the store has, if it is good: null also for the empty file that means "nothing here". */
async function storedTile(options: TileLayerOptions, wanted: Wanted): Promise<Encoded | null> {
  const place = placeOf(wanted);
  const tile = place === null ? undefined : await place.store.get(place.key);
  if (tile === undefined || tile.bytes.length === 0) return null;
  const { staleBefore, paintAs } = wanted.cached;
  if (staleBefore !== null && tile.modified < staleBefore) return null;
  return encodedOf(tile.bytes, typeOf(tile.bytes, wanted), paintAs === null ? tile.modified : modifiedOf(options, wanted.cached, tile.modified));
}

async function madeTile(options: TileLayerOptions, wanted: Wanted, signal: AbortSignal): Promise<Encoded | null> {
  const { cached, address, format, scale } = wanted;
  const converted = cached.paintAs === null ? await transcodedTile(options, wanted) : null;
  if (converted !== null) return converted;
  if (cached.rescaled?.isWanted(address) === true) return rescaledTile(options, wanted, cached.rescaled, signal);
  if (cached.paintAs === null) return null;
  if (cached.meta !== null && format === cached.format && scale === 1) return metaTile(options, wanted, cached.meta, signal);
  const grid = tileGrid(cached.set, address, scale);
  const layers = [cached.paintAs, ...(cached.overlay === null ? [] : [cached.overlay])].map((name) => ({ name, values: cached.values }));
  const job: PictureJob = { kind: 'picture', layers, grid, format, encoding: cached.encoding };
  const [bytes] = await options.painter.paint(job, { priority: 'interactive', signal });
  const place = placeOf(wanted);
  if (place !== null) await place.store.put(place.key, bytes!);
  return encodedOf(bytes!, typeOf(bytes!, wanted), modifiedOf(options, cached, new Date()));
}

/** null where there are no tiles that it could be made of. */
async function rescaledTile(options: TileLayerOptions, wanted: Wanted, { paintAs, isKept }: RescaledSet, signal: AbortSignal): Promise<Encoded | null> {
  const { cached, address, format, scale } = wanted;
  const job: PictureJob = { kind: 'picture', layers: [{ name: paintAs, values: cached.values }], grid: tileGrid(cached.set, address, scale), format, encoding: cached.encoding, isBlankEmpty: true };
  const [bytes] = await options.painter.paint(job, { priority: 'interactive', signal });
  if (bytes!.length === 0) return null;
  const place = isKept ? placeOf(wanted) : null;
  if (place !== null) await place.store.put(place.key, bytes!);
  return encodedOf(bytes!, typeOf(bytes!, wanted), modifiedOf(options, cached, new Date()));
}

/** What is sent; of `format: mixed` the request does not tell. */
function typeOf(bytes: Uint8Array, { cached, format }: Wanted): ImageFormat {
  return cached.encoding.mixed === true && format === 'image/png' ? mixedTypeOf(bytes) : format;
}

/** Makes all tiles of the meta tile, and keeps those that the store does not have or that are due as well. */
async function metaTile(options: TileLayerOptions, wanted: Wanted, meta: MetaTiles, signal: AbortSignal): Promise<Encoded | null> {
  const { cached, address: asked } = wanted;
  const made = await meta.make(asked, signal);
  let own: Encoded | null = null;
  for (const { address, bytes } of made) {
    const one = { ...wanted, address };
    const encoded = encodedOf(bytes, typeOf(bytes, wanted), modifiedOf(options, cached, new Date()));
    const place = placeOf(one);
    if (place !== null) await place.store.put(place.key, bytes);
    if (address.col === asked.col && address.row === asked.row) own = encoded;
    else options.memory.set(nameOf(one), encoded);
  }
  return own;
}

/** A cache without sources has its tiles in one format and one size only. */
async function transcodedTile(options: TileLayerOptions, wanted: Wanted): Promise<Encoded | null> {
  const { cached, format, scale } = wanted;
  if (format === cached.format && scale === 1) return null;
  const kept = await storedTile(options, { ...wanted, format: cached.format, scale: 1 });
  if (kept === null) return null;
  const raster = await options.codec.decode(kept.bytes);
  const sized = scale === 1 ? raster : await options.codec.resize(raster, raster.width * scale, raster.height * scale);
  const bytes = await options.codec.encode(sized, format, cached.encoding);
  return encodedOf(bytes, typeOf(bytes, wanted), kept.modified);
}

async function infoOf(
  { map, frame }: TileLayerOptions,
  set: TileMatrixSet,
  address: TileAddress,
  i: number,
  j: number,
  signal: AbortSignal,
): ReturnType<TileLayer['info']> {
  const { lattice, col, row } = tileGrid(set, address, 1);
  const pixel = latticePoints(1);
  pixel.col[0] = col + i + 0.5;
  pixel.row[0] = row + j + 0.5;
  const at = spherePoints(1);
  lattice.toSphere(1, pixel, at);
  const rotation = rotationBetween(set.crs.frame, frame);
  if (rotation !== null) rotatePoints(rotation, 1, at.lon, at.lat);
  return map.info(at.lon[0]!, at.lat[0]!, lattice.pixelAngle, signal);
}
