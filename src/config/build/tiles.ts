import { dimensionsPath } from '../../io/cache/dimensions.ts';
import { createSingleFlight, type SingleFlight } from '../../io/net/singleFlight.ts';
import { createBlankTiles } from '../../layer/blankTile.ts';
import { variedMapLayer } from '../../layer/map.ts';
import { createTileLayer } from '../../layer/tiles.ts';
import type { Encoded, MapLayer, TileLayer } from '../../layer/types.ts';
import { defaultValues } from '../../protocol/dimensions.ts';
import { infoExtensionOf, KNOWN_INFO_FORMATS, type InfoFormat } from '../../protocol/wms/featureInfo.ts';
import { restTemplates, type RestTemplates } from '../../protocol/wmts/template.ts';
import { IMAGE_FORMATS } from '../../raster/format.ts';
import type { TilesNode } from '../../service/types.ts';
import type { CacheConfig, LayerConfig, ServicesConfig } from '../types.ts';
import { cachedSet, type Shown } from './cachedSet.ts';
import { configError, type BuildContext } from './context.ts';
import { drawingOf, frameNamedBy, type Drawing, type SourceOf } from './drawing.ts';
import { bboxAround } from './extent.ts';
import { frameOfGrids } from './grids.ts';
import { legendTemplatesOf } from './legends.ts';
import { serviceMetadataOf } from './metadata.ts';
import { variantsOf } from './variants.ts';

type NamedLayer = LayerConfig & { readonly name: string };

/** The layers that are offered as tiles; null when no service of tiles is on. @throws ConfigError */
export async function buildTilesNode(layers: readonly LayerConfig[], sourceOf: SourceOf, context: BuildContext): Promise<TilesNode | null> {
  const { wms, wmts, tms, kml, ogcapi } = context.loaded.config.services;
  if (wmts === null && tms === null && kml === null && ogcapi?.enable_tiles !== true) return null;
  const flights = createSingleFlight<Encoded | null>();
  const wanted = layers.filter((layer): layer is NamedLayer => layer.name !== null && layer.tile_sources.length > 0);
  const built = await Promise.all(wanted.map((layer) => buildTileLayer(layer, flights, sourceOf, context)));
  return {
    service: serviceMetadataOf(wmts?.md ?? wms?.md ?? null, context),
    layers: new Map(built.map((layer) => [layer.name, layer])),
    legends: new Map(wanted.flatMap((layer) => {
      const templates = legendTemplatesOf(layer, context.loaded.config.services);
      return templates === null ? [] : [[layer.name, templates]];
    })),
    wmts: wmts === null ? null : { kvp: wmts.kvp, restful: wmts.restful, templates: templatesOf(wmts, layers), degreeScale: wmts.degree_scale, infoFormats: infoFormatsOf(wmts.featureinfo_formats) },
    tms: tms === null ? null : { origin: tms.origin },
    kml: kml === null ? null : { useGridNames: kml.use_grid_names },
    deliveryOf: context.deliveryOf,
    blank: createBlankTiles(context.codec),
  };
}

/** Those that are listed, else all that are known. */
function infoFormatsOf(listed: NonNullable<ServicesConfig['wmts']>['featureinfo_formats']): readonly InfoFormat[] {
  return listed.length === 0 ? KNOWN_INFO_FORMATS : listed.map(({ mimetype, suffix }) => ({ mediaType: mimetype, extension: suffix ?? infoExtensionOf(mimetype) }));
}

/** What the checks have found whole. */
function templatesOf({ restful_template: tile, restful_featureinfo_template: info }: NonNullable<ServicesConfig['wmts']>, layers: readonly LayerConfig[]): RestTemplates {
  return restTemplates(tile, info, layers.flatMap(({ dimensions }) => dimensions.map(({ name }) => name)));
}

async function buildTileLayer(layer: NamedLayer, flights: SingleFlight<Encoded | null>, sourceOf: SourceOf, context: BuildContext): Promise<TileLayer> {
  const caches = layer.tile_sources.map((name) => context.loaded.config.caches.get(name)!);
  checkFolders(layer, context);
  const shown = await Promise.all(caches.map((cache) => shownOf(cache, layer, sourceOf, context)));
  const [{ drawing: { map } }] = shown as [Shown];
  const sets = await Promise.all(caches.flatMap((cache, i) => cache.grids.map((grid, n) => cachedSet(cache, grid, n, shown[i]!, context))));
  const [{ format }] = caches as [CacheConfig];
  return createTileLayer({
    name: layer.name,
    title: layer.title,
    abstract: layer.abstract,
    frame: map.frame,
    bbox: sets.map(({ bbox }) => bbox).reduce(bboxAround),
    formats: [format, ...IMAGE_FORMATS.filter((other) => other !== format)],
    queryable: map.queryable,
    modified: map.modified,
    sets: sets.map(({ cached }) => cached).filter(({ set }, i, all) => all.findIndex((other) => other.set.id === set.id) === i),
    map: withDimensions(shown[0]!, layer),
    dimensions: layer.dimensions,
    painter: context.painter,
    codec: context.codec,
    memory: context.memory,
    flights,
    report: context.report,
  });
}

/** Values of dimensions name folders. @throws ConfigError */
function checkFolders({ dimensions, path }: LayerConfig, context: BuildContext): void {
  for (const { name, values } of dimensions) {
    for (const value of values) {
      try {
        dimensionsPath({ [name.toLowerCase()]: value });
      } catch (error) {
        throw configError(context, [...path, 'dimensions', name], (error as Error).message);
      }
    }
  }
}

/** What a cache is made from. Its opacity counts where it is drawn over something else, not in its tiles. */
async function shownOf(cache: CacheConfig, layer: NamedLayer, sourceOf: SourceOf, context: BuildContext): Promise<Shown> {
  const { name, title, abstract, dimensions } = layer;
  const named = frameNamedBy(layer);
  const undrawn = [...cache.undrawn, ...layer.undrawn];
  const about = { name, title, abstract, undrawn, named, fallback: frameOfGrids(cache, context), kernel: cache.resampling_method, isDirect: false };
  const paintAs = `cache ${cache.path.join('.')}${dimensions.length === 0 ? '' : ` of ${name}`}`;
  const make = (own: SourceOf): Promise<Drawing> => drawingOf(cache.sources, about, own, context);
  const { first: drawing, variants } = await variantsOf(paintAs, { dimensions, forwards: [] }, make, sourceOf, context);
  return { drawing, variants: { ...variants, use: (values, work) => variants.use(values, ({ map }) => work(map)) }, dimensions, named, paintAs: `${paintAs} ${drawing.map.frame.id}`, sourceOf };
}

function withDimensions({ drawing: { map }, variants, dimensions }: Shown, layer: LayerConfig): MapLayer {
  return dimensions.length === 0 ? map : variedMapLayer(map, { dimensions: layer.dimensions, forwards: [], variants }, defaultValues(dimensions));
}
