import type { OgcAbout } from '../../protocol/ogcapi/landing.ts';
import type { OgcApiNode, TilesNode } from '../../service/types.ts';
import type { OgcApiServiceConfig } from '../types.ts';
import type { BuildContext } from './context.ts';
import type { SourceOf } from './drawing.ts';
import { WMS_VERSIONS } from '../../protocol/wms/types.ts';
import { buildMapsNode } from './maps.ts';
import { serviceMetadataOf } from './metadata.ts';

/** The layers as collections, those of `tiles` with their tiles; null when OGC API is off. @throws ConfigError */
export async function buildOgcApiNode(tiles: TilesNode | null, sourceOf: SourceOf, context: BuildContext): Promise<OgcApiNode | null> {
  const { ogcapi, wms } = context.loaded.config.services;
  if (ogcapi === null) return null;
  const { map_srs: srs, image_formats: formats, max_output_pixels: maxPixels, attribution, enable_maps, enable_tiles, default_dataset_layers } = ogcapi;
  const service = serviceMetadataOf(wms?.md ?? null, context);
  return {
    about: aboutOf(ogcapi, service.title, service.abstract),
    maps: await buildMapsNode({ service, versions: WMS_VERSIONS, srs, formats, infoFormats: [], maxPixels, attribution }, sourceOf, context),
    hasMaps: enable_maps,
    tiles: enable_tiles ? tiles : null,
    dataset: default_dataset_layers,
  };
}

/** What `md` says, else what WMS says of itself. */
function aboutOf({ md, attribution }: OgcApiServiceConfig, title: string, abstract: string): OgcAbout {
  const { identification, license, provider, contact } = md;
  return {
    title: identification.title ?? title,
    description: identification.description ?? abstract,
    keywords: identification.keywords,
    termsOfService: identification.terms_of_service,
    license: license.name === null ? null : { name: license.name, url: license.url },
    provider: provider.name === null ? null : { name: provider.name, url: provider.url },
    contact: contact.name === null && contact.email === null && contact.url === null ? null : { name: contact.name, email: contact.email, url: contact.url },
    attribution: attribution?.text ?? '',
  };
}
