/** Names one stored thing. Each part may hold letters, digits, '.', '_', '-' and, in `tile`, '/' between non-empty parts. */
export interface TileKey {
  /** Name of the cache: a layer, a cache or a source of the configuration. */
  readonly cache: string;
  /** Path of the tile inside it: 'Norder3/Dir0/Npix271', '2/0/1'. */
  readonly tile: string;
  /** File extension without the dot. */
  readonly extension: string;
}

export interface StoredTile {
  readonly bytes: Uint8Array;
  readonly modified: Date;
}

/**
 * Where encoded tiles are kept. A tile is there as a whole or not at all: put is atomic, a crash leaves the old one.
 * An empty tile (0 bytes) is a stored "there is nothing here".
 */
export interface TileStore {
  get(key: TileKey): Promise<StoredTile | undefined>;
  put(key: TileKey, bytes: Uint8Array): Promise<void>;
  delete(key: TileKey): Promise<void>;
  close(): Promise<void>;
}
