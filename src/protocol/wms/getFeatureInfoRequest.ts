import { formatRequest, mapParameters, type GetMapRequest } from './getMapRequest.ts';

/** A GetFeatureInfo request as a client sends it (OGC 01-068r3, 7.3; OGC 06-042, 7.4): about a pixel of a map. */
export interface GetFeatureInfoRequest extends GetMapRequest {
  readonly queryLayers: readonly string[];
  readonly infoFormat: string;
  readonly col: number;
  readonly row: number;
  readonly featureCount: number;
}

/** The address to ask at. */
export function formatGetFeatureInfo(request: GetFeatureInfoRequest): string {
  const [x, y] = request.version === '1.1.1' ? ['X', 'Y'] : ['I', 'J'];
  return formatRequest(request, 'GetFeatureInfo', [
    ...mapParameters(request),
    ['QUERY_LAYERS', request.queryLayers.join(',')],
    ['INFO_FORMAT', request.infoFormat],
    ['FEATURE_COUNT', String(request.featureCount)],
    [x as string, String(request.col)],
    [y as string, String(request.row)],
  ]);
}
