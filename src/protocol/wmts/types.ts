import type { InfoFormat } from '../wms/featureInfo.ts';
import type { TileAddress, TileLimits, TileMatrixSet } from '../../geometry/pyramid/tileMatrixSet.ts';
import type { Dimension, Values } from '../dimensions.ts';
import type { ImageFormat } from '../../raster/format.ts';

/** The one version of WMTS. */
export const WMTS_VERSION = '1.0.0';

/** A tile matrix set as a layer offers it. */
export interface WmtsSet {
  /** As configured: rows may count from below; caches are numbered by it. */
  readonly set: TileMatrixSet;
  /** As WMTS shows it: rows from the top; may lack matrices that cannot be shown so. */
  readonly served: TileMatrixSet;
  /** Tiles of `served` that the layer has, by matrix identifier; a matrix without entry has none. null = all of them. */
  readonly limits: ReadonlyMap<string, TileLimits> | null;
}

/** What the parser must know of a layer. */
export interface WmtsLayerOffer {
  readonly name: string;
  /** Names of its styles beside 'default', which every layer has. */
  readonly styles: readonly string[];
  readonly formats: readonly ImageFormat[];
  /** Media types of GetFeatureInfo; empty where the layer is not queryable. */
  readonly infoFormats: readonly InfoFormat[];
  readonly dimensions: readonly Dimension[];
  /** By identifier. */
  readonly sets: ReadonlyMap<string, WmtsSet>;
}

export interface WmtsOffer {
  readonly layer: (name: string) => WmtsLayerOffer | undefined;
}

/** Sections of the capabilities document (OGC 06-121r3, 7.3.3). */
export const SECTIONS = ['ServiceIdentification', 'ServiceProvider', 'OperationsMetadata', 'Contents', 'Themes'] as const;
export type Section = (typeof SECTIONS)[number];

export interface WmtsCapabilitiesRequest {
  readonly kind: 'capabilities';
  /** Those to write. */
  readonly sections: ReadonlySet<Section>;
  /** Whether it is asked for by parameters, or is the document of the RESTful service. */
  readonly form: 'kvp' | 'rest';
  /** 'application/xml', or 'text/xml' where the client prefers it. */
  readonly contentType: string;
}

/** A GetTile, checked: the tile is there. */
export interface WmtsTileRequest {
  readonly kind: 'tile';
  readonly layer: string;
  readonly style: string;
  /** As configured. */
  readonly set: TileMatrixSet;
  /** Numbered as in `set`, whatever corner that counts from. */
  readonly tile: TileAddress;
  readonly format: ImageFormat;
  /** Of the layer's dimensions, all of them. */
  readonly values: Values;
}

/** A GetFeatureInfo, checked. */
export interface WmtsFeatureInfoRequest {
  readonly kind: 'featureInfo';
  readonly tile: WmtsTileRequest;
  /** Pixel of the tile, columns from the left and rows from the top, inside it. */
  readonly col: number;
  readonly row: number;
  readonly infoFormat: string;
  /** Most features of each layer: a parameter of WMS that MapProxy takes here too. */
  readonly featureCount: number;
}

export type WmtsRequest = WmtsCapabilitiesRequest | WmtsTileRequest | WmtsFeatureInfoRequest;
