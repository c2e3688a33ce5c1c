import { isExceptionReport } from '../../protocol/wms/exceptionText.ts';
import { formatGetFeatureInfo, type GetFeatureInfoRequest } from '../../protocol/wms/getFeatureInfoRequest.ts';
import type { AskInfo } from './types.ts';
import { upstreamInfo, type InfoServer } from './upstreamInfo.ts';

export interface WmsInfoOptions extends InfoServer, Pick<GetFeatureInfoRequest, 'url' | 'version' | 'layers' | 'styles' | 'format' | 'transparent' | 'extra' | 'queryLayers'> {
  /** Format to ask for, whatever the client wants; null = what the client wants. */
  readonly infoFormat: string | null;
  /** Axis order of 1.3.0 for upstreams that do not follow the CRS's registry. */
  readonly axisOrder?: 'xy' | 'yx';
}

/** GetFeatureInfo of an upstream WMS. @throws as upstreamInfo */
export function wmsInfo({ http, systemsFor, infoFormat, axisOrder, ...fixed }: WmsInfoOptions): AskInfo {
  return upstreamInfo({ http, systemsFor }, {
    addressOf({ system: { name, crs }, pixel: { bbox, width, height, col, row } }, { format, featureCount }) {
      return formatGetFeatureInfo({ ...fixed, crs: name, axes: axisOrder ?? crs.axes, bbox, width, height, col, row, infoFormat: infoFormat ?? spelled(format), featureCount });
    },
    isError: isExceptionReport,
    // MapProxy's order: the format that the configuration names, else what the answer calls itself, else what was asked for.
    typeOf: (said, { format }) => infoFormat ?? (said === '' ? format : said),
  });
}

/** GeoJSON has a media type of its own since RFC 7946; servers of maps call it by the older one. */
function spelled(format: string): string {
  return format === 'application/geo+json' ? 'application/json' : format;
}
