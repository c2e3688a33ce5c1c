import { open, readFile } from 'node:fs/promises';
import { extname } from 'node:path';
import { GatewayError } from '../../errors.ts';
import type { Crs } from '../../geometry/crs/types.ts';
import type { Bbox } from './crsTiling.ts';
import { bboxOfGeoreference, georeferenceOfTags, parseWorldFile } from './georeference.ts';
import type { Georeference } from './georeference.ts';
import type { ImageHeader } from './imageFile.ts';
import { readTiffTags } from './tiffTags.ts';
import type { TiffTags } from './tiffTags.ts';

/** The tags of a TIFF; null for other files. @throws GatewayError CONFIG_INVALID when its samples are not 8-bit numbers */
export async function tagsOfFile(path: string): Promise<TiffTags | null> {
  if (!/^\.tiff?$/i.test(extname(path))) return null;
  const file = await open(path);
  try {
    const tags = await readTiffTags(async (offset, length) => {
      const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, offset);
      return buffer.subarray(0, bytesRead);
    });
    const bits = Math.max(...tags.bitsPerSample);
    if (bits > 8 || tags.sampleFormat !== 1) throw new Error(`it has ${bits}-bit samples of format ${tags.sampleFormat}, only 8-bit unsigned ones are read`);
    return tags;
  } catch (cause) {
    throw invalidImage(`${path}: ${messageOf(cause)}`, 'url', cause);
  } finally {
    await file.close();
  }
}

/**
 * The outer edges of a picture, from its GeoTIFF tags or the world file beside it.
 * @throws GatewayError CONFIG_INVALID, locator 'bbox', where there is neither or where it lies askew
 */
export async function bboxOfFile(path: string, crs: Crs, { width, height }: ImageHeader, tags: TiffTags | null): Promise<Bbox> {
  try {
    const found = (tags === null ? null : georeferenceOfTags(tags)) ?? (await worldFileOf(path));
    if (found !== null) return bboxOfGeoreference(found, crs, width, height);
  } catch (cause) {
    throw invalidImage(`${path}: ${messageOf(cause)}`, 'bbox', cause);
  }
  throw invalidImage(`nothing says where ${path} lies: give bbox, or a world file beside it (${worldFileNames(path).join(', ')})`, 'bbox');
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
