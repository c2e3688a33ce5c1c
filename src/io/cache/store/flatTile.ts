import { link, readFile, stat, symlink } from 'node:fs/promises';
import path from 'node:path';

/** MapProxy's folder of the files that tiles of one colour share, below the cache's own. */
export const FLAT_FOLDER = 'single_color_tiles';

/** `link_single_color_images`: tiles of one colour are links to one file. */
export interface FlatTiles {
  /** The colour of a picture that has only one, as a file name: 'fe0004'; else null. */
  colourOf(bytes: Uint8Array): Promise<string | null>;
  readonly link: 'symlink' | 'hardlink';
}

/** A tile of one colour and the file that all tiles of that colour share. */
interface FlatTile {
  readonly path: string;
  readonly shared: string;
  readonly colour: string;
}

/** What the file store does for links: write a whole file; put what `make` makes at a name of its own in the place of the tile. */
interface Writer {
  write(path: string): Promise<void>;
  put(make: (unfinished: string) => Promise<void>): Promise<void>;
}

/**
 * A hard link has no time of its own: once the shared file is older, further tiles get a fresh one, or they would look as old
 * as the first and be made again at every request (as MapProxy makes them when `refresh_before` is set).
 */
const OLDEST_SHARED_MS = 3_600_000;

/** Makes a tile a link to the shared file of its colour, which is written where it is missing or shows something else. */
export async function linkFlatTile(tile: FlatTile, flat: FlatTiles, { write, put }: Writer, bytes: Uint8Array): Promise<void> {
  if (!(await isGood(tile, flat, bytes))) await write(tile.shared);
  if (flat.link === 'symlink') return put((unfinished) => symlink(path.relative(path.dirname(tile.path), tile.shared), unfinished));
  if (await isSameFile(tile)) return;
  await put((unfinished) => linkTo(tile.shared, unfinished, write));
}

/** The shared file may be MapProxy's, damaged, or of another picture: then all tiles of the colour would show that. */
async function isGood({ shared, colour }: FlatTile, flat: FlatTiles, bytes: Uint8Array): Promise<boolean> {
  const there = await stat(shared).catch(() => null);
  if (there === null || (flat.link === 'hardlink' && Date.now() - there.mtimeMs > OLDEST_SHARED_MS)) return false;
  const known = await readFile(shared).catch(() => null);
  if (known === null) return false;
  return known.equals(bytes) || (await flat.colourOf(known).catch(() => null)) === colour;
}

/** Renaming one of two names of a file to the other leaves both. */
async function isSameFile({ path: own, shared }: FlatTile): Promise<boolean> {
  const [a, b] = await Promise.all([stat(own).catch(() => null), stat(shared)]);
  return a !== null && a.ino === b.ino && a.dev === b.dev;
}

/** File systems allow so many names per file (ext4: 65000); then the next file begins. */
async function linkTo(shared: string, unfinished: string, write: Writer['write']): Promise<void> {
  try {
    await link(shared, unfinished);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EMLINK')) throw error;
    await write(shared);
    await link(shared, unfinished);
  }
}
