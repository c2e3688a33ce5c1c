import { GatewayError } from '../../errors.ts';
import { crsOnFrame, EARTH } from '../../geometry/crs/alias.ts';
import { geoKeysOf } from '../../geometry/crs/geoKeys.ts';
import { windowOfBbox } from '../../geometry/lattice/pixelWindow.ts';
import type { PixelGrid } from '../../geometry/lattice/types.ts';
import { encodedOf } from '../../layer/encoded.ts';
import { variedMapLayer } from '../../layer/map.ts';
import type { PaintedLayer, PictureJob } from '../../layer/painter.ts';
import type { Encoded, MapLayer } from '../../layer/types.ts';
import { defaultValues, keyOfValues } from '../../protocol/dimensions.ts';
import type { LayerLinks, WebLink } from '../../protocol/wms/description.ts';
import type { WmsVersion } from '../../protocol/wms/types.ts';
import type { ServiceMetadata } from '../../protocol/serviceMetadata.ts';
import type { EncodeOptions } from '../../raster/codec/types.ts';
import { NO_DRESS, type MapDress } from '../../raster/dress.ts';
import type { MapFormat } from '../../raster/format.ts';
import type { MapsNode, MapTreeNode, PictureStyle } from '../../service/types.ts';
import type { LayerConfig, PictureConfig, WmsServiceConfig } from '../types.ts';
import { boundingBoxes, type BoundingBoxes } from './boundingBoxes.ts';
import type { BuildContext } from './context.ts';
import { drawingOf, frameNamedBy, type SourceOf } from './drawing.ts';
import { encodingOf } from './encoding.ts';
import { inspireOf } from './inspire.ts';
import { legendsOfLayer } from './legends.ts';
import { advertisedCrs } from './mapCrs.ts';
import { serviceMetadataOf } from './metadata.ts';
import { rangeOf } from './resolutions.ts';
import { forwardsOf, variantsOf } from './variants.ts';

type TextAttribution = WmsServiceConfig['attribution'];

/** What a service of maps wants. */
export interface MapsOptions {
  readonly service: ServiceMetadata;
  /** Of WMS, ascending. */
  readonly versions: readonly WmsVersion[];
  /** Reference systems to advertise; null = those of each body. */
  readonly srs: readonly string[] | null;
  readonly formats: readonly MapFormat[];
  /** How each is written. */
  readonly pictures: ReadonlyMap<MapFormat, PictureConfig>;
  readonly infoFormats: readonly string[];
  readonly maxPixels: readonly [number, number];
  /** Of layers that have none of their own. */
  readonly attribution: TextAttribution;
  /** `inspire_md` of WMS. */
  readonly inspire: WmsServiceConfig['inspire_md'];
  /** `bbox_srs` of WMS. */
  readonly boxes: WmsServiceConfig['bbox_srs'];
  /** What a map does when a source fails. */
  readonly onSourceErrors: WmsServiceConfig['on_source_errors'];
}

/** The layers as maps for WMS; null when it is off. @throws ConfigError */
export async function buildWmsNode(sourceOf: SourceOf, context: BuildContext): Promise<MapsNode | null> {
  const { wms } = context.loaded.config.services;
  if (wms === null) return null;
  const { srs, attribution, max_output_pixels: maxPixels, image_formats: formats, pictures, on_source_errors: onSourceErrors, bbox_srs: boxes, inspire_md: inspire } = wms;
  return buildMapsNode({ service: serviceMetadataOf(wms.md, context), versions: wms.versions, srs, formats, pictures, infoFormats: infoFormatsOf(wms.featureinfo_types), maxPixels, attribution, inspire, boxes, onSourceErrors }, sourceOf, context);
}

