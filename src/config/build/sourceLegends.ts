import type { HttpClient } from '../../io/net/http.ts';
import { localLegend, remoteLegend } from '../../io/source/legend.ts';
import type { LegendPart } from '../../io/source/types.ts';
import { formatGetLegendGraphic } from '../../protocol/wms/getLegendGraphicRequest.ts';
import { isRemote } from '../paths.ts';
import type { SourceConfig, WmsSourceConfig } from '../types.ts';
import type { BuildContext } from './context.ts';

/** A picture that is always the same. @param place http(s) address or absolute path */
export function pictureLegend(place: string, http: HttpClient, { codec }: BuildContext): LegendPart {
  return isRemote(place) ? remoteLegend({ picture: () => place }, { http, codec }) : localLegend(place, codec);
}

/** The legends of a WMS, one of each of its layers, the lowest first. @param layers joined by commas */
export function legendsOfWms(config: WmsSourceConfig, layers: string, http: HttpClient, context: BuildContext): readonly LegendPart[] {
  const { url, styles, params: extra, wms_opts: options } = config;
  if (options.legendurl !== null) return [pictureLegend(options.legendurl, http, context)];
  if (!options.legendgraphic) return [];
  const format = config.image.format ?? config.format ?? 'image/png';
  return layers.split(',').map((layer, i) => {
    const request = { url, extra, version: options.version === '1.3.0' ? '1.3.0' : '1.1.1', layer, style: styles.split(',')[i] ?? '' } as const;
    return remoteLegend({
      picture: (scale) => formatGetLegendGraphic({ ...request, format, scale }),
      json: (scale) => formatGetLegendGraphic({ ...request, format: 'application/json', scale }),
    }, { http, codec: context.codec });
  });
}

/** Whether a source has legends of its own. */
export function hasLegends(config: SourceConfig): boolean {
  return config.type === 'wms' && (config.wms_opts.legendgraphic || config.wms_opts.legendurl !== null);
}
