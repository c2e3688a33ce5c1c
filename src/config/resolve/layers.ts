import type { ConfigPath } from '../issue.ts';
import { locatedLegend } from '../paths.ts';
import { type ParsedLayer, hipsMetadata } from '../schema/layers.ts';
import type { HipsLayerConfig, LayerConfig, SourceRef } from '../types.ts';
import { type Context, partRefs, resolveRefs } from './shared.ts';

/** What layers take over from the group that they are in. */
type Inherited = Pick<LayerConfig, 'cors' | 'cache_control'>;

const OF_THE_SERVER: Inherited = { cors: null, cache_control: null };

export function resolveLayers(layers: readonly ParsedLayer[], path: ConfigPath, context: Context, group: Inherited = OF_THE_SERVER): LayerConfig[] {
  return layers.map((layer, index) => resolveLayer(layer, [...path, index], context, group));
}

function resolveLayer(layer: ParsedLayer, path: ConfigPath, context: Context, group: Inherited): LayerConfig {
  const { name, dimensions, min_res, max_res, min_scale, max_scale, legendurl, wmts_kvp_legendurl, wmts_rest_legendurl } = layer;
  const { sources, undrawn } = partRefs(resolveRefs(layer.sources, [...path, 'sources'], 'cache', context), context);
  const { keyword_list = [], attribution = null, identifier = [], metadata = [], data = [], feature_list = [] } = layer.md ?? {};
  const inherited: Inherited = { cors: layer.cors ?? group.cors, cache_control: layer.cache_control ?? group.cache_control };
  const title = layer.title ?? name ?? '';
  return {
    name, title, sources, undrawn, path, dimensions, ...inherited,
    min_res, max_res, min_scale, max_scale, wmts_kvp_legendurl, wmts_rest_legendurl,
    legendurl: legendurl === null ? null : locatedLegend(legendurl, context.directory),
    abstract: layer.md?.abstract ?? '',
    tile_sources: layer.tile_sources ?? tileSourcesOf(sources),
    layers: resolveLayers(layer.layers, [...path, 'layers'], context, inherited),
    md: { keyword_list, attribution, identifier, metadata, data, feature_list },
    hips: sources.length === 0 || name === null ? null : resolveHips(layer, context),
  };
}

/** MapProxy offers tiles of a layer that is exactly one cache. */
function tileSourcesOf(sources: readonly SourceRef[]): string[] {
  const [only, ...more] = sources;
  return only?.kind === 'cache' && more.length === 0 ? [only.name] : [];
}

function resolveHips(layer: ParsedLayer, { parsed }: Context): HipsLayerConfig | null {
  const { hips: service } = parsed.services;
  const { enabled, passthrough, passthrough_properties, ...options } = layer.md?.hips ?? hipsMetadata.parse({});
  if (service === null || !enabled) return null;
  const { hips_order, hips_tile_width, hips_tile_format, hips_frame, hips_body, tile_cache, creator_did, hips_order_min: _inert, ...texts } = options;
  return {
    hips_order, hips_frame, creator_did, passthrough, passthrough_properties,
    tile_cache: tile_cache ?? service.tile_cache,
    hips_body: hips_body?.toLowerCase() ?? null,
    hips_tile_width: hips_tile_width ?? service.hips_tile_width,
    formats: hips_tile_format ?? service.hips_tile_format ?? service.formats,
    properties: properties(service.md, texts),
  };
}

/** The lines that the operator wrote; null = not written. */
function properties(ofAll: Readonly<Record<string, string>>, own: Readonly<Record<string, string | null | undefined>>): ReadonlyMap<string, string> {
  const written = Object.entries({ ...ofAll, ...given(own) });
  return new Map(written.map(([key, value]) => [key, value.trim()]));
}

function given(texts: Readonly<Record<string, string | null | undefined>>): Record<string, string> {
  return Object.fromEntries(Object.entries(texts).flatMap(([key, value]) => (typeof value === 'string' ? [[key, value]] : [])));
}
