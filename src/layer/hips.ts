import { GatewayError } from '../errors.ts';
import type { PixelGrid, Pixels } from '../geometry/lattice/types.ts';
import { hipsGrid } from '../geometry/pyramid/hips.ts';
import type { TileKey, TileStore } from '../io/cache/types.ts';
import type { SingleFlight } from '../io/net/singleFlight.ts';
import type { EncodedPatch } from '../io/source/types.ts';
import { NO_VALUES } from '../protocol/dimensions.ts';
import { allskyLayout, ALLSKY_SUB_TILE_WIDTH } from '../protocol/hips/allsky.ts';
import { mocContains, skyFraction, type Moc } from '../protocol/hips/moc.ts';
import { formatMocFits } from '../protocol/hips/mocFits.ts';
import { formatAllskyPath, formatTilePath } from '../protocol/hips/path.ts';
import { formatProperties, type HipsProperties } from '../protocol/hips/properties.ts';
import type { EncodeOptions } from '../raster/codec/types.ts';
import { EXTENSION_OF, type ImageFormat } from '../raster/format.ts';
import { encodedOf, type EncodedCache } from './encoded.ts';
import type { AllskyJob, Painter, PictureJob } from './painter.ts';
import type { Encoded, HipsLayer, Layer } from './types.ts';

/** What a layer published as HiPS is made of. */
export interface HipsLayerOptions {
  readonly layer: Layer;
  readonly order: number;
  readonly tileWidth: Pixels;
  readonly formats: readonly ImageFormat[];
  readonly coverage: Moc;
  /** All that the properties file says and this file does not compute. */
  readonly properties: Omit<HipsProperties, 'order' | 'tileWidth' | 'formats' | 'frame' | 'skyFraction' | 'serviceUrl' | 'releaseDate'>;
  readonly modified: Date;
  /** 256 x 256 view of the body or the sky. */
  readonly previewGrid: PixelGrid;
  readonly painter: Painter;
  /** The name under which the painter knows the layer. */
  readonly paintAs: string;
  readonly encoding: EncodeOptions;
  /** A tile that is there already, in the very format: sent as it is. null = it has to be made. */
  readonly passthrough?: (order: number, npix: number, format: ImageFormat, signal: AbortSignal) => Promise<EncodedPatch | null>;
  /** Where tiles are kept, and the name of this layer's cache in it: different for each version of the picture. */
  readonly store: TileStore;
  readonly cache: string;
  /** Encoded tiles ready to send; shared by all layers, so the byte limit is one. */
  readonly memory: EncodedCache;
  readonly flights: SingleFlight<Encoded>;
}

type Make = (signal: AbortSignal) => Promise<Uint8Array>;
type Ready = (signal: AbortSignal) => Promise<EncodedPatch | null>;

