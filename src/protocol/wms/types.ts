import type { Bbox } from '../../geometry/crs/axis.ts';
import type { Crs } from '../../geometry/crs/types.ts';
import type { Frame } from '../../geometry/frame/frame.ts';
import type { Pixels } from '../../geometry/lattice/types.ts';
import type { MapFormat } from '../../raster/format.ts';
import type { Kvp } from '../params.ts';

/** Versions of WMS that are spoken, ascending. */
export const WMS_VERSIONS = ['1.1.1', '1.3.0'] as const;
export type WmsVersion = (typeof WMS_VERSIONS)[number];

/** How a client wants to hear of trouble: as XML, written into the picture, or as an empty picture. */
export type ExceptionFormat = 'xml' | 'inimage' | 'blank';

/** What the parser must know of a layer (or of a group that may be asked for by name). */
export interface WmsLayerOffer {
  readonly name: string;
  readonly frame: Frame;
  /** Names of its styles beside 'default', which every layer has. */
  readonly styles: readonly string[];
  readonly queryable: boolean;
}

/** What the service offers: everything that the parser checks a request against. */
export interface WmsOffer {
  /** Versions that are spoken, ascending; not empty. */
  readonly versions: readonly WmsVersion[];
  readonly maxWidth: Pixels;
  readonly maxHeight: Pixels;
  /** Most names in LAYERS; null = any. */
  readonly layerLimit: number | null;
  /** The first one is the default of GetLegendGraphic. */
  readonly formats: readonly MapFormat[];
  /** Media types of GetFeatureInfo, the default first. */
  readonly infoFormats: readonly string[];
  readonly layer: (name: string) => WmsLayerOffer | undefined;
  /** The CRS of an identifier on that layer (EPSG:4326 means degrees on the layer's body). Throws CRS_NOT_SUPPORTED. */
  readonly crsOf: (identifier: string, layer: WmsLayerOffer) => Crs;
  /** Axis order of BBOX in WMS 1.3.0: the registry's (crs.axes), or what the configuration says instead. */
  readonly axesOf: (crs: Crs) => 'xy' | 'yx';
}

export interface WmsCapabilitiesRequest {
  readonly kind: 'capabilities';
  readonly version: WmsVersion;
  /** Whether the grids of tiles are to be listed (WMS-C). */
  readonly tiled: boolean;
}

/** A GetMap, checked. */
export interface WmsMapRequest {
  readonly kind: 'map';
  readonly version: WmsVersion;
  /** Bottom first. */
  readonly layers: readonly string[];
  /** One per layer; 'default' where none was named. */
  readonly styles: readonly string[];
  readonly crs: Crs;
  /** Outer edges of the map, CRS units, x/y order, finite, minX < maxX, minY < maxY; may reach beyond the CRS. */
  readonly bbox: Bbox;
  readonly width: Pixels;
  readonly height: Pixels;
  readonly format: MapFormat;
  readonly transparent: boolean;
  /** 0xRRGGBB */
  readonly background: number;
  readonly exceptions: ExceptionFormat;
  /** Whether the map is meant to be a tile (WMS-C). */
  readonly tiled: boolean;
  /** The parameters that WMS does not know: dimensions, and what sources of the layers may want. */
  readonly others: Kvp;
}

/** A GetFeatureInfo, checked. The map part is the picture that was clicked on. */
export interface WmsFeatureInfoRequest {
  readonly kind: 'featureInfo';
  readonly map: WmsMapRequest;
  readonly queryLayers: readonly string[];
  readonly infoFormat: string;
  /** Pixel of the map, columns from the left and rows from the top, inside it. */
  readonly col: number;
  readonly row: number;
  readonly featureCount: number;
}

/** A picture, or what a server says of it in JSON. */
export type LegendFormat = MapFormat | 'application/json';

/** A GetLegendGraphic, checked (OGC 05-078r4, 12). */
export interface WmsLegendRequest {
  readonly kind: 'legend';
  readonly version: WmsVersion;
  readonly layer: string;
  readonly style: string;
  readonly format: LegendFormat;
  /** null = as large as the legend is. */
  readonly width: Pixels | null;
  readonly height: Pixels | null;
  /** SCALE of the SLD's rules, a denominator; null = any. */
  readonly scale: number | null;
  readonly exceptions: ExceptionFormat;
}

export type WmsRequest = WmsCapabilitiesRequest | WmsMapRequest | WmsFeatureInfoRequest | WmsLegendRequest;
