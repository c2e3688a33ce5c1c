import { rename, rm } from 'node:fs/promises';
import { basename, dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parentPort, workerData } from 'node:worker_threads';

/**
 * A thread of its own for GDAL, which is WebAssembly of 28 MB, works in one go, and gives its memory back only by ending: writes a
 * picture as a tiled TIFF, whatever its numbers are, and says so. Whoever started it ends it.
 */

export interface GdalJob {
  readonly from: string;
  /** Must not be there; its folder must. */
  readonly to: string;
}

/** null = done; else what went wrong. */
export type GdalReply = { readonly code: 'absent' | 'failed'; readonly message: string } | null;

/** What is used of gdal3.js. */
interface Gdal {
  open(path: string): Promise<{ readonly datasets: readonly object[]; readonly errors: readonly unknown[] }>;
  getInfo(dataset: object): Promise<{ readonly width: number; readonly height: number }>;
  gdal_translate(dataset: object, options: readonly string[], name: string): Promise<{ readonly all: readonly { readonly real: string }[] }>;
}

const TIFF = ['-of', 'GTiff', '-mask', 'none', '-co', 'TILED=YES', '-co', 'BIGTIFF=YES'];
const BLOCK = 512;

/** Blocks no larger than the picture, in whole sixteens, as TIFF wants them: libvips refuses blocks many times as large. */
function blocksOf({ width, height }: { readonly width: number; readonly height: number }): readonly string[] {
  const [x, y] = [width, height].map((side) => Math.min(BLOCK, Math.ceil(side / 16) * 16));
  return ['-co', `BLOCKXSIZE=${x}`, '-co', `BLOCKYSIZE=${y}`];
}

async function convert({ from, to }: GdalJob): Promise<GdalReply> {
  const said: string[] = [];
  const gdal = await load(dirname(to), (message) => said.push(message));
  if (gdal === null) return { code: 'absent', message: '' };
  try {
    const { datasets } = await gdal.open(from);
    const [picture] = datasets;
    if (picture === undefined) return { code: 'failed', message: said.join('; ') || 'GDAL does not know it' };
    const name = basename(to).replace(/\W/g, '_');
    const { all } = await gdal.gdal_translate(picture, [...TIFF, ...blocksOf(await gdal.getInfo(picture))], name);
    await rename(join(dirname(to), `${name}.tif`), to);
    await Promise.all(all.map(({ real }) => rm(real, { force: true }))); // what GDAL writes beside it
    await rm(join(dirname(to), `${name}.tif.aux.xml`), { force: true });
    return null;
  } catch (error) {
    const text = error instanceof Error ? error.message : JSON.stringify(error);
    return { code: 'failed', message: [...said, text].join('; ') };
  }
}

/** null where the optional package is not installed. */
async function load(dest: string, errorHandler: (message: string) => void): Promise<Gdal | null> {
  let home: string;
  try {
    home = dirname(fileURLToPath(import.meta.resolve('gdal3.js/node.js')));
  } catch {
    return null;
  }
  const { default: start } = await import('gdal3.js/node.js');
  const path = relative(process.cwd(), join(home, 'dist/package'));
  return start({ path, dest, logHandler: () => {}, errorHandler }) as Promise<Gdal>;
}

parentPort?.postMessage(await convert(workerData as GdalJob));
