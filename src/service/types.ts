import type { Bbox } from '../geometry/crs/axis.ts';
import type { Crs } from '../geometry/crs/types.ts';
import type { Frame } from '../geometry/frame/frame.ts';
import type { PixelGrid, Pixels } from '../geometry/lattice/types.ts';
import type { Encoded, HipsLayer, LegendPart, MapLayer, TileLayer } from '../layer/types.ts';
import type { OgcAbout } from '../protocol/ogcapi/landing.ts';
import type { DegreeScale } from '../protocol/scale.ts';
import type { KeywordList, ServiceMetadata } from '../protocol/serviceMetadata.ts';
import type { Attribution, LayerLinks, MetadataUrl } from '../protocol/wms/description.ts';
import type { InfoFormat } from '../protocol/wms/featureInfo.ts';
import type { InspireMetadata } from '../protocol/wms/inspire.ts';
import type { WmsVersion } from '../protocol/wms/types.ts';
import type { RestTemplates } from '../protocol/wmts/template.ts';
import type { MapDress } from '../raster/dress.ts';
import type { ImageFormat, MapFormat } from '../raster/format.ts';
import type { Raster } from '../raster/raster.ts';
import type { Refusal } from './access/refusal.ts';
import type { Access } from './access/types.ts';

/** Origins ('https://host') whose pages may read an answer; '*' = all. */
export type Origins = '*' | readonly string[];

/** How what a layer shows goes out. */
export interface Delivery {
  readonly origins: Origins;
  /** Cache-Control of its pictures. */
  readonly cacheControl: string;
}

/** The layers published as HiPS, and how they go out. */
export interface HipsNode {
  /** By the name used in addresses, in the order of the configuration. */
  readonly layers: ReadonlyMap<string, HipsLayer>;
  deliveryOf(layer: string): Delivery;
  /** Of layers that this node hides; absent = it hides none. */
  readonly refusal?: Refusal;
}

/** A node of the WMS layer tree: a group, a layer, or both. */
export interface MapTreeNode {
  /** null = a group that cannot be asked for. */
  readonly name: string | null;
  readonly title: string;
  readonly abstract: string;
  readonly keywords: readonly KeywordList[];
  readonly attribution: Attribution | null;
  readonly metadata: readonly MetadataUrl[];
  readonly links: LayerLinks;
  /** null for a group without sources: its members are drawn in their order, first at the bottom. */
  readonly layer: MapLayer | null;
  /** Pictures that explain it, the lowest first; [] = a small picture of what it shows. Those of a group without any are its members'. */
  readonly legends: readonly LegendPart[];
  /** Coarsest (inclusive) and finest (exclusive) resolution at which `layer` is drawn, metres per pixel; null = any. */
  readonly minRes: number | null;
  readonly maxRes: number | null;
  readonly children: readonly MapTreeNode[];
}

/** How a picture is to be sent. `transparent` false: over the background (0xRRGGBB). */
export interface PictureStyle {
  /** Whether it is a map for people, dressed as `dressOf` says; absent = the layers alone, whose sources must all answer. */
  readonly isMap?: boolean;
  readonly format: MapFormat;
  readonly transparent: boolean;
  readonly background: number;
}

/** What a BoundingBox in the capabilities is: that of the layer, none at all, or what of the layer's lies in a rectangle (CRS units, x/y order). */
export type BoxRule = 'own' | 'none' | Bbox;

