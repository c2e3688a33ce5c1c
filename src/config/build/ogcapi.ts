import type { Frame } from '../../geometry/frame/frame.ts';
import type { OgcAbout } from '../../protocol/ogcapi/landing.ts';
import { WMS_VERSIONS } from '../../protocol/wms/types.ts';
import type { MapsNode, MapTreeNode, OgcApiNode, TilesNode } from '../../service/types.ts';
import type { OgcApiServiceConfig } from '../types.ts';
import { configError, type BuildContext } from './context.ts';
import type { SourceOf } from './drawing.ts';
import { buildMapsNode } from './maps.ts';
import { serviceMetadataOf } from './metadata.ts';

/** The layers as collections, those of `tiles` with their tiles; null when OGC API is off. @throws ConfigError */
export async function buildOgcApiNode(tiles: TilesNode | null, sourceOf: SourceOf, context: BuildContext): Promise<OgcApiNode | null> {
  const { ogcapi, wms } = context.loaded.config.services;
  if (ogcapi === null) return null;
  const { map_srs: srs, image_formats: formats, pictures, max_output_pixels: maxPixels, attribution, enable_maps, enable_tiles, default_dataset_layers, on_source_errors: onSourceErrors } = ogcapi;
  const service = serviceMetadataOf(wms?.md ?? null, context);
  const maps = await buildMapsNode({ service, versions: WMS_VERSIONS, srs, formats, pictures, infoFormats: [], maxPixels, attribution, inspire: null, boxes: [], onSourceErrors }, sourceOf, context);
  checkDataset(default_dataset_layers, maps, tiles, context);
  return {
    about: aboutOf(ogcapi, service.title, service.abstract),
    maps,
    hasMaps: enable_maps,
    tiles: enable_tiles ? tiles : null,
    dataset: default_dataset_layers,
  };
}

/** What each named layer shows; a group shows what its members do. */
function framesByName(nodes: readonly MapTreeNode[]): ReadonlyMap<string, readonly Frame[]> {
  const shown = ({ layer, children }: MapTreeNode): readonly Frame[] => (layer === null ? children.flatMap(shown) : [layer.frame]);
  return new Map(nodes.flatMap((node) => [...(node.name === null ? [] : [[node.name, shown(node)] as const]), ...framesByName(node.children)]));
}

function shareDirections(a: Frame, b: Frame): boolean {
  return a.id === b.id || (a.kind === 'sky' && b.kind === 'sky');
}

/** @throws ConfigError where the layers of the dataset cannot be drawn on each other */
function checkDataset(names: readonly string[], { roots }: MapsNode, tiles: TilesNode | null, context: BuildContext): void {
  const asMaps = framesByName(roots);
  const framesOf = (name: string): readonly Frame[] => asMaps.get(name) ?? [...(tiles?.layers.values() ?? [])].filter((layer) => layer.name === name).map(({ frame }) => frame);
  const [first, ...others] = names.flatMap((name, index) => framesOf(name).map((frame) => ({ name, index, frame })));
  const foreign = others.find(({ frame }) => first !== undefined && !shareDirections(frame, first.frame));
  if (first === undefined || foreign === undefined) return;
  throw configError(context, ['services', 'ogcapi', 'default_dataset_layers', foreign.index], `'${foreign.name}' shows '${foreign.frame.id}', which cannot be drawn with '${first.frame.id}' of '${first.name}'`);
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
