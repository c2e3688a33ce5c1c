import { randomUUID } from 'node:crypto';
import { closeSync, fstatSync, lstatSync, openSync, readSync } from 'node:fs';
import { chmod, open, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pathOfKey } from '../keyPath.ts';
import type { StoredTile, TileKey, TileStore } from '../types.ts';
import { FLAT_FOLDER, linkFlatTile, type FlatTiles } from './flatTile.ts';
import { makeFolder, PERMISSIONS_OF_PROCESS, type Permissions } from './folder.ts';

/** Ends the names of files being written. No key may hold it, so what a crash leaves behind is never read as a tile. */
const UNFINISHED = '~';

export interface FileStoreOptions {
  /** Where a key lies below the root; throws for keys that are none. Default: cache/tile.extension. */
  readonly pathOf?: (key: TileKey) => string;
  readonly permissions?: Permissions;
  /** Tiles of one colour share a file; null = each tile is its own. */
  readonly flat?: FlatTiles | null;
}

/**
 * One file per tile below `root`, which is made when the first tile is put. Any number of processes may share it: a tile is
 * written beside its place, brought to the disk, then renamed.
 */
export function createFileStore(root: string, { pathOf = pathOfKey, permissions = PERMISSIONS_OF_PROCESS, flat = null }: FileStoreOptions = {}): TileStore {
  const place = (key: TileKey): string => join(root, pathOf(key));
  return {
    get: async (key) => readWhole(place(key)),
    async put(key, bytes) {
      const path = place(key);
      const write = (to: string): Promise<void> => writeWhole(to, bytes, permissions);
      const colour = flat === null ? null : await flat.colourOf(bytes);
      if (flat === null || colour === null) return write(path);
      const shared = join(root, FLAT_FOLDER, `${colour}.${key.extension}`);
      await linkFlatTile({ path, shared, colour }, flat, { write, put: (make) => replaceBy(path, permissions, make) }, bytes);
    },
    delete: async (key) => rm(place(key), { force: true }),
    close: async () => {},
  };
}

/** Synchronous on purpose: a tile from the page cache takes 23 us this way and eight times as long through the thread pool. */
function readWhole(path: string): StoredTile | undefined {
  const own = lstatSync(path, { throwIfNoEntry: false });
  const file = own === undefined ? undefined : openIfThere(path);
  if (own === undefined || file === undefined) return undefined;
  try {
    const { size, mtime } = fstatSync(file);
    const bytes = Buffer.allocUnsafeSlow(size);
    for (let done = 0; done < size; ) {
      const read = readSync(file, bytes, done, size - done, done);
      if (read === 0) throw new Error(`${path} was cut short while being read`);
      done += read;
    }
    // A linked tile is as old as its link: the file behind it may have been there for years.
    return { bytes, modified: own.isSymbolicLink() ? own.mtime : mtime };
  } finally {
    closeSync(file);
  }
}

function openIfThere(path: string): number | undefined {
  try {
    return openSync(path, 'r');
  } catch (error) {
    if (isCode(error, 'ENOENT') || isCode(error, 'ENOTDIR')) return undefined;
    throw error;
  }
}

async function writeWhole(path: string, bytes: Uint8Array, permissions: Permissions): Promise<void> {
  await replaceBy(path, permissions, async (unfinished) => {
    await writeNew(unfinished, bytes);
    if (permissions.file !== null) await chmod(unfinished, permissions.file);
  });
}

/** Puts what `make` makes at a name of its own in the place of `path`, in one step; folders are made where they are missing. */
async function replaceBy(path: string, permissions: Permissions, make: (unfinished: string) => Promise<void>): Promise<void> {
  const unfinished = `${path}.${randomUUID()}${UNFINISHED}`;
  try {
    await make(unfinished).catch(async (error: unknown) => {
      if (!isCode(error, 'ENOENT')) throw error;
      await makeFolder(dirname(path), permissions.directory);
      await make(unfinished);
    });
    await rename(unfinished, path);
  } catch (error) {
    await rm(unfinished, { force: true });
    throw error;
  }
}

/** Data on the disk before the rename: else a power cut may leave an empty file, which means "nothing here". */
async function writeNew(path: string, bytes: Uint8Array): Promise<void> {
  const file = await open(path, 'wx');
  try {
    await file.writeFile(bytes);
    await file.datasync();
  } finally {
    await file.close();
  }
}

function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}
