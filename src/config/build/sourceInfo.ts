import { regionHoldsPixel } from '../../geometry/region/holds.ts';
import type { HttpClient } from '../../io/net/http.ts';
import type { MapServer, NamedCrs } from '../../io/source/mapServer.ts';
import type { AskInfo } from '../../io/source/types.ts';
import { wmsInfo } from '../../io/source/wmsInfo.ts';
import type { SourceConfig, WmsSourceConfig } from '../types.ts';
import type { BuildContext } from './context.ts';
import { readLimit } from './limit.ts';
import { planeOf } from './limitedSource.ts';
import type { BuiltSource } from './sources.ts';
import { bySuitability } from './suitableCrs.ts';

/** What it takes to ask a WMS, beside its configuration. */
export interface InfoParts {
  readonly http: HttpClient;
  /** Joined by commas. */
  readonly layers: string;
  readonly maps: MapServer;
  /** The reference system in which it is read in windows. */
  readonly own: NamedCrs;
}

/** GetFeatureInfo of a WMS: in the reference system of the map where the source says that it knows it, else in the one that it is read in. */
export function wmsInfoOf(config: WmsSourceConfig, { http, layers, maps, own }: InfoParts, context: BuildContext): AskInfo {
  const { url, styles, params: extra, transparent, wms_opts: options, axis_order: axisOrder } = config;
  return wmsInfo({
    http, url, extra, transparent,
    version: options.version === '1.3.0' ? '1.3.0' : '1.1.1',
    layers: layers.split(','),
    styles: styles.split(','),
    queryLayers: (options.query_layers ?? layers).split(','),
    format: config.image.format ?? config.format ?? 'image/png',
    infoFormat: options.featureinfo_format,
    systemsFor: (crs) => bySuitability([...(maps.crs ?? []), own], crs, context),
    ...(axisOrder === null ? {} : { axisOrder }),
  });
}

/** Whether a source is asked what is under a pixel. */
export function isAsked(config: SourceConfig): boolean {
  return config.type === 'wms' && config.wms_opts.featureinfo;
}

/** The source, asked only about places within its coverage. */
export async function askedInside(built: BuiltSource, config: SourceConfig, context: BuildContext): Promise<BuiltSource> {
  const { askInfo, source } = built;
  if (askInfo === undefined || config.coverage === null) return built;
  const limit = await readLimit(config.coverage, context);
  const region = limit.regionOn(planeOf(source.tiling, config, context));
  return { ...built, askInfo: async (question, signal) => (regionHoldsPixel(region, question) ? askInfo(question, signal) : []) };
}
