import { createFileStore } from '../io/cache/store/file.ts';
import { createSingleFlight } from '../io/net/singleFlight.ts';
import { ownRasters, type RasterMemory } from '../io/source/rasterCache.ts';
import type { EncodedCache } from '../layer/encoded.ts';
import { createHoldingPainter, createLocalPainter, type Paintable, type Painter } from '../layer/painter.ts';
import type { WindowDrawer } from '../layer/meta.ts';
import type { HipsLayer, Layer } from '../layer/types.ts';
import type { Variants } from '../layer/variants.ts';
import { createSharpCodec } from '../raster/codec/sharp.ts';
import type { Gateway, HipsNode } from '../service/types.ts';
import type { Codec } from '../raster/codec/types.ts';
import { buildAccess } from './build/access.ts';
import type { BuildContext } from './build/context.ts';
import { deliveriesOf } from './build/delivery.ts';
import type { SourceOf } from './build/drawing.ts';
import { buildHipsLayer } from './build/hips.ts';
import { buildWmsNode } from './build/maps.ts';
import { createSharedMemory, type SharedMemory } from './build/memory.ts';
import { buildOgcApiNode } from './build/ogcapi.ts';
import { sourcesBelow } from './build/refs.ts';
import { registryOf } from './build/registry.ts';
import { createShared, type Shared } from './build/shared.ts';
import { createCacheStores } from './build/stores.ts';
import { createSourceBuilder, type BuiltSource } from './build/sources.ts';
import { createPaintingTeam, type PaintingTeam } from './build/threads.ts';
import { buildTilesNode } from './build/tiles.ts';
import { createClient } from './build/upstream.ts';
import type { Config, HipsLayerConfig, LayerConfig, LoadedConfig } from './types.ts';

const MEGABYTE = 1 << 20;

/** What the composition root is handed by the process. */
export interface BuildOptions {
  /** Threads that paint; 0 = the calling thread does. */
  readonly threads: number;
  /** What it has in common with other gateways, whose threads then paint, and which outlives it; absent = it is alone. */
  readonly common?: Common & { readonly share: number };
  /** The name below which it stands, where there are several; absent = it is alone. */
  readonly site?: string;
  /** Hears of trouble that does not keep an answer from being given. */
  report(error: unknown): void;
}

/** What the gateways of one process share. */
export interface Common {
  readonly team: PaintingTeam;
  readonly memory: SharedMemory;
  close(): Promise<void>;
}

/** For gateways of which each may use a `share` of its server.limits.memory_cache_mb for what is not common: patches decoded by its sources. */
export function createCommon({ threads, memoryMegabytes, report }: { readonly threads: number; readonly memoryMegabytes: number; report(error: unknown): void }): Common {
  const team = createPaintingTeam({ threads, report });
  return { team, memory: createSharedMemory(memoryMegabytes * MEGABYTE, true), close: () => team.close() };
}

/**
 * COMPOSITION ROOT: the one place that knows which adapter stands behind which port. Reads headers, no pixels; connects to nothing.
 * @throws ConfigError for mistakes that only building shows
 */
export async function buildGateway(loaded: LoadedConfig, options: BuildOptions): Promise<Gateway> {
  const { threads, common, site = null, report } = options;
  const bytes = loaded.config.server.limits.memory_cache_mb * MEGABYTE;
  const perSource = (bytes * (common?.share ?? 1)) / (threads === 0 ? 2 : 4);
  const own = common === undefined && threads > 0 ? createPaintingTeam({ threads, report }) : null;
  const team = threads === 0 ? null : (common?.team ?? own);
  const { encoded, rasters } = (common?.memory ?? createSharedMemory(bytes, team !== null)).join();
  const { shared, answer } = createShared(rasters);
  const member = team?.join(loaded, { decodedBytes: perSource / team.threads, begin: rasters.begin, answer }) ?? null;
  const access = await buildAccess(loaded);
  const { gateway } = await assemble(loaded, {
    site,
    report,
    shared,
    painterOver: (paintable, codec) => (member === null ? createLocalPainter(paintable, codec) : createHoldingPainter(paintable, member)),
    memory: encoded,
    decodedBytes: perSource,
    remember: ownRasters,
  });
  return {
    ...gateway,
    access,
    warmUp: () => member?.start(),
    async close() {
      await member?.close();
      await own?.close();
      await gateway.close();
    },
  };
}