/** The layers as maps. @throws ConfigError */
export async function buildMapsNode(options: MapsOptions, sourceOf: SourceOf, context: BuildContext): Promise<MapsNode> {
  const { service, versions, srs, formats, infoFormats, maxPixels: [maxWidth, maxHeight], attribution } = options;
  const roots = await treeOf(context.loaded.config.layers, attribution, sourceOf, context);
  const frames = new Map(roots.flatMap(layersOf).map(({ frame }) => [frame.id, frame]));
  const advertised = new Map([...frames].map(([id, frame]) => [id, advertisedCrs(frame, srs, context)]));
  const boxes = boundingBoxes(options.boxes, advertised, context);
  const dressOf = (grid: PixelGrid): MapDress => ({ isTolerant: options.onSourceErrors === 'notify', window: windowOf(grid, boxes), attribution: attribution?.text ?? null });
  return {
    service,
    inspire: options.inspire === null ? null : inspireOf(options.inspire),
    versions,
    roots,
    crsOf: advertised,
    boxRuleOf: boxes.ruleOf,
    resolveCrs(identifier, frame) {
      const crs = context.registry.crsOf(identifier);
      return crsOnFrame(crs, frame) ?? crs;
    },
    formats,
    infoFormats,
    maxWidth,
    maxHeight,
    deliveryOf: context.deliveryOf,
    draw: (drawn, grid, style, signal) => draw(drawn, grid, { style, encoding: encodingOfMap(style, options.pictures), dress: style.isMap === true ? dressOf(grid) : NO_DRESS }, signal, context),
    dressOf,
    encode: (raster, style) => context.codec.encode(raster, style.format, encodingOfMap(style, options.pictures)),
  };
}

async function treeOf(layers: readonly LayerConfig[], attribution: TextAttribution, sourceOf: SourceOf, context: BuildContext): Promise<readonly MapTreeNode[]> {
  const nodes = await Promise.all(layers.map((layer) => nodeOf(layer, attribution, sourceOf, context)));
  return nodes.filter((node) => node !== null);
}

/** null for a layer that shows nothing here: offered as tiles only, or an empty group. */
async function nodeOf(config: LayerConfig, attribution: TextAttribution, sourceOf: SourceOf, context: BuildContext): Promise<MapTreeNode | null> {
  const { name, title, abstract, md } = config;
  const layer = name === null ? null : await mapLayerOf({ ...config, name }, sourceOf, context);
  const children = await treeOf(config.layers, attribution, sourceOf, context);
  if (layer === null && children.length === 0) return null;
  const range = rangeOf(config);
  const legends = await legendsOfLayer(config, sourceOf, context);
  return {
    name, title, abstract, layer, legends, children,
    minRes: range?.coarsest ?? null,
    maxRes: range?.finest ?? null,
    keywords: md.keyword_list.map(({ vocabulary, keywords }) => ({ vocabulary: vocabulary ?? null, keywords })),
    attribution: attributionOf(config, attribution),
    metadata: md.metadata.map(({ url, format, type }) => ({ url, format: format ?? 'text/html', type: type ?? 'other' })),
    links: linksOf(config),
  };
}

function attributionOf({ md }: LayerConfig, ofService: TextAttribution): MapTreeNode['attribution'] {
  if (md.attribution !== null) {
    const { title, url, logo } = md.attribution;
    return { title: title ?? '', url, ...(logo === null ? {} : { logo: { ...logo, format: logo.format ?? pictureTypeOf(logo.url) } }) };
  }
  return ofService === null ? null : { title: ofService.text, url: null };
}

