import { placeOf } from '../../geometry/lattice/pointedPixel.ts';
import { plainDecimal } from '../../protocol/wms/getMapRequest.ts';
import { withParameters } from './address.ts';
import { serviceUrl, wkidOf, type ArcgisExport } from './arcgis.ts';
import type { AskInfo } from './types.ts';
import { upstreamInfo, type InfoServer } from './upstreamInfo.ts';

export interface ArcgisInfoOptions extends InfoServer, Pick<ArcgisExport, 'url' | 'layers' | 'extra'> {
  /** Pixels around the place in which something is found. */
  readonly tolerance: number;
  readonly hasGeometries: boolean;
}

/** Symbols are drawn for so many dots per inch; MapProxy's. */
const DPI = 96;

/** Identify of an ArcGIS service (ArcGIS REST API), which answers in HTML or JSON, whatever it calls that. @throws as upstreamInfo */
export function arcgisInfo({ http, systemsFor, url, layers, extra, tolerance, hasGeometries }: ArcgisInfoOptions): AskInfo {
  return upstreamInfo({ http, systemsFor }, {
    addressOf({ system, pixel }, { format }) {
      const { x, y } = placeOf(pixel, pixel.crs.frame);
      const query = url.split('?')[1];
      return withParameters(`${serviceUrl(url)}/identify${query === undefined ? '' : `?${query}`}`, {
        ...extra,
        ...(layers === null ? {} : { layers }),
        geometry: `${plainDecimal(x)},${plainDecimal(y)}`,
        geometryType: 'esriGeometryPoint',
        sr: wkidOf(system.name),
        mapExtent: pixel.bbox.map(plainDecimal).join(','),
        imageDisplay: `${pixel.width},${pixel.height},${DPI}`,
        tolerance,
        returnGeometry: String(hasGeometries),
        f: isHtml(format) ? 'html' : 'json',
      });
    },
    isError: (text) => /^\s*\{\s*"error"\s*:/.test(text),
    typeOf: (_said, { format }) => (isHtml(format) || format === 'text/plain' ? format : 'application/json'),
  });
}

function isHtml(format: string): boolean {
  return format === 'text/html';
}
