import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Pixels } from '../../geometry/lattice/types.ts';
import { convertToTiled, readImage, readImageHeader } from './imageFile.ts';
import type { ImageHeader } from './imageFile.ts';
import { georeferenceOfFile, invalidImage, tagsOfFile } from './imageGeoreference.ts';
import { once } from './once.ts';
import type { Picture } from './picture.ts';
import { tiledCopy, versionName } from './tiledCopy.ts';
import type { FileVersion } from './tiledCopy.ts';
import { holdsNumbers } from './tiffTags.ts';

export interface FilePictureOptions {
  /** Where large pictures are converted to, once; made if need be. */
  readonly cacheDir: string;
  /** Pictures up to this size are decoded as a whole at their first use and kept. Default 16 Mpixel = 64 MB. */
  readonly wholeUpToPixels?: Pixels;
}

const DEFAULT_WHOLE_PIXELS: Pixels = 16 * 1024 * 1024;

/**
 * A picture on disk whose channels have 8 bits (16 where PNG has them). Only its header is read; pixels are at the first `read`.
 * @throws GatewayError CONFIG_INVALID, locator 'url', for a file that is missing or no picture
 */
export async function openFilePicture(file: string, { cacheDir, wholeUpToPixels = DEFAULT_WHOLE_PIXELS }: FilePictureOptions): Promise<Picture> {
  const version = await versionOfFile(file);
  const header = await readImageHeader(version.path).catch((cause: unknown) => {
    throw invalidImage(`${version.path} is no picture that can be read; JPEG, PNG, WebP, GIF, TIFF, PDS3, PDS4, ISIS and VICAR can`, 'url', cause);
  });
  const { width, height } = header;
  const isWhole = width * height <= wholeUpToPixels;
  return {
    width, height,
    version: versionName(version),
    modified: version.modified,
    held: isWhole ? 'whole' : 'windows',
    reduced: [],
    georeference: () => georeferenceOfFile(version.path),
    read: isWhole ? wholePicture(version.path) : await windowsOf(version, header, cacheDir),
  };
}

/** @throws GatewayError CONFIG_INVALID, locator 'url' */
export async function versionOfFile(file: string): Promise<FileVersion> {
  const path = resolve(file);
  const found = await stat(path).catch((cause: unknown) => {
    throw invalidImage(`the picture ${path} cannot be read`, 'url', cause);
  });
  if (!found.isFile()) throw invalidImage(`${path} is no file`, 'url');
  return { path, sizeBytes: found.size, modified: found.mtime };
}

/** Whether a file holds numbers that need a range to be shown, rather than colours. */
export async function isFileOfNumbers(file: string): Promise<boolean> {
  const tags = await tagsOfFile(file);
  return tags !== null && holdsNumbers(tags);
}

/** The whole picture in memory, from its first use on. */
function wholePicture(path: string): Picture['read'] {
  const whole = once(() => readImage(path, null));
  return async () => ({ raster: await whole(), left: 0, top: 0 });
}

/** Windows of a picture too large for that: of itself if it is a tiled TIFF, else of a tiled copy made at the first use. */
async function windowsOf(file: FileVersion, header: ImageHeader, cacheDir: string): Promise<Picture['read']> {
  const tags = await tagsOfFile(file.path);
  const path = once(async () => (tags?.tiled === true ? file.path : tiledCopy(file, (to) => convertToTiled(file.path, to, header), cacheDir)));
  return async (rect) => ({ raster: await readImage(await path(), rect), left: rect.left, top: rect.top });
}
