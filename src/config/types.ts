import type { Dimension } from '../protocol/dimensions.ts';
import type { ImageFormat, MapFormat } from '../raster/format.ts';
import type { ConfigIssue, ConfigPath, Position } from './issue.ts';
import type { OptionReport } from './report.ts';
import type { ParsedConfig } from './schema/config.ts';
import type { ParsedLayer } from './schema/layers.ts';
import type { Bbox, Resampling } from './schema/values.ts';

/*
 * The configuration as build.ts reads it. Options keep the names that they have in the YAML file; defaults, inheritance from
 * `globals` and `base` grids, and paths are resolved. null = not given, where that means something (the schema says what).
 */

type DeepReadonly<T> = T extends readonly (infer Member)[]
  ? number extends T['length'] ? readonly DeepReadonly<Member>[] : Readonly<T>
  : T extends object ? { readonly [Key in keyof T]: DeepReadonly<T[Key]> } : T;

export interface LoadedConfig {
  readonly config: Config;
  /** Known options without effect here, and what is probably not meant, in the order of the file. */
  readonly warnings: readonly ConfigIssue[];
  /** Every option that the file uses, and what becomes of it. */
  readonly options: readonly OptionReport[];
  /** Absolute path of the file. */
  readonly file: string;
  /** All files read: this one and those of `base:`, absolute. Watch these. */
  readonly files: readonly string[];
  /** Directory of the file: relative paths start here. */
  readonly directory: string;
  /** When the youngest of the files was last changed. */
  readonly modified: Date;
  /** Where the value at a path was written, for mistakes that only building shows. */
  readonly locate: (path: ConfigPath) => Position;
}

export interface Config {
  readonly services: ServicesConfig;
  readonly layers: readonly LayerConfig[];
  readonly sources: ReadonlyMap<string, SourceConfig>;
  readonly caches: ReadonlyMap<string, CacheConfig>;
  /** Those of the file; a predefined grid is not here (geometry/pyramid/standardSets.ts has it). */
  readonly grids: ReadonlyMap<string, GridConfig>;
  readonly globals: GlobalsConfig;
  readonly server: DeepReadonly<ParsedConfig['server']>;
}

type ParsedServices = ParsedConfig['services'];

/** null = off. */
export interface ServicesConfig {
  readonly hips: HipsServiceConfig | null;
  readonly wms: WmsServiceConfig | null;
  readonly wmts: DeepReadonly<NonNullable<ParsedServices['wmts']>> | null;
  readonly tms: DeepReadonly<NonNullable<ParsedServices['tms']>> | null;
  readonly kml: DeepReadonly<NonNullable<ParsedServices['kml']>> | null;
  readonly ogcapi: OgcApiServiceConfig | null;
  readonly demo: boolean;
}

export interface HipsServiceConfig {
  readonly resampling_method: Resampling;
  readonly populate_cache: boolean;
  /** Authority of default identifiers; null = the public host. */
  readonly authority: string | null;
}

/** `image_formats` holds the formats that are written here, `map_srs` those that are known; both as given otherwise. */
export type OgcApiServiceConfig = Omit<DeepReadonly<NonNullable<ParsedServices['ogcapi']>>, 'image_formats'> & { readonly image_formats: readonly MapFormat[]; readonly pictures: ReadonlyMap<MapFormat, PictureConfig> };

/** Versions of WMS that are written here. */
export type WmsAnswerVersion = '1.1.1' | '1.3.0';

/** `versions` holds those that are answered, ascending, `image_formats` the formats that are written here, `srs` those that are known; all as given otherwise. */
export type WmsServiceConfig = Omit<DeepReadonly<NonNullable<ParsedServices['wms']>>, 'image_formats' | 'versions'> & {
  readonly image_formats: readonly MapFormat[];
  /** How maps of each format are written. */
  readonly pictures: ReadonlyMap<MapFormat, PictureConfig>;
  readonly versions: readonly WmsAnswerVersion[];
};
export type ServiceMetadataConfig = WmsServiceConfig['md'];

