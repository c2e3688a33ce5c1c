import { GatewayError } from '../../errors.ts';
import { FEATURE_INFO_TEMPLATE, TILE_TEMPLATE, restTemplates } from '../../protocol/wmts/template.ts';
import type { Plain } from '../yaml/tree.ts';
import { type Finding, layersOf, mapAt } from './finding.ts';

/** Templates of addresses that lack a variable, or have one that nobody knows. */
export function checkServices(data: Plain): Finding[] {
  const wmts = mapAt(data, 'services', 'wmts');
  const { restful_template: tile = TILE_TEMPLATE, restful_featureinfo_template: info = FEATURE_INFO_TEMPLATE } = wmts;
  if (typeof tile !== 'string' || typeof info !== 'string') return [];
  try {
    restTemplates(tile, info, layersOf(mapAt(data)['layers']).flatMap(({ layer }) => Object.keys(mapAt(layer, 'dimensions'))));
    return [];
  } catch (error) {
    if (!(error instanceof GatewayError) || error.locator === null) throw error;
    return [{ severity: 'error', path: error.locator.split('.'), message: error.message }];
  }
}