/** A layer as a HiPS: every file is looked for in memory, then in the store, and made when it is nowhere. */
export function createHipsLayer(options: HipsLayerOptions): HipsLayer {
  const { layer, order, tileWidth, formats, coverage, modified, memory, flights } = options;
  const fraction = skyFraction(coverage);

  const nameInMemory = (tile: string, format: ImageFormat): string => `${options.cache}/${tile}.${EXTENSION_OF[format]}`;

  const painted = async (grid: PixelGrid, format: ImageFormat, signal: AbortSignal): Promise<Uint8Array> => {
    const job: PictureJob = { kind: 'picture', layers: [{ name: options.paintAs, values: NO_VALUES }], grid, format, encoding: options.encoding };
    return (await options.painter.paint(job, { priority: 'interactive', signal }))[0]!;
  };

  /** From memory, from where it is `ready`, the store, or `make`; one computation however many ask at once. */
  const cached = (tile: string, format: ImageFormat, signal: AbortSignal, make: Make, ready: Ready = async () => null): Promise<Encoded> => {
    const key: TileKey = { cache: options.cache, tile, extension: EXTENSION_OF[format] };
    const name = nameInMemory(tile, format);
    const hit = memory.get(name);
    if (hit !== undefined) return Promise.resolve(hit);
    return flights.run(name, signal, async (shared) => {
      const passed = await ready(shared);
      const encoded = passed === null ? ((await stored(key, format)) ?? (await kept(key, format, await make(shared)))) : encodedOf(passed.bytes, format, modified);
      memory.set(name, encoded);
      return encoded;
    });
  };
  const stored = async (key: TileKey, format: ImageFormat): Promise<Encoded | null> => {
    const tile = await options.store.get(key);
    return tile === undefined ? null : encodedOf(tile.bytes, format, modified);
  };
  const kept = async (key: TileKey, format: ImageFormat, bytes: Uint8Array): Promise<Encoded> => {
    await options.store.put(key, bytes);
    return encodedOf(bytes, format, modified);
  };

  /** The mosaic in every format at once: rendering it costs far more than encoding it, and clients ask for more than one. */
  const allsky = async (allskyOrder: number, format: ImageFormat, signal: AbortSignal): Promise<Uint8Array> => {
    const width = Math.min(ALLSKY_SUB_TILE_WIDTH, tileWidth);
    const others = formats.filter((each) => each !== format);
    const job: AllskyJob = {
      kind: 'allsky', layer: options.paintAs, order: allskyOrder, tileWidth: width, coverage, formats: [format, ...others], encoding: options.encoding,
    };
    const [bytes, ...rest] = await options.painter.paint(job, { priority: 'batch', signal });
    const tile = formatAllskyPath(allskyOrder);
    await Promise.all(rest.map((one, i) => options.store.put({ cache: options.cache, tile, extension: EXTENSION_OF[others[i]!] }, one)));
    return bytes!;
  };

  let moc: Encoded | null = null;
  return {
    name: layer.name,
    title: layer.title,
    order,
    tileWidth,
    formats,
    modified,
    frame: layer.frame,
    coverage,
    properties: (serviceUrl, part = {}) =>
      formatProperties({
        ...options.properties,
        releaseDate: modified,
        order: part.order ?? order,
        tileWidth,
        formats: (part.formats ?? formats).map((format) => (format === 'image/png' ? 'png' : format === 'image/jpeg' ? 'jpeg' : 'webp')),
        frame: layer.frame,
        skyFraction: part.coverage === undefined ? fraction : skyFraction(part.coverage),
        serviceUrl,
      }),
    moc: () => (moc ??= encodedOf(formatMocFits(coverage, { frame: layer.frame }), 'application/fits', modified)),
    async tile(tileOrder, npix, format, signal) {
      checkOffered(formats, format, layer.name);
      checkOrder(tileOrder, order);
      const grid = hipsGrid(layer.frame, { order: tileOrder, npix }, tileWidth);
      if (mocContains(coverage, tileOrder, npix) === 'outside') return null;
      const { passthrough } = options;
      const ready: Ready = async (shared) => passthrough?.(tileOrder, npix, format, shared) ?? null;
      return cached(formatTilePath(tileOrder, npix), format, signal, (shared) => painted(grid, format, shared), ready);
    },
    tileInMemory: (tileOrder, npix, format) => memory.get(nameInMemory(formatTilePath(tileOrder, npix), format)),
    async allsky(allskyOrder, format, signal) {
      checkOffered(formats, format, layer.name);
      checkOrder(allskyOrder, order);
      allskyLayout(allskyOrder, tileWidth);
      return cached(formatAllskyPath(allskyOrder), format, signal, (shared) => allsky(allskyOrder, format, shared));
    },
    preview: (signal) => cached('preview', 'image/jpeg', signal, (shared) => painted(options.previewGrid, 'image/jpeg', shared)),
  };
}

function checkOffered(formats: readonly ImageFormat[], format: ImageFormat, name: string): void {
  if (formats.includes(format)) return;
  const offered = formats.map((each) => EXTENSION_OF[each]).join(', ');
  throw new GatewayError('FORMAT_NOT_SUPPORTED', `${EXTENSION_OF[format]} is not offered by the layer '${name}': ${offered}`, { locator: 'format' });
}

function checkOrder(order: number, deepest: number): void {
  if (order <= deepest) return;
  throw new GatewayError('TILE_OUT_OF_RANGE', `order ${order} is deeper than this HiPS: 0..${deepest}`, { locator: 'order' });
}