/** What a layer or a cache is drawn from. */
export interface SourceRef {
  readonly kind: 'source' | 'cache';
  readonly name: string;
  /** Layers of a WMS source chosen in place of its own, joined by commas: `wms1:roads,rivers`. */
  readonly layers: string | null;
  /** The only one of the reference systems of a WMS source, or of the grids of a cache, in which it is to be read; absent = any. */
  readonly only?: string;
  readonly path: ConfigPath;
}

type LayerTexts = Pick<ParsedLayer, 'cors' | 'cache_control' | 'min_res' | 'max_res' | 'min_scale' | 'max_scale' | 'legendurl' | 'wmts_kvp_legendurl' | 'wmts_rest_legendurl'>;
type LayerMetadata = Omit<NonNullable<ParsedLayer['md']>, 'hips' | 'abstract'>;

export interface LayerConfig extends Readonly<LayerTexts> {
  /** null = a group that cannot be asked for. */
  readonly name: string | null;
  readonly title: string;
  readonly abstract: string;
  /** http(s) address or absolute path. */
  readonly legendurl: string | null;
  /** Drawn in this order; [] for a group. */
  readonly sources: readonly SourceRef[];
  /** Those that are asked what is under a pixel, and for legends, but not drawn. */
  readonly undrawn: readonly SourceRef[];
  /** Caches that are offered as tiles. */
  readonly tile_sources: readonly string[];
  readonly layers: readonly LayerConfig[];
  readonly md: DeepReadonly<LayerMetadata>;
  readonly dimensions: readonly Dimension[];
  /** null = not served as HiPS. */
  readonly hips: HipsLayerConfig | null;
  readonly path: ConfigPath;
}

export interface HipsLayerConfig {
  readonly hips_order: number | null;
  readonly hips_tile_width: number;
  /** The suggested one first; never empty. */
  readonly formats: readonly ImageFormat[];
  /** As in a properties file ('equatorial', 'moon', 'planet'); null = the source's. */
  readonly hips_frame: string | null;
  readonly hips_body: string | null;
  readonly creator_did: string | null;
  /** Key of `Config.caches`: its store keeps the tiles; null = files under base_dir. */
  readonly tile_cache: string | null;
  readonly passthrough: boolean;
  readonly passthrough_properties: boolean;
  /** Lines of the properties file from `services.hips.md` and `md.hips`, in that order, without the options named above. */
  readonly properties: ReadonlyMap<string, string>;
}

/** Options of upstream requests. */
export interface HttpConfig {
  /** Seconds. */
  readonly client_timeout: number;
  readonly tries: number;
  readonly headers: Readonly<Record<string, string>>;
  /** Most at a time; 0 = no limit. For a source: `concurrent_requests` of the source, else of globals.http. */
  readonly concurrent_requests: number;
  readonly method: 'GET' | 'POST' | 'AUTO';
  readonly ssl_no_cert_checks: boolean;
  /** Absolute path. */
  readonly ssl_ca_certs: string | null;
  readonly manage_cookies: boolean;
}

/** A rectangle of a plane. */
export interface BboxAreaConfig {
  readonly kind: 'bbox';
  readonly bbox: Bbox;
  /** null = the source's own. */
  readonly srs: string | null;
}

/** Polygons or a MOC. */
export interface FileAreaConfig {
  readonly kind: 'file';
  /** Whether `text` is the area itself; else it is the absolute path of a file, or names a database. */
  readonly inline: boolean;
  readonly text: string;
  /** null = the source's own; degrees for GeoJSON. */
  readonly srs: string | null;
  /** Where a filter is asked for, which nothing here can apply. */
  readonly filter: ConfigPath | null;
  readonly path: ConfigPath;
}

/** What is left of several areas. */
export interface CombinedAreaConfig {
  readonly kind: 'union' | 'intersection' | 'difference';
  readonly parts: readonly AreaConfig[];
}

export type AreaConfig = BboxAreaConfig | FileAreaConfig | CombinedAreaConfig;

/** Where a source or a cache has data. */
export interface CoverageConfig {
  readonly area: AreaConfig;
  /** Whether pixels outside are cleared. */
  readonly clip: boolean;
}

