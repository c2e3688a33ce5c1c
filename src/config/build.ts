import { createCrsRegistry } from '../geometry/crs/registry.ts';
import { createFileStore } from '../io/cache/store/file.ts';
import { createSingleFlight } from '../io/net/singleFlight.ts';
import { createEncodedCache } from '../layer/hips.ts';
import type { HipsLayer } from '../layer/types.ts';
import { createSharpCodec } from '../raster/codec/sharp.ts';
import type { Gateway, HipsNode } from '../service/types.ts';
import type { BuildContext } from './build/context.ts';
import { buildHipsLayer } from './build/hips.ts';
import { createSourceBuilder, type BuiltSource } from './build/sources.ts';
import type { Config, HipsLayerConfig, LayerConfig, LoadedConfig, SourceRef } from './types.ts';
import type { Frame } from '../geometry/frame/frame.ts';

/** What the composition root is handed by the process. */
export interface BuildOptions {
  /** Hears of trouble that does not keep an answer from being given. */
  report(error: unknown): void;
}

const MEGABYTE = 1 << 20;

/**
 * COMPOSITION ROOT: the one place that knows which adapter stands behind which port. Reads headers, no pixels; connects to nothing.
 * @throws ConfigError for mistakes that only building shows
 */
export async function buildGateway(loaded: LoadedConfig, options: BuildOptions): Promise<Gateway> {
  const { config } = loaded;
  const memory = config.server.limits.memory_cache_mb * MEGABYTE;
  const store = createFileStore(config.globals.cache.base_dir);
  const { srs } = config.globals;
  const context: BuildContext = {
    loaded,
    registry: createCrsRegistry({ equidistantCylindrical: srs.equidistant_cylindrical, definitions: srs.definitions }),
    codec: createSharpCodec({ maxPixels: config.server.limits.picture_pixels }),
    store,
    memory: createEncodedCache(memory / 2),
    decodedBytes: memory / 2,
    flights: createSingleFlight(),
    report: options.report,
  };
  const opened: Promise<BuiltSource>[] = [];
  const build = createSourceBuilder(context);
  const sourceOf = (ref: SourceRef, frame: Frame | null): Promise<BuiltSource> => {
    const one = build(ref, frame);
    opened.push(one);
    return one;
  };
  return {
    title: config.server.title ?? config.services.wms?.md?.title ?? 'hips-gateway',
    publicUrl: config.server.public_url,
    trustProxy: config.server.trust_proxy,
    hips: await hipsNode(config, sourceOf, context),
    maps: null,
    tiles: null,
    async close() {
      for (const one of await Promise.all(new Set(opened))) await one.close();
      await store.close();
    },
  };
}

async function hipsNode(
  config: Config,
  sourceOf: (ref: SourceRef, frame: Frame | null) => Promise<BuiltSource>,
  context: BuildContext,
): Promise<HipsNode | null> {
  const service = config.services.hips;
  if (service === null) return null;
  const wanted = flatten(config.layers).filter(isHipsLayer);
  const layers = await Promise.all(wanted.map((layer) => buildHipsLayer(layer, service, sourceOf, context)));
  return {
    layers: new Map<string, HipsLayer>(layers.map((layer) => [layer.name, layer])),
    tileMaxAgeSeconds: config.globals.tiles.expires_hours * 3600,
  };
}

function isHipsLayer(layer: LayerConfig): layer is LayerConfig & { readonly name: string; readonly hips: HipsLayerConfig } {
  return layer.name !== null && layer.hips !== null;
}

/** Groups before their members. */
function flatten(layers: readonly LayerConfig[]): readonly LayerConfig[] {
  return layers.flatMap((layer) => [layer, ...flatten(layer.layers)]);
}
