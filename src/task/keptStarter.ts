import { access, constants, mkdir, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { plainName } from './init/starter.ts';
import { starterFor, type InitOptions } from './init.ts';

/** Where tiles are kept, in the working directory; in the system's temporary one where that cannot be written to. */
const FOLDER = 'cache_data';

/**
 * A starter configuration in the folder of the tiles, for serving without one of one's own. It is written anew only where it says
 * something else, since maps are as old as their configuration.
 * @throws as starterFor does
 */
export async function keptStarter(location: string, options: InitOptions): Promise<{ readonly file: string; readonly layers: number }> {
  const directory = await usableFolder();
  const { yaml, layers } = await starterFor(location, options, { directory, baseDir: '.' });
  const file = path.join(directory, `${plainName(location)}.yaml`);
  const before = await readFile(file, 'utf8').catch(() => null);
  if (before !== yaml) await writeFile(file, yaml);
  return { file, layers };
}

async function usableFolder(): Promise<string> {
  const [first, second] = [path.resolve(FOLDER), path.join(tmpdir(), 'hips-gateway', FOLDER)];
  const isUsable = await mkdir(first, { recursive: true }).then(() => access(first, constants.W_OK)).then(() => true, () => false);
  if (!isUsable) await mkdir(second, { recursive: true });
  return isUsable ? first : second;
}
