import { regionHoldsPixel } from '../../geometry/region/holds.ts';
import type { HttpClient } from '../../io/net/http.ts';
import type { MapServer, NamedCrs } from '../../io/source/mapServer.ts';
import { arcgisInfo } from '../../io/source/arcgisInfo.ts';
import type { AskInfo } from '../../io/source/types.ts';
import type { InfoServer } from '../../io/source/upstreamInfo.ts';
import { wmsInfo } from '../../io/source/wmsInfo.ts';
import type { ArcgisSourceConfig, SourceConfig, WmsSourceConfig } from '../types.ts';
import type { BuildContext } from './context.ts';
import { readLimit } from './limit.ts';
import { planeOf } from './limitedSource.ts';
import type { BuiltSource } from './sources.ts';
import { bySuitability } from './suitableCrs.ts';

/** What it takes to ask an upstream, beside its configuration. */
export interface InfoParts {
  readonly http: HttpClient;
  /** What draws its maps; null = it has tiles only. */
  readonly maps: MapServer | null;
  /** The reference system in which it is read. */
  readonly own: NamedCrs;
}

/** In the reference system of the map where the source says that it knows it, else in the most suitable one. */
function serverOf({ http, maps, own }: InfoParts, context: BuildContext): InfoServer {
  return { http, systemsFor: (crs) => bySuitability([...(maps?.crs ?? []), own], crs, context) };
}

/** Identify of an ArcGIS service. null = it is not asked. */
export function arcgisInfoOf({ url, layers, params: extra, opts }: ArcgisSourceConfig, parts: InfoParts, context: BuildContext): AskInfo | null {
  if (!opts.featureinfo) return null;
  return arcgisInfo({ ...serverOf(parts, context), url, layers, extra, tolerance: opts.featureinfo_tolerance, hasGeometries: opts.featureinfo_return_geometries });
}

/** GetFeatureInfo of a WMS. @param layers joined by commas */
export function wmsInfoOf(config: WmsSourceConfig, layers: string, parts: InfoParts, context: BuildContext): AskInfo {
  const { url, styles, params: extra, transparent, wms_opts: options, axis_order: axisOrder } = config;
  return wmsInfo({
    ...serverOf(parts, context), url, extra, transparent,
    version: options.version === '1.3.0' ? '1.3.0' : '1.1.1',
    layers: layers.split(','),
    styles: styles.split(','),
    queryLayers: (options.query_layers ?? layers).split(','),
    format: config.image.format ?? config.format ?? 'image/png',
    infoFormat: options.featureinfo_format,
    ...(axisOrder === null ? {} : { axisOrder }),
  });
}

/** Whether a source is asked what is under a pixel. */
export function isAsked(config: SourceConfig): boolean {
  return (config.type === 'wms' && config.wms_opts.featureinfo) || (config.type === 'arcgis' && config.opts.featureinfo);
}

/** The source, asked only about places within its coverage. */
export async function askedInside(built: BuiltSource, config: SourceConfig, context: BuildContext): Promise<BuiltSource> {
  const { askInfo, source } = built;
  if (askInfo === undefined || config.coverage === null) return built;
  const limit = await readLimit(config.coverage, context);
  const region = limit.regionOn(planeOf(source.tiling, config, context));
  return { ...built, askInfo: async (question, signal) => (regionHoldsPixel(region, question) ? askInfo(question, signal) : []) };
}
