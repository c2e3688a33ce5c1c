import { createHash, randomUUID } from 'node:crypto';
import { access, mkdir, readdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';

/** A file as its maker left it: a changed one is another one. */
export interface FileVersion {
  readonly path: string;
  readonly sizeBytes: number;
  readonly modified: Date;
}

/** Names a version of a file in caches: digest of the path, digest of size and time. */
export function versionName({ path, sizeBytes, modified }: FileVersion): string {
  return `${digest(path)}-${digest(`${sizeBytes} ${modified.getTime()}`)}`;
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 12);
}

/** Ends the names of copies being written. */
const UNFINISHED = '~';
/** An unfinished copy of this age is what a crash left. */
const ABANDONED_MS = 3_600_000;

/**
 * Path of the tiled copy of a picture in `directory`, made now unless it is there. A copy appears as a whole (rename); copies of
 * older versions of the same file are removed.
 * @param write makes the copy at a path
 */
export async function tiledCopy(file: FileVersion, write: (to: string) => Promise<void>, directory: string): Promise<string> {
  const copy = join(directory, `${versionName(file)}.tif`);
  if (await isThere(copy)) return copy;
  await mkdir(directory, { recursive: true });
  const unfinished = `${copy}.${randomUUID()}${UNFINISHED}`;
  try {
    await write(unfinished);
    await rename(unfinished, copy);
  } finally {
    await rm(unfinished, { force: true });
  }
  await removeOlder(directory, digest(file.path), copy);
  return copy;
}

async function isThere(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

async function removeOlder(directory: string, prefix: string, keep: string): Promise<void> {
  for (const name of await readdir(directory)) {
    const path = join(directory, name);
    if (!name.startsWith(`${prefix}-`) || path === keep) continue;
    const busy = name.endsWith(UNFINISHED) && Date.now() - (await writtenAt(path)) < ABANDONED_MS;
    if (!busy) await rm(path, { force: true });
  }
}

/** Time of the last write, milliseconds since 1970; 0 when the file has just gone. */
async function writtenAt(path: string): Promise<number> {
  return stat(path).then(
    (s) => s.mtimeMs,
    () => 0,
  );
}
