import type { CrsRegistry } from '../../geometry/crs/registry.ts';
import type { EncodedCache } from '../../layer/encoded.ts';
import type { WindowDrawer } from '../../layer/meta.ts';
import type { Painter } from '../../layer/painter.ts';
import type { Encoded, Layer, MapLayer } from '../../layer/types.ts';
import type { Variants } from '../../layer/variants.ts';
import type { TileStore } from '../../io/cache/types.ts';
import type { HttpClient } from '../../io/net/http.ts';
import type { SingleFlight } from '../../io/net/singleFlight.ts';
import type { RasterMemory } from '../../io/source/rasterCache.ts';
import type { Codec } from '../../raster/codec/types.ts';
import type { Deliveries } from './delivery.ts';
import type { Shared } from './shared.ts';
import { ConfigError, type ConfigPath } from '../issue.ts';
import type { LoadedConfig } from '../types.ts';
import type { CacheStores } from './stores.ts';

/** What the parts of a gateway share: one of each per process. */
export interface BuildContext {
  readonly loaded: LoadedConfig;
  /** The name below which the gateway stands, where there are several; null = it is alone. */
  readonly site: string | null;
  readonly registry: CrsRegistry;
  readonly codec: Codec;
  /** Everything that is kept on disk. */
  readonly store: TileStore;
  /** Where caches keep their tiles. */
  readonly cacheStores: CacheStores;
  /** Encoded tiles ready to send. */
  readonly memory: EncodedCache;
  /** Memory that a source may use for decoded patches. */
  readonly decodedBytes: number;
  /** Where tiles that a source decoded are remembered. */
  readonly remember: RasterMemory;
  readonly flights: SingleFlight<Encoded>;
  /** Hears of trouble that does not keep an answer from being given. */
  report(error: unknown): void;
  /** What can be painted, by the name under which a PaintJob asks for it. Filled while building. */
  readonly layers: Map<string, Variants<Layer>>;
  /** What draws meta tiles, by the name under which a MetaJob asks for it. Filled while building. */
  readonly drawers: Map<string, Variants<WindowDrawer>>;
  /** Layers as maps, by their names: several services show them. Filled while building. */
  readonly mapLayers: Map<string, Promise<MapLayer | null>>;
  /** Connections to upstreams, by the names of sources. Filled while building. */
  readonly clients: Map<string, HttpClient>;
  readonly painter: Painter;
  /** Where upstream bytes and what was learnt of upstreams go through: common to all threads. */
  readonly shared: Shared;
  /** Asks for what belongs to no source: legends of layers. */
  readonly web: HttpClient;
  /** How what is shown of a layer goes out. */
  readonly deliveryOf: Deliveries['deliveryOf'];
}

/** A mistake that only building shows, with the place of the value that made it. */
export function configError({ loaded }: Pick<BuildContext, 'loaded'>, path: ConfigPath, message: string): ConfigError {
  return new ConfigError([{ ...loaded.locate(path), path, message }]);
}
