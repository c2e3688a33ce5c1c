import type { OgcApiServiceConfig, ServicesConfig, WmsAnswerVersion, WmsServiceConfig } from '../types.ts';
import { resolveListedFormats } from './pictures.ts';
import { type Context, resolveResampling } from './shared.ts';

export function resolveServices(context: Context): ServicesConfig {
  const { hips, wmts, tms, kml, demo } = context.parsed.services;
  return {
    hips: hips === null ? null : {
      resampling_method: resolveResampling([hips.resampling_method], context),
      populate_cache: hips.populate_cache,
      authority: hips.authority,
    },
    wms: resolveWms(context),
    wmts, tms, kml,
    ogcapi: resolveOgcApi(context),
    demo: demo !== null,
  };
}

function resolveWms(context: Context): WmsServiceConfig | null {
  const { parsed, isKnownCrs } = context;
  const { wms } = parsed.services;
  if (wms === null) return null;
  return {
    ...wms,
    versions: spokenVersions(wms.versions),
    srs: wms.srs?.filter(isKnownCrs) ?? null,
    bbox_srs: wms.bbox_srs.filter((entry) => isKnownCrs(typeof entry === 'string' ? entry : entry.srs)),
    ...resolveListedFormats(wms.image_formats, context),
  };
}

function resolveOgcApi(context: Context): OgcApiServiceConfig | null {
  const { parsed, isKnownCrs } = context;
  const { ogcapi } = parsed.services;
  if (ogcapi === null) return null;
  const { image_formats: known, pictures } = resolveListedFormats(ogcapi.image_formats, context);
  return { ...ogcapi, map_srs: ogcapi.map_srs?.filter(isKnownCrs) ?? null, image_formats: known.length === 0 ? ['image/png'] : known, pictures };
}

/** Ascending, each once; what is older than 1.1.1 is answered in it. */
function spokenVersions(listed: readonly string[]): readonly WmsAnswerVersion[] {
  return [...new Set(listed.map((version): WmsAnswerVersion => (version === '1.3.0' ? version : '1.1.1')))].sort();
}