/** What a picture probably is, by its address. */
function pictureTypeOf(url: string): string {
  const extension = /\.(png|jpe?g|gif|svg|webp)(?:[?#]|$)/i.exec(url)?.[1]?.toLowerCase() ?? 'png';
  return extension === 'svg' ? 'image/svg+xml' : `image/${extension === 'jpg' ? 'jpeg' : extension}`;
}

function linksOf({ md: { identifier, data, feature_list } }: LayerConfig): LayerLinks {
  const linked = ({ url, format }: { readonly url: string; readonly format: string | null }): WebLink => ({ url, format: format ?? 'text/html' });
  return {
    identifiers: identifier.flatMap(({ name, url, value }) => (name === null ? [] : [{ authority: name, url, value }])),
    data: data.map(linked),
    featureLists: feature_list.map(linked),
  };
}

/** Registers the layer with the painter under its own name. */
function mapLayerOf(config: LayerConfig & { readonly name: string }, sourceOf: SourceOf, context: BuildContext): Promise<MapLayer | null> {
  const layer = context.mapLayers.get(config.name) ?? buildMapLayer(config, sourceOf, context);
  context.mapLayers.set(config.name, layer);
  return layer;
}

async function buildMapLayer(config: LayerConfig & { readonly name: string }, sourceOf: SourceOf, context: BuildContext): Promise<MapLayer | null> {
  const { name, title, abstract, sources, undrawn, dimensions } = config;
  if (sources.length === 0 && undrawn.length === 0) return null;
  const about = { name, title, abstract, undrawn, named: frameNamedBy(config), fallback: EARTH, kernel: null, isDirect: true };
  const forwards = forwardsOf([...sources, ...undrawn], dimensions, context);
  const make = async (own: SourceOf): Promise<MapLayer> => (await drawingOf(sources, about, own, context)).map;
  const { first: map, variants } = await variantsOf(paintAs({ name }), { dimensions, forwards }, make, sourceOf, context);
  context.layers.set(paintAs(map), variants);
  if (!map.queryable) return null;
  return dimensions.length + forwards.length === 0 ? map : variedMapLayer(map, { dimensions, forwards, variants }, defaultValues(dimensions));
}

function paintAs({ name }: Pick<MapLayer, 'name'>): string {
  return `map ${name}`;
}

function layersOf({ layer, children }: MapTreeNode): readonly MapLayer[] {
  return [...(layer === null ? [] : [layer]), ...children.flatMap(layersOf)];
}

const INFO_TYPES: { readonly [type: string]: readonly string[] } = {
  text: ['text/plain'],
  html: ['text/html'],
  json: ['application/json', 'application/geo+json'],
  xml: ['text/xml', 'application/vnd.ogc.gml'],
};

function infoFormatsOf(types: WmsServiceConfig['featureinfo_types']): readonly string[] {
  return types.flatMap((type) => INFO_TYPES[type]!);
}

function encodingOfMap({ format, transparent, background }: PictureStyle, pictures: MapsOptions['pictures']): EncodeOptions {
  const encoding = encodingOf(pictures.get(format)!);
  return { ...encoding, background, flatten: !transparent || encoding.flatten === true };
}

/** MapProxy's rule: a rectangle of `bbox_srs` is all that maps in its reference system show. */
function windowOf(grid: PixelGrid, { limitOf }: BoundingBoxes): MapDress['window'] {
  const { spec } = grid.lattice;
  const limit = spec.kind === 'crs' ? limitOf(spec.crs, spec.frame) : null;
  return limit === null ? null : windowOfBbox(grid, limit);
}

interface Look {
  readonly style: PictureStyle;
  readonly encoding: EncodeOptions;
  readonly dress: MapDress;
}

/** Tiled WMS clients ask for the same maps again and again, and so do several people who look at one page. */
async function draw(layers: readonly MapLayer[], grid: PixelGrid, { style: { format }, encoding: written, dress }: Look, signal: AbortSignal, context: BuildContext): Promise<Encoded> {
  const painted = layers.map((layer): PaintedLayer => ({ name: paintAs(layer), values: layer.values }));
  const names = painted.map(({ name, values }) => `${name} ${keyOfValues(values)}`);
  const key = JSON.stringify([names, grid.lattice.id, grid.col, grid.row, grid.width, grid.height, format, written, dress]);
  const hit = context.memory.get(key);
  if (hit !== undefined) return hit;
  const encoding = format === 'image/tiff' ? { ...written, ...placeOf(grid, context) } : written;
  const job: PictureJob = { kind: 'picture', layers: painted, grid, format, encoding, dress };
  return context.flights.run(key, signal, async (shared) => {
    const [bytes, missing] = await context.painter.paint(job, { priority: 'interactive', signal: shared });
    const encoded = encodedOf(bytes!, format, newest(layers));
    if (missing !== undefined) {
      context.report(new GatewayError('UPSTREAM_FAILED', `a map was drawn without what failed: ${new TextDecoder().decode(missing)}`));
      return { ...encoded, isPartial: true };
    }
    context.memory.set(key, encoded);
    return encoded;
  });
}

/** Where a map lies, for a GeoTIFF. */
function placeOf({ lattice: { spec } }: PixelGrid, { registry }: BuildContext): Pick<EncodeOptions, 'place'> {
  const crs = spec.kind === 'crs' ? crsOnFrame(registry.crsOf(spec.crs), spec.frame) : null;
  if (spec.kind !== 'crs' || crs === null) return {};
  const { x0, y0, cellX, cellY } = spec;
  return { place: { x0, y0, cellX, cellY, keys: geoKeysOf(crs) } };
}

/** A map without layers is blank for ever. */
function newest(layers: readonly MapLayer[]): Date {
  if (layers.length === 0) return new Date(0);
  return new Date(Math.max(...layers.map(({ modified }) => modified.getTime())));
}