type ParsedSource = NonNullable<ParsedConfig['sources']>[string];
type OfType<T extends ParsedSource['type']> = Extract<ParsedSource, { type: T }>;
type Common = Pick<
  OfType<'debug'>,
  'min_res' | 'max_res' | 'min_scale' | 'max_scale' | 'seed_only' | 'body' | 'frame' | 'latitude' | 'lon_offset' | 'lon_direction'
>;
type ImageOptions = Pick<OfType<'debug'>['image'], 'format' | 'transparent' | 'opacity' | 'transparent_color' | 'transparent_color_tolerance'>;

/** What all sources have. */
export interface CommonSourceConfig extends DeepReadonly<Common> {
  readonly name: string;
  readonly coverage: CoverageConfig | null;
  readonly http: HttpConfig;
  readonly image: Readonly<ImageOptions>;
  readonly resampling_method: Resampling;
  readonly path: ConfigPath;
}

/** What sources on the web have besides. */
export interface RemoteSourceConfig extends CommonSourceConfig {
  /** Status code or 'other' -> what is drawn. Colours: red, green, blue, alpha, each 0..255. */
  readonly on_error: DeepReadonly<OfType<'tile'>['on_error']>;
}

export interface ImageSourceConfig extends CommonSourceConfig {
  readonly type: 'image';
  /** Absolute path, or an http(s) address. */
  readonly url: string;
  readonly srs: string;
  /** null = as the picture says. */
  readonly bbox: Bbox | null;
  /** Numbers that are black and white; null = the range in which nearly all lie. */
  readonly range: readonly [number, number] | null;
  /** The number that means "nothing here"; null = what the file says. */
  readonly nodata: number | null;
}

export interface WmsSourceConfig extends RemoteSourceConfig {
  readonly type: 'wms';
  readonly url: string;
  /** Joined by commas; null = only used as `source:layer`. */
  readonly layers: string | null;
  readonly styles: string;
  readonly format: string | null;
  readonly transparent: boolean;
  /** All other parameters of `req`, passed on as they are. */
  readonly params: Readonly<Record<string, string>>;
  /** Parameters of the client that are passed on, as the upstream is to read them. */
  readonly forward_req_params: readonly string[];
  readonly wms_opts: DeepReadonly<OfType<'wms'>['wms_opts']>;
  /** Those that are known; [] = any. */
  readonly supported_srs: readonly string[];
  readonly supported_formats: readonly string[];
  readonly srs_override: string | null;
  readonly axis_order: 'xy' | 'yx' | null;
}

export interface HipsSourceConfig extends CommonSourceConfig {
  readonly type: 'hips';
  /** http(s) address or absolute path, without trailing slash. */
  readonly url: string;
  readonly mirrors: readonly string[];
  readonly cache_hips_tiles: boolean;
  readonly hips_order: number | null;
  readonly hips_tile_width: number | null;
}

export interface DebugSourceConfig extends CommonSourceConfig {
  readonly type: 'debug';
  /** Key of `Config.grids`, or the name of a predefined grid. */
  readonly grid: string;
}

/** Options of a source as they were read, those that all sources have resolved. */
type SourceOfType<T extends ParsedSource['type']> = RemoteSourceConfig & DeepReadonly<Omit<OfType<T>, keyof OfType<'debug'>>> & { readonly type: T };

/** `grid`: key of `Config.grids`, or the name of a predefined grid. */
export type TileSourceConfig = SourceOfType<'tile'> & { readonly grid: string };
export type XyzSourceConfig = SourceOfType<'xyz'> & { readonly grid: string };
export type TmsSourceConfig = SourceOfType<'tms'> & { readonly grid: string };
export type WmtsSourceConfig = SourceOfType<'wmts'>;

export type ArcgisSourceConfig = Omit<SourceOfType<'arcgis'>, 'req'> & {
  readonly url: string;
  readonly layers: string | null;
  readonly transparent: boolean;
  readonly format: string | null;
  readonly dpi: string | null;
  /** All other parameters of `req`, passed on as they are. */
  readonly params: Readonly<Record<string, string>>;
};