/** How the threads of a gateway differ. */
export interface Assembly {
  /** As in BuildOptions; threads that only paint need not know. */
  readonly site?: string | null;
  report(error: unknown): void;
  readonly shared: Shared;
  painterOver(paintable: Paintable, codec: Codec): Painter;
  /** Encoded tiles ready to send. */
  readonly memory: EncodedCache;
  /** Memory that each source may use for decoded patches in this thread. */
  readonly decodedBytes: number;
  /** Where tiles that a source decoded are remembered. */
  readonly remember: RasterMemory;
}

/** Everything behind one thread: the gateway as services see it, and the layers as a painter does. */
export async function assemble(
  loaded: LoadedConfig,
  assembly: Assembly,
): Promise<{ readonly gateway: Gateway; readonly context: BuildContext }> {
  const { config } = loaded;
  const store = createFileStore(config.globals.cache.base_dir);
  const codec = createSharpCodec({ maxPixels: config.server.limits.picture_pixels });
  const cacheStores = createCacheStores({ codec, report: assembly.report, env: process.env });
  const layers = new Map<string, Variants<Layer>>();
  const drawers = new Map<string, Variants<WindowDrawer>>();
  const deliveries = deliveriesOf(config);
  const web = createClient(config.globals, { loaded });
  const context: BuildContext = {
    loaded,
    site: assembly.site ?? null,
    registry: registryOf(config),
    codec,
    store,
    cacheStores,
    memory: assembly.memory,
    decodedBytes: assembly.decodedBytes,
    remember: assembly.remember,
    flights: createSingleFlight(),
    report: assembly.report,
    layers,
    drawers,
    mapLayers: new Map(),
    clients: new Map(),
    painter: assembly.painterOver({ layers, drawers }, codec),
    shared: assembly.shared,
    web,
    deliveryOf: deliveries.deliveryOf,
  };
  const opened: Promise<BuiltSource>[] = [];
  const build = createSourceBuilder(context);
  const sourceOf: SourceOf = (ref, frame, values) => {
    const one = build(ref, frame, values);
    opened.push(one);
    return one;
  };
  const tiles = await buildTilesNode(flatten(config.layers), sourceOf, context);
  const gateway: Gateway = {
    title: config.server.title ?? config.services.wms?.md?.title ?? 'hips-gateway',
    publicUrl: config.server.public_url,
    trustProxy: config.server.trust_proxy,
    origins: deliveries.origins,
    anyOrigins: deliveries.anyOrigins,
    hips: await hipsNode(config, sourceOf, context),
    maps: await buildWmsNode(sourceOf, context),
    tiles,
    ogcapi: await buildOgcApiNode(tiles, sourceOf, context),
    access: null,
    warmUp: () => {},
    async close() {
      for (const variants of [...layers.values(), ...drawers.values()]) await variants.close();
      for (const one of await Promise.all(new Set(opened))) await one.close();
      await web.close();
      await cacheStores.close();
      await store.close();
    },
  };
  return { gateway, context };
}

async function hipsNode(
  config: Config,
  sourceOf: SourceOf,
  context: BuildContext,
): Promise<HipsNode | null> {
  const service = config.services.hips;
  if (service === null) return null;
  const wanted = flatten(config.layers).filter(isHipsLayer).filter(({ sources }) => sourcesBelow(sources, context.loaded).length > 0);
  const layers = await Promise.all(wanted.map((layer) => buildHipsLayer(layer, service, sourceOf, context)));
  return {
    layers: new Map<string, HipsLayer>(layers.map((layer) => [layer.name, layer])),
    deliveryOf: context.deliveryOf,
  };
}

function isHipsLayer(layer: LayerConfig): layer is LayerConfig & { readonly name: string; readonly hips: HipsLayerConfig } {
  return layer.name !== null && layer.hips !== null;
}

/** Groups before their members. */
function flatten(layers: readonly LayerConfig[]): readonly LayerConfig[] {
  return layers.flatMap((layer) => [layer, ...flatten(layer.layers)]);
}
