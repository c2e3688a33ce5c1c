import { GatewayError } from '../../errors.ts';
import { isFileOfNumbers, openFilePicture, versionOfFile, type FilePictureOptions } from './filePicture.ts';
import type { Picture } from './picture.ts';
import { versionName } from './tiledCopy.ts';
import { styleName, type NumberStyle } from './numberStyle.ts';

export interface OpenPictureOptions extends FilePictureOptions {
  /** How numbers are shown, where it holds numbers. */
  readonly style: NumberStyle;
}

/**
 * A picture on disk: JPEG, PNG, WebP, GIF, or a TIFF of any depth. Only its header is read.
 * @throws GatewayError CONFIG_INVALID, locator 'url', for a file that is missing or no picture
 */
export async function openPicture(file: string, { style, ...options }: OpenPictureOptions): Promise<Picture> {
  const found = await versionOfFile(file);
  if (!(await isFileOfNumbers(found.path))) return openFilePicture(found.path, options);
  const { openTiffFile, tiffPicture } = await tiffModules();
  const reader = await openTiffFile(found.path).catch((cause: unknown) => {
    throw new GatewayError('CONFIG_INVALID', cause instanceof Error ? cause.message : String(cause), { locator: 'url', cause });
  });
  const version = `${versionName(found)}-${styleName(style)}`;
  return tiffPicture({ info: reader.info, style, version, modified: found.modified, held: 'windows', open: async () => reader });
}

/** Loaded when they are wanted: the library costs time at the start. */
export async function tiffModules() {
  return { ...(await import('./tiffReader.ts')), ...(await import('./tiffPicture.ts')) };
}
