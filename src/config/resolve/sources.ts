import { located, locatedLegend } from '../paths.ts';
import type { ParsedConfig } from '../schema/config.ts';
import type { ArcgisSourceConfig, CommonSourceConfig, HipsSourceConfig, ImageSourceConfig, SourceConfig, WmsSourceConfig } from '../types.ts';
import { resolveCoverage } from './coverage.ts';
import { type Context, mapEntries, resolveHttp, resolveResampling } from './shared.ts';

type Parsed = ParsedConfig['sources'][string];
type OfType<T extends Parsed['type']> = Extract<Parsed, { type: T }>;

export function resolveSources(context: Context): ReadonlyMap<string, SourceConfig> {
  return mapEntries(context.parsed.sources, (name, source) => resolveSource(name, source, context));
}

function resolveSource(name: string, source: Parsed, context: Context): SourceConfig {
  switch (source.type) {
    case 'image':
      return resolveImage(name, source, context);
    case 'wms':
      return resolveWms(name, source, context);
    case 'hips':
      return resolveHips(name, source, context);
    case 'arcgis':
      return resolveArcgis(name, source, context);
    case 'ogcapimaps':
      return { ...source, ...resolveCommon(name, source, context), supported_srs: source.supported_srs.filter(context.isKnownCrs) };
    case 'mbtiles':
    case 'geopackage':
      return { ...source, ...resolveCommon(name, source, context), filename: located(source.filename, context.directory) };
    case 'tile':
    case 'xyz':
    case 'tms':
    case 'wmts':
    case 'ogcapitiles':
    case 'debug':
      return { ...source, ...resolveCommon(name, source, context) };
  }
}

function resolveCommon(name: string, source: Parsed, context: Context): CommonSourceConfig {
  const { min_res, max_res, min_scale, max_scale, seed_only, body, frame, latitude, lon_offset, lon_direction, image } = source;
  const own = 'resampling_method' in source ? source.resampling_method : null;
  return {
    name, min_res, max_res, min_scale, max_scale, seed_only, latitude, lon_offset, lon_direction,
    body: body?.toLowerCase() ?? null,
    frame: frame?.toLowerCase() ?? null,
    coverage: resolveCoverage(source.coverage, ['sources', name, 'coverage'], context.directory),
    http: resolveHttp(source.http, source.concurrent_requests, context),
    image: resolveImageOptions(image),
    resampling_method: resolveResampling([own, image.resampling_method], context),
    path: ['sources', name],
  };
}

export function resolveImageOptions(image: Parsed['image']): CommonSourceConfig['image'] {
  const { format, transparent, opacity, transparent_color, transparent_color_tolerance } = image;
  return { format, transparent, opacity, transparent_color, transparent_color_tolerance };
}

function resolveImage(name: string, source: OfType<'image'>, context: Context): ImageSourceConfig {
  const { type, srs, bbox, range, nodata, url } = source;
  return { ...resolveCommon(name, source, context), type, srs, bbox, range, nodata, url: located(url, context.directory) };
}

function resolveWms(name: string, source: OfType<'wms'>, context: Context): WmsSourceConfig {
  const { url, layers, styles, format, transparent, ...params } = source.req;
  const { type, forward_req_params, supported_formats, srs_override, axis_order, on_error } = source;
  const { legendurl } = source.wms_opts;
  const wms_opts = { ...source.wms_opts, legendurl: legendurl === null ? null : locatedLegend(legendurl, context.directory) };
  return {
    ...resolveCommon(name, source, context),
    type, url, layers, styles, format, params, forward_req_params, wms_opts, supported_formats, srs_override, axis_order, on_error,
    transparent: transparent ?? false,
    supported_srs: source.supported_srs.filter(context.isKnownCrs),
  };
}

function resolveHips(name: string, source: OfType<'hips'>, context: Context): HipsSourceConfig {
  const { type, cache_hips_tiles, hips_order, hips_tile_width } = source;
  const place = (location: string): string => located(location, context.directory).replace(/\/+$/, '');
  return {
    ...resolveCommon(name, source, context),
    type, cache_hips_tiles, hips_order, hips_tile_width,
    url: place(source.url),
    mirrors: source.mirrors.map(place),
  };
}

function resolveArcgis(name: string, source: OfType<'arcgis'>, context: Context): ArcgisSourceConfig {
  const { url, layers, transparent, format, dpi, ...params } = source.req;
  const { type, opts, tiles, srs_override, on_error } = source;
  return {
    ...resolveCommon(name, source, context),
    type, opts, tiles, srs_override, on_error, url, layers, format, dpi, params,
    transparent: transparent ?? false,
    supported_srs: source.supported_srs.filter(context.isKnownCrs),
  };
}
