import { GatewayError } from '../../errors.ts';
import type { Frame } from '../../geometry/frame/frame.ts';
import type { Pixels } from '../../geometry/lattice/types.ts';
import type { HipsAddress } from '../../geometry/pyramid/hips.ts';
import { formatsToTry, type TilePurpose } from '../../protocol/hips/client.ts';
import { mocContains, skyFraction, type Moc } from '../../protocol/hips/moc.ts';
import { parseHipsPath } from '../../protocol/hips/path.ts';
import { formatHipsDate, type HipsDescription } from '../../protocol/hips/properties.ts';
import { HIPS_TILE_FORMATS, TILE_EXTENSION, TILE_MEDIA_TYPE, type HipsTileFormat } from '../../protocol/hips/tileFormat.ts';
import type { Codec } from '../../raster/codec/types.ts';
import type { TileStore } from '../cache/types.ts';
import { createSingleFlight } from '../net/singleFlight.ts';
import { isUpstreamTrouble } from './firstAnswer.ts';
import { commonCoverage, coverageInFrame } from './hipsCoverage.ts';
import type { HipsFiles, ReadHipsFile } from './hipsFiles.ts';
import { readHipsHeader, type HipsHeader } from './hipsHeader.ts';
import { createHipsTiles, type HipsTiles } from './hipsTiles.ts';
import { hipsPatch } from './hipsTiling.ts';
import type { RasterMemory } from './rasterCache.ts';
import type { EncodedPatch, RasterSource } from './types.ts';

export interface HipsSourceOptions {
  readonly id: string;
  readonly files: HipsFiles;
  /**
   * Where the header is looked for first, when the source can start without it: the same places, asked once. null = `files`;
   * 'later' = not at the start (the gateway's own HiPS, which answers only once it listens).
   */
  readonly hasty: HipsFiles | 'later' | null;
  /** What the operator says of the HiPS, which wins over what it says of itself; null = not said. */
  readonly frame: Frame | null;
  readonly order: number | null;
  readonly tileWidth: Pixels | null;
  readonly format: HipsTileFormat | null;
  /** Whether transparent pixels matter; null = where the HiPS covers only a part of the sphere. */
  readonly transparent: boolean | null;
  /** Where the operator wants it read, in its frame once that is known; null = everywhere. */
  readonly clip: ((frame: Frame) => Moc) | null;
  /** The frame if nobody says it; null = then it cannot be read. */
  readonly usualFrame: Frame | null;
  /** Keeps the header, and the tiles as they are received; null = nowhere. */
  readonly store: TileStore | null;
  readonly keepTiles: boolean;
  /** First part of the keys: different for each HiPS. */
  readonly cache: string;
  readonly codec: Codec;
  readonly decodedCacheBytes: number;
  /** Where decoded tiles are remembered; default memory of its own. */
  readonly remember?: RasterMemory;
  /** Hears of trouble that does not keep an answer from being given. */
  report(error: unknown): void;
}

/**
 * A HiPS as a source. `tiling`, `description` and `coverage` become those of the HiPS as soon as its header can be read: take them
 * anew for each picture. Patches of an earlier tiling may still be fetched.
 */
export interface HipsSource extends RasterSource {
  /** What the HiPS says of itself; null while it could not be read. */
  readonly description: HipsDescription | null;
  readonly tileWidth: Pixels;
  /** In the frame of the HiPS; null = not known. */
  readonly coverage: Moc | null;
  /**
   * A tile as the upstream has it, undecoded. null = not there, or not in this format: `fetch` may still have a picture.
   * @throws GatewayError UPSTREAM_*
   */
  encoded(address: HipsAddress, format: HipsTileFormat, signal: AbortSignal): Promise<EncodedPatch | null>;
  /** Any file of the HiPS, for another thread that reads it through this one. */
  readonly file: ReadHipsFile;
}

/** A HiPS as far as it is known. */
interface Reading {
  readonly header: HipsHeader | null;
  readonly order: number;
  readonly tileWidth: Pixels;
  readonly coverage: Moc | null;
  readonly tiles: HipsTiles;
}

