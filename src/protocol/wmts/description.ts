import type { InfoFormat } from '../wms/featureInfo.ts';
import type { Bbox } from '../../geometry/crs/axis.ts';
import type { ImageFormat } from '../../raster/format.ts';
import type { Dimension } from '../dimensions.ts';
import type { DegreeScale } from '../scale.ts';
import type { KeywordList, LegendUrl, ServiceMetadata } from '../serviceMetadata.ts';
import type { RestTemplates } from './template.ts';
import type { WmtsSet } from './types.ts';

export interface WmtsStyle {
  readonly name: string;
  readonly title: string;
  readonly legend: LegendUrl | null;
}

export interface WmtsLayerDescription {
  readonly name: string;
  readonly title: string;
  readonly abstract: string;
  readonly keywords: readonly KeywordList[];
  /** Longitudes and latitudes on WGS 84; null for anything but the Earth (GDAL complains about boxes of other bodies). */
  readonly wgs84Bbox: Bbox | null;
  /** The layer's rectangle in CRSs in metres, x/y order. Degrees are read in two axis orders, so they are not written. */
  readonly extents: readonly { readonly crsUrn: string; readonly bbox: Bbox }[];
  /** The default one first, never empty. */
  readonly styles: readonly WmtsStyle[];
  readonly formats: readonly ImageFormat[];
  /** Media types of GetFeatureInfo; empty where the layer is not queryable. */
  readonly infoFormats: readonly InfoFormat[];
  readonly dimensions: readonly Dimension[];
  /** Those in metres first. */
  readonly sets: readonly WmtsSet[];
}

/** Everything that the capabilities document says. */
export interface WmtsDescription {
  readonly service: ServiceMetadata;
  /** Public address of the KVP service, ending in '?' or '&'; null = not offered. */
  readonly kvpUrl: string | null;
  /** Public address of the RESTful service without trailing slash ('https://host/wmts'); null = not offered. */
  readonly restUrl: string | null;
  readonly templates: RestTemplates;
  readonly layers: readonly WmtsLayerDescription[];
  readonly degreeScale: DegreeScale;
}
