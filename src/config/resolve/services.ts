import { mapFormatNamed } from '../schema/mapFormat.ts';
import type { ServicesConfig, WmsServiceConfig } from '../types.ts';
import { type Context, resolveResampling } from './shared.ts';

export function resolveServices(context: Context): ServicesConfig {
  const { hips, wmts, tms, kml, ogcapi, demo } = context.parsed.services;
  return {
    hips: hips === null ? null : {
      resampling_method: resolveResampling([hips.resampling_method], context),
      populate_cache: hips.populate_cache,
      authority: hips.authority,
    },
    wms: resolveWms(context),
    wmts, tms, kml, ogcapi,
    demo: demo !== null,
  };
}

function resolveWms({ parsed, isKnownCrs }: Context): WmsServiceConfig | null {
  const { wms } = parsed.services;
  if (wms === null) return null;
  return {
    ...wms,
    srs: wms.srs?.filter(isKnownCrs) ?? null,
    bbox_srs: wms.bbox_srs.filter((entry) => isKnownCrs(typeof entry === 'string' ? entry : entry.srs)),
    image_formats: [...new Set(wms.image_formats.map(mapFormatNamed).filter((format) => format !== undefined))],
  };
}