/** Options of a source on disk; `filename` is an absolute path. */
type FileSourceOfType<T extends ParsedSource['type']> = CommonSourceConfig & DeepReadonly<Omit<OfType<T>, keyof OfType<'debug'>>> & { readonly type: T };
export type MbtilesSourceConfig = FileSourceOfType<'mbtiles'> & { readonly grid: string };
export type GeopackageSourceConfig = FileSourceOfType<'geopackage'>;

export type OgcapimapsSourceConfig = SourceOfType<'ogcapimaps'>;
export type OgcapitilesSourceConfig = SourceOfType<'ogcapitiles'>;

export type SourceConfig =
  | ImageSourceConfig
  | WmsSourceConfig
  | HipsSourceConfig
  | TileSourceConfig
  | XyzSourceConfig
  | TmsSourceConfig
  | WmtsSourceConfig
  | ArcgisSourceConfig
  | OgcapimapsSourceConfig
  | OgcapitilesSourceConfig
  | MbtilesSourceConfig
  | GeopackageSourceConfig
  | DebugSourceConfig;

/** One grid of a cache, and where its tiles are. */
export interface CacheGridConfig {
  /** Key of `Config.grids`, or the name of a predefined grid. */
  readonly grid: string;
  readonly store: StoreConfig;
  /** Whether `store` is never written. */
  readonly read_only: boolean;
  /** Asked in this order for what `store` does not have; never written. */
  readonly fallback: readonly StoreConfig[];
}

type ParsedStore = NonNullable<ParsedConfig['caches']>[string]['cache'];
type StoreOfType<T extends ParsedStore['type']> = Extract<ParsedStore, { type: T }>;

/** One file per tile. */
export interface FileStoreConfig extends Pick<StoreOfType<'file'>, 'type' | 'directory_layout'> {
  /** Absolute. MapProxy's: {base_dir}/{cache}_{SRS}, {base_dir}/{cache}/{grid}, or `cache.directory`. */
  readonly directory: string;
  readonly permissions: PermissionsConfig;
  readonly link_single_color_images: 'symlink' | 'hardlink' | null;
}

interface SqliteConfig {
  /** Seconds. */
  readonly sqlite_timeout: number;
  /** null = while a file is open. */
  readonly sqlite_wal: boolean | null;
  readonly permissions: PermissionsConfig;
}

/** A SQLite file per level. */
export interface SqliteStoreConfig extends SqliteConfig, Pick<StoreOfType<'sqlite'>, 'type' | 'ttl'> {
  /** Absolute: {directory or base_dir/cache}/{grid}. */
  readonly directory: string;
}

export interface MbtilesStoreConfig extends SqliteConfig, Pick<StoreOfType<'mbtiles'>, 'type' | 'rows'> {
  /** Absolute. */
  readonly filename: string;
}

export interface GeopackageStoreConfig extends SqliteConfig, Pick<StoreOfType<'geopackage'>, 'type' | 'rows' | 'levels'> {
  /** Absolute: the file, or with `levels` the directory of the files. */
  readonly filename: string;
  readonly table_name: string;
  /** Reference system of the grid as the configuration names it. */
  readonly srs: string;
}

export interface RedisStoreConfig extends DeepReadonly<Pick<StoreOfType<'redis'>, 'type' | 'host' | 'port' | 'db' | 'username' | 'password' | 'default_ttl'>> {
  readonly prefix: string;
  /** Absolute. */
  readonly ssl_certfile: string | null;
  readonly ssl_keyfile: string | null;
  readonly ssl_ca_certs: string | null;
}

export interface S3StoreConfig extends DeepReadonly<Pick<StoreOfType<'s3'>, 'type' | 'directory_layout' | 'profile_name' | 'region_name' | 'endpoint_url' | 'access_control_list'>> {
  readonly bucket_name: string;
  /** What keys begin with, without slashes at its ends. */
  readonly directory: string;
}

/** Where the tiles of one grid are; places are absolute. */
export type StoreConfig = FileStoreConfig | SqliteStoreConfig | MbtilesStoreConfig | GeopackageStoreConfig | RedisStoreConfig | S3StoreConfig;

