import type { Bbox } from '../../geometry/crs/axis.ts';
import type { Crs } from '../../geometry/crs/types.ts';
import type { Pixels } from '../../geometry/lattice/types.ts';
import type { MapFormat } from '../../raster/format.ts';
import type { Dimension } from '../dimensions.ts';
import type { KeywordList, LegendUrl, ServiceMetadata } from '../serviceMetadata.ts';
import type { InspireMetadata } from './inspire.ts';
import type { WmsTileSet } from './tileSet.ts';

/** A CRS that a layer can be asked in, and the layer's rectangle there. */
export interface CrsExtent {
  readonly crs: Crs;
  /** CRS units, x/y order whatever the axes of the registry; null = not told. */
  readonly bbox: Bbox | null;
}

export interface WmsStyle {
  readonly name: string;
  readonly title: string;
  readonly legend: LegendUrl | null;
}

/** A link to metadata about a layer. `type` as in WMS 1.3.0: 'ISO19115:2003', 'FGDC:1998'. */
export interface MetadataUrl {
  readonly type: string;
  readonly format: string;
  readonly url: string;
}

export interface Attribution {
  readonly title: string;
  readonly url: string | null;
  /** Absent = none. */
  readonly logo?: Logo;
}

export interface Logo extends WebLink {
  /** null = not said; 1.1.1 then does not tell of it. */
  readonly width: number | null;
  readonly height: number | null;
}

/** Something on the web. */
export interface WebLink {
  readonly url: string;
  /** Media type. */
  readonly format: string;
}

/** What an authority calls a layer. */
export interface LayerIdentifier {
  readonly authority: string;
  /** Address of the authority; null = none is told. */
  readonly url: string | null;
  /** null = only the authority is told. */
  readonly value: string | null;
}

/** What else there is of a layer. */
export interface LayerLinks {
  readonly identifiers: readonly LayerIdentifier[];
  readonly data: readonly WebLink[];
  readonly featureLists: readonly WebLink[];
}

export const NO_LINKS: LayerLinks = Object.freeze({ identifiers: [], data: [], featureLists: [] });

/** A layer, or a group where it has children. Nothing is inherited in this value: each layer says all of itself. */
export interface WmsLayerDescription {
  /** null = cannot be asked for. */
  readonly name: string | null;
  readonly title: string;
  readonly abstract: string;
  readonly keywords: readonly KeywordList[];
  /** Each CRS once, the body's own first. */
  readonly extents: readonly CrsExtent[];
  /** Degrees of the layer's own body (or sky frame), east-positive, inside [-180, 180] x [-90, 90]; null for a mixed group. */
  readonly geographicBbox: Bbox | null;
  /** Those that all layers of a group share. */
  readonly dimensions: readonly Dimension[];
  readonly queryable: boolean;
  readonly opaque: boolean;
  readonly styles: readonly WmsStyle[];
  readonly attribution: Attribution | null;
  readonly metadata: readonly MetadataUrl[];
  readonly links: LayerLinks;
  /** Coarsest and finest cell sizes in metres at which the layer is drawn; null = any. */
  readonly minRes: number | null;
  readonly maxRes: number | null;
  readonly layers: readonly WmsLayerDescription[];
}

/** Everything that a capabilities document says, in either version. */
export interface WmsDescription {
  /** Written in 1.3.0 alone; absent = none. */
  readonly inspire?: InspireMetadata;
  readonly service: ServiceMetadata;
  /** Public address of the service, ending in '?' or '&'. */
  readonly url: string;
  readonly maxWidth: Pixels;
  readonly maxHeight: Pixels;
  readonly layerLimit: number | null;
  readonly formats: readonly MapFormat[];
  /** GetFeatureInfo is offered where one is named and a layer is queryable. */
  readonly infoFormats: readonly string[];
  readonly root: WmsLayerDescription;
  /** Written in 1.1.1 alone. */
  readonly tileSets: readonly WmsTileSet[];
  /** Axis order of BoundingBox in 1.3.0; must be the parser's own. */
  readonly axesOf: (crs: Crs) => 'xy' | 'yx';
}
