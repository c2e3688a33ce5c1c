import { formatRequest, plainDecimal, type UpstreamRequest } from './getMapRequest.ts';

/** A GetLegendGraphic request as a client sends it (OGC 05-078r4, 12). */
export interface GetLegendGraphicRequest extends UpstreamRequest {
  readonly layer: string;
  /** '' = the default one. */
  readonly style: string;
  readonly format: string;
  /** A vendor's parameter that many servers know: what is drawn at a scale. null = not sent. */
  readonly scale: number | null;
}

/** The address to get a legend. */
export function formatGetLegendGraphic(request: GetLegendGraphicRequest): string {
  return formatRequest(request, 'GetLegendGraphic', [
    ['SLD_VERSION', '1.1.0'],
    ['LAYER', request.layer],
    ['STYLE', request.style],
    ['FORMAT', request.format],
    ...(request.scale === null ? [] : [['SCALE', plainDecimal(request.scale)] as const]),
  ]);
}