/** `refresh_before`: a local time, when a file changed (absolute path), or so many seconds ago. */
export type RefreshConfig = { readonly time: string } | { readonly mtime: string } | { readonly seconds: number };

/** How pictures of a format are written. */
export interface PictureConfig {
  /** Of JPEG and WebP, 1..100. */
  readonly jpeg_quality: number;
  /** null = as the picture is. */
  readonly mode: 'RGB' | 'RGBA' | 'P' | 'L' | 'I' | null;
  /** Most colours of a PNG; 0 = all. */
  readonly colors: number;
  readonly transparent: boolean;
  readonly quantizer: 'fastoctree' | 'mediancut';
  /** MapProxy's name; null = deflate. */
  readonly tiff_compression: 'raw' | 'tiff_lzw' | 'jpeg' | null;
}

export interface CacheConfig {
  readonly name: string;
  readonly sources: readonly SourceRef[];
  /** As in a layer. */
  readonly undrawn: readonly SourceRef[];
  readonly grids: readonly CacheGridConfig[];
  readonly format: ImageFormat;
  /** `format: mixed`: JPEG for tiles without transparent pixels. `format` is then PNG. */
  readonly mixed: boolean;
  readonly picture: PictureConfig;
  /** Media type asked of the sources. */
  readonly request_format: string;
  readonly resampling_method: Resampling;
  readonly image: Readonly<ImageOptions>;
  readonly meta_size: readonly [number, number];
  readonly meta_buffer: number;
  readonly disable_storage: boolean;
  readonly watermark: DeepReadonly<NonNullable<ParsedConfig['caches']>[string]['watermark']>;
  readonly use_direct_from_level: number | null;
  /** Units of the first grid per pixel. */
  readonly use_direct_from_res: number | null;
  /** Levels; -1 = any number. One of the two is 0. */
  readonly upscale_tiles: number;
  readonly downscale_tiles: number;
  readonly cache_rescaled_tiles: boolean;
  /** null = tiles stay. */
  readonly refresh_before: RefreshConfig | null;
  readonly coverage: CoverageConfig | null;
  readonly path: ConfigPath;
}

/** Modes of what is created; null = the process's. */
export interface PermissionsConfig {
  readonly directory: number | null;
  readonly file: number | null;
}

/** Options of geometry/pyramid/mapproxyGrid.ts, in the names of the YAML; `base` has been followed. */
export interface GridConfig {
  readonly name: string;
  readonly srs: string;
  /** null = the domain of `srs`. */
  readonly bbox: Bbox | null;
  /** null = `srs`. */
  readonly bbox_srs: string | null;
  readonly origin: 'sw' | 'nw';
  readonly tile_size: readonly [number, number];
  /** Cell sizes, or pairs of level name and cell size. */
  readonly res: readonly number[] | readonly (readonly [string, number])[] | null;
  readonly res_factor: number | 'sqrt2';
  readonly num_levels: number | null;
  readonly min_res: number | null;
  readonly max_res: number | null;
  readonly threshold_res: readonly number[] | null;
  readonly stretch_factor: number;
  readonly max_shrink_factor: number;
  readonly align_resolutions_with: string | null;
  readonly path: ConfigPath;
}

type ParsedGlobals = ParsedConfig['globals'];

export interface GlobalsConfig {
  readonly image: DeepReadonly<Pick<ParsedGlobals['image'], 'resampling_method' | 'jpeg_quality' | 'stretch_factor' | 'max_shrink_factor'>>;
  readonly http: HttpConfig & DeepReadonly<Pick<ParsedGlobals['http'], 'access_control_allow_origin'>>;
  readonly cache: {
    /** Absolute. */
    readonly base_dir: string;
    readonly max_tile_limit: number;
    readonly permissions: PermissionsConfig;
  };
  readonly srs: DeepReadonly<Pick<ParsedGlobals['srs'], 'preferred_src_proj' | 'definitions' | 'equidistant_cylindrical'>>;
  /** Hours for which clients may keep a tile. */
  readonly tiles: { readonly expires_hours: number };
}

/** Who may see what. */
export type AuthorizationConfig = NonNullable<Config['server']['authorization']>;
