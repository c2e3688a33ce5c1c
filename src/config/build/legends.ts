import type { LegendPart } from '../../io/source/types.ts';
import type { LegendTemplates } from '../../service/types.ts';
import type { LayerConfig, ServicesConfig } from '../types.ts';
import type { BuildContext } from './context.ts';
import { frameNamedBy, type SourceOf } from './drawing.ts';
import { askedBelow } from './refs.ts';
import { hasLegends, pictureLegend } from './sourceLegends.ts';

/** The legends of a layer: its own, else those of all its sources, caches being their sources. */
export async function legendsOfLayer(config: LayerConfig, sourceOf: SourceOf, context: BuildContext): Promise<readonly LegendPart[]> {
  if (config.legendurl !== null) return [pictureLegend(config.legendurl, context.web, context)];
  const refs = askedBelow(config.sources, config.undrawn, context.loaded).filter(({ name }) => hasLegends(context.loaded.config.sources.get(name)!));
  const built = await Promise.all(refs.map((ref) => sourceOf(ref, frameNamedBy(config))));
  return built.flatMap(({ legends }) => legends ?? []);
}

const OF_WMS = '{base_url}/service?SERVICE=WMS&VERSION=1.3.0&REQUEST=GetLegendGraphic&SLD_VERSION=1.1.0&FORMAT=image/png&STYLE=default&LAYER={layer_name}';

/** What WMTS says of a layer's legend; null = nothing. MapProxy's rule: what is written, else the legend of WMS where the layer has a picture of its own. */
export function legendTemplatesOf({ legendurl, wmts_kvp_legendurl: kvp, wmts_rest_legendurl: rest }: LayerConfig, { wms }: ServicesConfig): LegendTemplates | null {
  const usual = legendurl === null || wms === null ? null : OF_WMS;
  const templates = { kvp: kvp ?? usual, rest: rest ?? usual };
  return templates.kvp === null && templates.rest === null ? null : templates;
}
