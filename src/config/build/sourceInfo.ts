import { samePlane } from '../../geometry/crs/samePlane.ts';
import type { Crs } from '../../geometry/crs/types.ts';
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
export function wmsInfoOf(config: WmsSourceConfig, { http, layers, maps, own }: InfoParts): AskInfo {
  const { url, styles, params: extra, transparent, wms_opts: options, axis_order: axisOrder } = config;
  return wmsInfo({
    http, url, extra, transparent,
    version: options.version === '1.3.0' ? '1.3.0' : '1.1.1',
    layers: layers.split(','),
    styles: styles.split(','),
    queryLayers: (options.query_layers ?? layers).split(','),
    format: config.image.format ?? config.format ?? 'image/png',
    infoFormat: options.featureinfo_format,
    systemsFor: (crs) => systemsFor(maps.crs ?? [], own, crs),
    ...(axisOrder === null ? {} : { axisOrder }),
  });
}

/** MapProxy's order: that of the map, by its own name if there are several, then those of the same kind (degrees or metres), then any. */
function systemsFor(known: readonly NamedCrs[], own: NamedCrs, crs: Crs): readonly NamedCrs[] {
  const rank = (named: NamedCrs): number => (samePlane(named.crs, crs) ? (named.name === crs.id ? 0 : 1) : named.crs.unit === crs.unit ? 2 : 3);
  return [...known, own].toSorted((a, b) => rank(a) - rank(b));
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
