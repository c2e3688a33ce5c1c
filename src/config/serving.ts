import type { LayerConfig, LoadedConfig, SourceRef } from './types.ts';

/**
 * A configuration as the server reads it: sources that are `seed_only` are not there, so that a cache with no other shows the tiles that
 * lie in it, as caches without sources do. Exports ask all of them.
 */
export function forServing(loaded: LoadedConfig): LoadedConfig {
  const { config } = loaded;
  const isAsked = ({ kind, name }: SourceRef): boolean => kind === 'cache' || !config.sources.get(name)!.seed_only;
  if ([...config.sources.values()].every(({ seed_only }) => !seed_only)) return loaded;
  const layerOf = (layer: LayerConfig): LayerConfig => ({ ...layer, sources: layer.sources.filter(isAsked), layers: layer.layers.map(layerOf) });
  const caches = new Map([...config.caches].map(([name, cache]) => [name, { ...cache, sources: cache.sources.filter(isAsked) }]));
  return { ...loaded, config: { ...config, caches, layers: config.layers.map(layerOf) } };
}
