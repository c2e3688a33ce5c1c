import type { ImageFormat } from '../../raster/format.ts';
import type { Coverage } from '../coverage.ts';
import type { TileWork } from '../work.ts';

/** MapProxy's arrangements of tile files, and the others. */
export const EXPORT_TYPES = ['hips', 'mbtiles', 'geopackage', 'sqlite', 'tc', 'mp', 'tms', 'reverse_tms', 'quadkey', 'arcgis'] as const;
export type ExportType = (typeof EXPORT_TYPES)[number];

/** What is wanted of an export. */
export interface ExportWish {
  readonly layer: string;
  readonly type: ExportType;
  /** File or folder that is written. */
  readonly dest: string;
  /** null = the first of the layer; not for a HiPS. */
  readonly grid: string | null;
  /** Orders of a HiPS, places of levels in a grid, ascending; null = all orders. */
  readonly levels: readonly number[] | null;
  /** null = that of the layer. */
  readonly format: ImageFormat | null;
  /** null = all. */
  readonly coverage: Coverage | null;
  /** Address under which a HiPS is going to be published; null = not said. */
  readonly url: string | null;
}

/** An export, all questions about it settled. */
export interface ExportPlan {
  /** What decides whether tiles that are there belong to it; plain data. */
  readonly identity: Readonly<Record<string, unknown>>;
  /** Tiles of each order or level. */
  readonly levels: readonly { readonly level: number; readonly tiles: number }[];
  tiles(): Iterable<TileWork>;
  /** Everything beside the tiles, once they are there. */
  finish(signal: AbortSignal): Promise<void>;
  /** Brings what was written to the disk. */
  close(): Promise<void>;
}
