import { open, readFile } from 'node:fs/promises';
import { extname } from 'node:path';
import { GatewayError } from '../../errors.ts';
import type { Crs } from '../../geometry/crs/types.ts';
import type { Bbox } from './crsTiling.ts';
import { bboxOfGeoreference, georeferenceOfTags, parseWorldFile } from './georeference.ts';
import type { Georeference } from './georeference.ts';
import type { Picture } from './picture.ts';
import { readTiffTags } from './tiffTags.ts';
import type { TiffTags } from './tiffTags.ts';

/** The tags of a TIFF; null for other files. @throws GatewayError CONFIG_INVALID when it is called one and is none */
export async function tagsOfFile(path: string): Promise<TiffTags | null> {
  if (!/^\.tiff?$/i.test(extname(path))) return null;
  const file = await open(path);
  try {
    return await readTiffTags(async (offset, length) => {
      const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, offset);
      return buffer.subarray(0, bytesRead);
    });
  } catch (cause) {
    throw invalidImage(`${path}: ${messageOf(cause)}`, 'url', cause);
  } finally {
    await file.close();
  }
}

/**
 * The outer edges of a picture, as it says.
 * @param name of it, for messages
 * @throws GatewayError CONFIG_INVALID, locator 'bbox', where it says nothing or lies askew
 */
export async function bboxOfPicture(name: string, crs: Crs, { width, height, georeference }: Pick<Picture, 'width' | 'height' | 'georeference'>): Promise<Bbox> {
  const found = await georeference().catch((cause: unknown) => {
    throw invalidImage(`${name}: ${messageOf(cause)}`, 'bbox', cause);
  });
  if (found !== null) return bboxOfGeoreference(found, crs, width, height);
  throw invalidImage(`nothing says where ${name} lies: give bbox, or a world file beside it (${worldFileNames(name).join(', ')})`, 'bbox');
}

/** From the GeoTIFF tags of a file, else from the world file beside it; null where there is neither. @throws Error */
export async function georeferenceOfFile(path: string): Promise<Georeference | null> {
  const tags = await tagsOfFile(path);
  return (tags === null ? null : georeferenceOfTags(tags)) ?? worldFileOf(path);
}

/** The names that a world file may have: first and last letter of the extension + w, the extension + w, wld. */
function worldFileNames(path: string): readonly string[] {
  const extension = extname(path);
  const stem = path.slice(0, path.length - extension.length);
  const letters = extension.slice(1);
  return [`${stem}.${letters[0] ?? ''}${letters.at(-1) ?? ''}w`, `${stem}.${letters}w`, `${stem}.wld`];
}

async function worldFileOf(path: string): Promise<Georeference | null> {
  for (const name of worldFileNames(path)) {
    const text = await readFile(name, 'utf8').catch(() => null);
    if (text !== null) return parseWorldFile(text);
  }
  return null;
}

/** CONFIG_INVALID about a picture. */
export function invalidImage(message: string, locator: 'url' | 'bbox', cause?: unknown): GatewayError {
  return new GatewayError('CONFIG_INVALID', message, { locator, cause });
}

function messageOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}
