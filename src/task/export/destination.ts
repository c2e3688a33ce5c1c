import { readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { GatewayError } from '../../errors.ts';

/** What to do with a destination that is there. */
export type Existing = 'refuse' | 'resume' | 'overwrite';

/** A destination that may be written to. */
export interface Destination {
  /** Whether tiles that are there count as done. */
  readonly skip: boolean;
  /** Says that all is there. */
  finished(): Promise<void>;
}

/** Beside a destination as long as it is not complete: which export it is. */
const UNFINISHED = '.unfinished.json';

/**
 * Makes sure that nothing of somebody else's is written into: a destination must be new, an unfinished export of the very same, or given up by
 * the caller. 'overwrite' removes a file; of a folder the tiles are replaced one by one and nothing else is touched.
 * @throws GatewayError CONFIG_INVALID
 */
export async function prepareDestination(dest: string, identity: unknown, existing: Existing): Promise<Destination> {
  const file = path.resolve(dest);
  const marker = `${file}${UNFINISHED}`;
  const wanted = `${JSON.stringify(identity)}\n`;
  const unfinished = await readFile(marker, 'utf8').catch(() => null);
  const kind = await kindOf(file);
  if (kind !== 'nothing' && existing === 'refuse' && unfinished !== wanted) {
    throw new GatewayError('CONFIG_INVALID', unfinished === null
      ? `'${dest}' is there already: --resume adds what is missing in it, --force makes all of it anew`
      : `'${dest}' is an unfinished export of something else or of an older state: --resume goes on with it all the same, --force makes all of it anew`);
  }
  if (kind === 'file' && existing === 'overwrite') await rm(file);
  await writeFile(marker, wanted).catch((cause: unknown) => {
    throw new GatewayError('CONFIG_INVALID', `'${path.dirname(file)}' cannot be written to`, { cause });
  });
  return { skip: existing !== 'overwrite', finished: () => rm(marker, { force: true }) };
}

async function kindOf(file: string): Promise<'nothing' | 'file' | 'folder'> {
  const found = await stat(file).catch(() => null);
  if (found === null) return 'nothing';
  if (!found.isDirectory()) return 'file';
  return (await readdir(file)).length === 0 ? 'nothing' : 'folder';
}
