import { formatGetMap, formatGetMapForm } from '../../protocol/wms/getMapRequest.ts';
import type { WmsVersion } from '../../protocol/wms/types.ts';
import type { HttpClient } from '../net/http.ts';
import type { Windows } from './mapServer.ts';
import type { PatchBytes } from './types.ts';
import { pictureOf } from './upstreamError.ts';

export interface WmsBytesOptions {
  readonly http: HttpClient;
  /** Address of the service, parameters of its own included. */
  readonly url: string;
  readonly layers: readonly string[];
  readonly styles: readonly string[];
  readonly version: WmsVersion;
  /** The grid that is asked for; its CRS must be the one that the upstream means by srsName. */
  readonly tiling: Windows;
  /** What the upstream calls the CRS ('EPSG:4326' where it means a planet's degrees, say). */
  readonly srsName: string;
  /** Media type as the upstream spells it. */
  readonly format: string;
  readonly transparent: boolean;
  /** True = by POST. */
  readonly isPosted?: boolean;
  readonly extraParams?: Readonly<Record<string, string>>;
  /** Axis order of 1.3.0 for upstreams that do not follow the CRS's registry. */
  readonly axisOrder?: 'xy' | 'yx';
}

/**
 * GetMap windows of an upstream WMS: every patch is one request, for exactly the patch's part of the plane.
 * @throws (fetch) GatewayError UPSTREAM_FAILED for a status other than 2xx and for anything that is no picture, service
 *   exceptions with status 200 included; the message holds the upstream's own words. Never answers null.
 */
export function wmsBytes(options: WmsBytesOptions): PatchBytes {
  const { http, tiling, version, layers, styles, format, transparent, url, isPosted = false } = options;
  const fixed = { url, version, layers, styles, format, transparent, crs: options.srsName, extra: options.extraParams ?? {} };
  const axes = options.axisOrder ?? tiling.crs.axes;
  return {
    async fetch(patch, signal) {
      const { width, height } = patch.grid;
      const asked = { ...fixed, axes, bbox: tiling.bboxOf(patch), width, height };
      const { address, form } = isPosted ? formatGetMapForm(asked) : { address: formatGetMap(asked), form: undefined };
      return pictureOf(await http.get(address, { signal, ...(form === undefined ? {} : { form }) }), form === undefined ? address : `${address} ${form}`);
    },
  };
}