/** What WMS serves. */
export interface MapsNode {
  readonly service: ServiceMetadata;
  /** null = not said. */
  readonly inspire: InspireMetadata | null;
  /** Versions of WMS that are spoken, ascending; not empty. */
  readonly versions: readonly WmsVersion[];
  /** Only nodes that show something; a name stands at one node. */
  readonly roots: readonly MapTreeNode[];
  /** Identifiers that the configuration wants advertised, per frame id; a layer lists those of its frame. */
  readonly crsOf: ReadonlyMap<string, readonly Crs[]>;
  /** The BoundingBoxes that are written of those. */
  boxRuleOf(crs: Crs): BoxRule;
  /**
   * Any identifier, for a layer of a frame: EPSG:4326, CRS:84 and EPSG:3857 mean degrees on that frame. May be a CRS of another
   * body. Throws CRS_NOT_SUPPORTED.
   */
  resolveCrs(identifier: string, frame: Frame): Crs;
  /** The default first. */
  readonly formats: readonly MapFormat[];
  /** Media types of GetFeatureInfo, the default first. */
  readonly infoFormats: readonly string[];
  /** Largest picture: width * height <= maxWidth * maxHeight. */
  readonly maxWidth: number;
  readonly maxHeight: number;
  deliveryOf(layer: string): Delivery;
  /** Of layers that this node hides; absent = it hides none. */
  readonly refusal?: Refusal;
  /**
   * Layers drawn on a grid, bottom first, ready to send; a map that was drawn lately may come from memory.
   * Throws as Layer.render does.
   */
  draw(layers: readonly MapLayer[], grid: PixelGrid, style: PictureStyle, signal: AbortSignal): Promise<Encoded>;
  /** What a map of a grid has beside its layers. */
  dressOf(grid: PixelGrid): MapDress;
  /** A picture as bytes. */
  encode(raster: Raster, style: PictureStyle): Promise<Uint8Array>;
}

/** Addresses of a legend, as they are written in the capabilities of WMTS; {base_url} and {layer_name} are filled in. null = none. */
export interface LegendTemplates {
  readonly kvp: string | null;
  readonly rest: string | null;
}

/** What WMTS, XYZ, TMS, KML and OGC API - Tiles serve. */
export interface TilesNode {
  readonly service: ServiceMetadata;
  readonly layers: ReadonlyMap<string, TileLayer>;
  /** By layer; of the others no legend is told. */
  readonly legends: ReadonlyMap<string, LegendTemplates>;
  /** `infoFormats` absent: all that are known. */
  readonly wmts: { readonly kvp: boolean; readonly restful: boolean; readonly templates: RestTemplates; readonly degreeScale: DegreeScale; readonly infoFormats?: readonly InfoFormat[] } | null;
  readonly tms: { readonly origin: 'sw' | 'nw' | null } | null;
  /** `useGridNames`: addresses in documents name the grid, not its reference system. */
  readonly kml: { readonly useGridNames: boolean } | null;
  deliveryOf(layer: string): Delivery;
  /** Of layers that this node hides; absent = it hides none. */
  readonly refusal?: Refusal;
  /** A tile without anything on it: transparent, or white where the format knows no transparency. */
  blank(width: Pixels, height: Pixels, format: ImageFormat, modified: Date): Promise<Encoded>;
}

/** What OGC API serves. */
export interface OgcApiNode {
  readonly about: OgcAbout;
  /** What collections show, whether or not maps of them can be asked for. */
  readonly maps: MapsNode;
  /** Whether OGC API - Maps is switched on. */
  readonly hasMaps: boolean;
  /** null = without OGC API - Tiles. */
  readonly tiles: TilesNode | null;
  /** The layers of the map of the whole dataset, the lowest first; [] = there is none. */
  readonly dataset: readonly string[];
}

/** Everything that can be asked of this server: what config/build.ts makes and the services read. */
export interface Gateway {
  /** Title of the landing page. */
  readonly title: string;
  /** Address under which the world sees this server, without trailing slash; null = taken from each request's Host. */
  readonly publicUrl: string | null;
  /** Believe X-Forwarded-Host, X-Forwarded-Proto and X-Script-Name: only behind a proxy that sets them. */
  readonly trustProxy: boolean;
  /** Of what is not about a layer. */
  readonly origins: Origins;
  /** Of any answer: what OPTIONS says, which cannot know the answer that will follow. */
  readonly anyOrigins: Origins;
  /** null = the HiPS service is not switched on. */
  readonly hips: HipsNode | null;
  /** null = no WMS. */
  readonly maps: MapsNode | null;
  /** null = nothing is served in tiles. */
  readonly tiles: TilesNode | null;
  /** null = no OGC API. */
  readonly ogcapi: OgcApiNode | null;
  /** null = everybody may see everything. */
  readonly access: Access | null;
  /** Starts what is slow to start. Called once, when the server listens. */
  warmUp(): void;
  /** Closes caches, upstream connections and workers. Called once, after the last reply. */
  close(): Promise<void>;
}