/** Deepest order assumed of a HiPS whose properties cannot be read: 25 milliarcseconds. What is not there is magnified. */
const ASSUMED_ORDER = 12;
const DEFAULT_TILE_WIDTH: Pixels = 512;
/** Time between attempts to read a header that could not be read. */
const RETRY_MS = 15_000;
/** Tiles of a HiPS that does not say its version are asked for again after a week. */
const UNDATED_MAX_AGE_MS = 7 * 24 * 3_600_000;

/**
 * Opens a HiPS: reads its properties and Moc.fits, waiting a few seconds at most. When they cannot be had and the operator names
 * the frame, the source starts without and looks for them again when pixels are wanted: a gateway may read its own HiPS.
 * @throws GatewayError CONFIG_INVALID, locator 'url' or 'body', when there is no HiPS, it has no pictures, or its frame is not known
 */
export async function createHipsSource(options: HipsSourceOptions): Promise<HipsSource> {
  const flights = createSingleFlight<Reading>();
  const signal = new AbortController().signal;
  let reading = openReading(options, await headerAtStart(options, signal));
  let nextAttempt = 0;

  const attempt = async (shared: AbortSignal): Promise<Reading> => {
    nextAttempt = Date.now() + RETRY_MS;
    const header = await headerLater(options, shared);
    if (header !== null) reading = openLater(options, header);
    return reading;
  };
  const current = (caller: AbortSignal): Promise<Reading> | Reading =>
    reading.header !== null || Date.now() < nextAttempt ? reading : flights.run('header', caller, attempt);

  return {
    id: options.id,
    get tiling() {
      return reading.tiles.tiling;
    },
    get description() {
      return reading.header?.description ?? null;
    },
    get tileWidth() {
      return reading.tileWidth;
    },
    get coverage() {
      return reading.coverage;
    },
    fetch: async (patch, caller) => (await current(caller)).tiles.fetch(patch, caller),
    encoded: async (address, format, caller) => encodedTile(await current(caller), address, format, caller),
    file: async (path, caller) => fileOf(await current(caller), path, caller),
  };
}

function headerOf({ store, cache, report }: HipsSourceOptions, files: HipsFiles, signal: AbortSignal): Promise<HipsHeader> {
  return readHipsHeader({ files, store, cache, report }, signal);
}

/** null = start without. */
async function headerAtStart(options: HipsSourceOptions, signal: AbortSignal): Promise<HipsHeader | null> {
  const frame = options.frame ?? options.usualFrame;
  if (options.hasty === 'later' && frame !== null) return null;
  const files = frame === null || options.hasty === 'later' ? options.files : (options.hasty ?? options.files);
  return headerOf(options, files, signal).catch((error: unknown) => {
    const enough = frame !== null && (isUpstreamTrouble(error) || options.order !== null);
    if (enough) {
      options.report(error);
      return null;
    }
    if (!isUpstreamTrouble(error)) throw error;
    throw unusable(`the HiPS cannot be reached (${error.message}); to start without it, give its body or frame, and better its hips_order and hips_tile_width too`, 'url', error);
  });
}

/** null = go on without. @throws UPSTREAM_FAILED when there turns out to be no HiPS */
async function headerLater(options: HipsSourceOptions, signal: AbortSignal): Promise<HipsHeader | null> {
  return headerOf(options, options.files, signal).catch((error: unknown) => {
    signal.throwIfAborted();
    options.report(error);
    if (isUpstreamTrouble(error) || options.order !== null) return null;
    throw new GatewayError('UPSTREAM_FAILED', `${options.id}: no HiPS`, { cause: error });
  });
}

