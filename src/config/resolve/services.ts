import type { MapFormat } from '../../raster/format.ts';
import { mapFormatNamed } from '../schema/mapFormat.ts';
import type { OgcApiServiceConfig, ServicesConfig, WmsAnswerVersion, WmsServiceConfig } from '../types.ts';
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

function resolveWms({ parsed, isKnownCrs }: Context): WmsServiceConfig | null {
  const { wms } = parsed.services;
  if (wms === null) return null;
  return {
    ...wms,
    versions: spokenVersions(wms.versions),
    srs: wms.srs?.filter(isKnownCrs) ?? null,
    bbox_srs: wms.bbox_srs.filter((entry) => isKnownCrs(typeof entry === 'string' ? entry : entry.srs)),
    image_formats: knownFormats(wms.image_formats),
  };
}

function resolveOgcApi({ parsed, isKnownCrs }: Context): OgcApiServiceConfig | null {
  const { ogcapi } = parsed.services;
  if (ogcapi === null) return null;
  const known = knownFormats(ogcapi.image_formats);
  return { ...ogcapi, map_srs: ogcapi.map_srs?.filter(isKnownCrs) ?? null, image_formats: known.length === 0 ? ['image/png'] : known };
}

/** Ascending, each once; what is older than 1.1.1 is answered in it. */
function spokenVersions(listed: readonly string[]): readonly WmsAnswerVersion[] {
  return [...new Set(listed.map((version): WmsAnswerVersion => (version === '1.3.0' ? version : '1.1.1')))].sort();
}

/** Those that are written here, each once. */
function knownFormats(names: readonly string[]): readonly MapFormat[] {
  return [...new Set(names.map(mapFormatNamed).filter((format) => format !== undefined))];
}
