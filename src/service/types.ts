import type { Crs } from '../geometry/crs/types.ts';
import type { HipsLayer, MapLayer, TileLayer } from '../layer/types.ts';
import type { DegreeScale } from '../protocol/scale.ts';
import type { ServiceMetadata } from '../protocol/serviceMetadata.ts';
import type { ImageFormat } from '../raster/format.ts';
import type { Raster } from '../raster/raster.ts';

/** The layers published as HiPS, and how long clients may keep what they get. */
export interface HipsNode {
  /** By the name used in addresses, in the order of the configuration. */
  readonly layers: ReadonlyMap<string, HipsLayer>;
  /** Seconds that clients and proxies may keep a tile, an Allsky, a preview (MapProxy's expires_hours); 259200 by default. */
  readonly tileMaxAgeSeconds: number;
}

/** A node of the WMS layer tree: a group, a layer, or both. */
export interface MapTreeNode {
  /** null = a group that cannot be asked for. */
  readonly name: string | null;
  readonly title: string;
  readonly abstract: string;
  /** null for a group without sources: its members are drawn in their order, first at the bottom. */
  readonly layer: MapLayer | null;
  readonly children: readonly MapTreeNode[];
}

/** What WMS serves. */
export interface MapsNode {
  readonly service: ServiceMetadata;
  readonly roots: readonly MapTreeNode[];
  /** Identifiers that the configuration wants advertised, per frame id; a layer lists those of its frame. */
  readonly crsOf: ReadonlyMap<string, readonly Crs[]>;
  /** Any identifier, for a layer of a frame: EPSG:4326 and CRS:84 mean degrees on that frame. Throws CRS_NOT_SUPPORTED. */
  resolveCrs(identifier: string, frameId: string): Crs;
  readonly formats: readonly ImageFormat[];
  /** Largest picture: width * height <= maxWidth * maxHeight. */
  readonly maxWidth: number;
  readonly maxHeight: number;
  encode: PictureEncoder;
}

/** A merged picture as bytes. `transparent` false: over the background (0xRRGGBB). */
export type PictureEncoder = (
  raster: Raster,
  format: ImageFormat,
  options: { readonly transparent: boolean; readonly background: number },
) => Promise<Uint8Array>;

/** What WMTS, XYZ, TMS serve. */
export interface TilesNode {
  readonly service: ServiceMetadata;
  readonly layers: ReadonlyMap<string, TileLayer>;
  readonly wmts: { readonly kvp: boolean; readonly restful: boolean; readonly restfulTemplate: string | null; readonly degreeScale: DegreeScale } | null;
  readonly tms: { readonly origin: 'sw' | 'nw' | null } | null;
  readonly tileMaxAgeSeconds: number;
}

/** Everything that can be asked of this server: what config/build.ts makes and the services read. */
export interface Gateway {
  /** Title of the landing page. */
  readonly title: string;
  /** Address under which the world sees this server, without trailing slash; null = taken from each request's Host. */
  readonly publicUrl: string | null;
  /** Believe X-Forwarded-Host and X-Forwarded-Proto: only behind a proxy that sets them. */
  readonly trustProxy: boolean;
  /** null = the HiPS service is not switched on. */
  readonly hips: HipsNode | null;
  /** null = no WMS. */
  readonly maps: MapsNode | null;
  /** null = neither WMTS nor TMS nor XYZ. */
  readonly tiles: TilesNode | null;
  /** Starts what is slow to start. Called once, when the server listens. */
  warmUp(): void;
  /** Closes caches, upstream connections and workers. Called once, after the last reply. */
  close(): Promise<void>;
}