/** What would keep a gateway from starting keeps a started one from drawing. @throws UPSTREAM_FAILED */
function openLater(options: HipsSourceOptions, header: HipsHeader): Reading {
  try {
    return openReading(options, header);
  } catch (cause) {
    throw new GatewayError('UPSTREAM_FAILED', `${options.id}: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
  }
}

function openReading(options: HipsSourceOptions, header: HipsHeader | null): Reading {
  const description = header?.description ?? null;
  const frame = options.frame ?? description?.frame ?? options.usualFrame;
  if (frame === null) throw unusable(`the HiPS does not say on which body it lies (hips_frame = ${description?.keys.get('hips_frame') ?? ''}): give its body`, 'body');
  const coverage = clipped(header?.moc == null ? null : coverageInFrame(header.moc, frame), options.clip?.(frame) ?? null);
  const order = options.order ?? description?.order ?? ASSUMED_ORDER;
  const tileWidth = options.tileWidth ?? description?.tileWidth ?? DEFAULT_TILE_WIDTH;
  const released = description?.releaseDate ?? null;
  const tiles = createHipsTiles({
    ...options,
    frame, order, tileWidth, coverage,
    formats: pictureFormats(options, description, coverage),
    orderMin: Math.min(order, description?.orderMin ?? 0),
    orderMinIsSure: description !== null && (description.keys.has('hips_order_min') || description.keys.has('minOrder')),
    store: options.keepTiles ? options.store : null,
    cache: `${options.cache}-${released === null ? 'undated' : formatHipsDate(released).replace(/\W/g, '')}`,
    maxAgeMs: released === null ? UNDATED_MAX_AGE_MS : Infinity,
  });
  return { header, order, tileWidth, coverage, tiles };
}

function clipped(coverage: Moc | null, clip: Moc | null): Moc | null {
  return coverage === null || clip === null ? (coverage ?? clip) : commonCoverage(coverage, clip);
}

/** The formats to ask for; FITS tiles are measurements, not pictures. */
function pictureFormats({ format, transparent }: HipsSourceOptions, description: HipsDescription | null, coverage: Moc | null): readonly HipsTileFormat[] {
  if (description?.dataproductType === 'catalog') throw unusable('the HiPS is a catalogue, it has no pictures', 'url');
  const partial = (coverage === null ? description?.skyFraction ?? 1 : skyFraction(coverage)) < 1;
  const purpose: TilePurpose = transparent ?? partial ? 'transparent' : 'picture';
  const formats = formatsToTry(description?.formats ?? [], purpose, format).filter((each) => each !== 'fits');
  if (formats.length === 0) throw unusable('the HiPS has FITS tiles only; pictures come from png, jpeg or webp tiles', 'url');
  return formats;
}

async function encodedTile({ header, order, tileWidth, coverage, tiles }: Reading, address: HipsAddress, format: HipsTileFormat, signal: AbortSignal): Promise<EncodedPatch | null> {
  if (header === null || address.order > order || !header.description.formats.includes(format)) return null;
  if (coverage !== null && mocContains(coverage, address.order, address.npix) === 'outside') return null;
  const patch = hipsPatch(tiles.tiling.frame, address, tileWidth);
  const encoded = await tiles.bytesOf(format).fetch(patch, signal).catch((error: unknown) => {
    if (error instanceof GatewayError && error.code === 'FORMAT_NOT_SUPPORTED') return null;
    throw error;
  });
  return encoded?.contentType === TILE_MEDIA_TYPE[format] ? encoded : null;
}

async function fileOf({ header, tiles }: Reading, path: string, signal: AbortSignal): Promise<EncodedPatch | null> {
  const asked = parseHipsPath(path);
  switch (asked.kind) {
    case 'properties':
      if (header === null) throw new GatewayError('UPSTREAM_FAILED', 'the properties of the HiPS could not be read yet');
      return { bytes: header.propertiesBytes, contentType: 'text/plain' };
    case 'moc':
      return header?.mocBytes == null ? null : { bytes: header.mocBytes, contentType: 'application/fits' };
    case 'tile':
    case 'allsky': {
      const format = HIPS_TILE_FORMATS.find((each) => TILE_EXTENSION[each] === asked.extension);
      const { frame } = tiles.tiling;
      const patch = hipsPatch(frame, { order: asked.order, npix: asked.kind === 'tile' ? asked.npix : 0 }, 1);
      return format === undefined ? null : tiles.bytesOf(format).fetch({ ...patch, key: path.slice(0, path.lastIndexOf('.')) }, signal);
    }
    default:
      return null;
  }
}

function unusable(message: string, locator: 'url' | 'body', cause?: unknown): GatewayError {
  return new GatewayError('CONFIG_INVALID', message, { locator, cause });
}
