import type { LegendUrl } from '../serviceMetadata.ts';

/** The legend of a layer's style, as the service itself draws it. */
export interface LegendDescriptor {
  readonly layer: string;
  readonly style: string;
  readonly width: number;
  readonly height: number;
}

/**
 * The address under which a legend can be fetched: a GetLegendGraphic in PNG.
 * @param serviceUrl address of the WMS, ending in '?' or '&'
 */
export function legendUrl(serviceUrl: string, legend: LegendDescriptor): LegendUrl {
  const query = new URLSearchParams({
    SERVICE: 'WMS',
    VERSION: '1.3.0',
    REQUEST: 'GetLegendGraphic',
    SLD_VERSION: '1.1.0',
    FORMAT: 'image/png',
    LAYER: legend.layer,
    STYLE: legend.style,
  });
  return { url: `${serviceUrl}${query}`, format: 'image/png', width: legend.width, height: legend.height };
}
