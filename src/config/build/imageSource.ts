import { extname, join } from 'node:path';
import type { Frame } from '../../geometry/frame/frame.ts';
import type { Bbox } from '../../io/source/crsTiling.ts';
import { versionOfFile } from '../../io/source/filePicture.ts';
import { createImageSource } from '../../io/source/image.ts';
import { bboxOfPicture } from '../../io/source/imageGeoreference.ts';
import type { NumberStyle } from '../../io/source/numberStyle.ts';
import { once } from '../../io/source/once.ts';
import { openPicture, tiffModules } from '../../io/source/openPicture.ts';
import type { Picture } from '../../io/source/picture.ts';
import { planetaryFormatOfFile } from '../../io/source/planetaryFormat.ts';
import { remoteCopy } from '../../io/source/remoteCopy.ts';
import { inSharedMemory, type Raster } from '../../raster/raster.ts';
import { isRemote } from '../paths.ts';
import type { ImageSourceConfig } from '../types.ts';
import type { BuildContext } from './context.ts';
import { described } from './documents.ts';
import { fileName, versionOf } from './names.ts';
import { crsOfSource } from './sourceCrs.ts';
import type { BuiltSource } from './sources.ts';
import { clientFor } from './upstream.ts';

/** `type: image`. @throws ConfigError; GatewayError CONFIG_INVALID with the option as its locator */
export async function buildImage(config: ImageSourceConfig, frame: Frame | null, context: BuildContext): Promise<BuiltSource> {
  const crs = crsOfSource(config.srs, config, frame, context);
  const { picture: opened, close } = isRemote(config.url) ? await remotePicture(config, context) : { picture: await localPicture(config.url, config, context), close: async () => {} };
  const picture = opened.held === 'whole' ? decodedOnce(opened, config, context) : opened;
  const bbox: Bbox = config.bbox ?? (await bboxOfPicture(config.url, crs, picture));
  const { store, codec, decodedBytes, report, shared } = context;
  const own = createImageSource({ id: fileName(config.name), picture, crs, bbox, store, codec, decodedCacheBytes: decodedBytes, report });
  const version = versionOf([config, picture.version]);
  const source = picture.held === 'nothing' ? { ...own, ...shared.rasters(`${config.name} ${version}`, own.tiling, { decode: own.decode, own: own.fetch }) } : own;
  return { source, modified: picture.modified, hasResolution: true, version, close };
}

const NEVER = new AbortController().signal;

/** A picture that is decoded as a whole, in memory that all threads read: by the serving thread, when the first of them wants it. */
function decodedOnce(picture: Picture, { name }: ImageSourceConfig, { shared }: BuildContext): Picture {
  const { width, height, version } = picture;
  const decode = once(async () => inSharedMemory((await picture.read({ left: 0, top: 0, width, height })).raster));
  const ask = shared.answers<null, Raster>(`${name} ${version} decoded`, () => decode());
  const known = once(() => ask(null, NEVER));
  return { ...picture, read: async () => ({ raster: await known(), left: 0, top: 0 }) };
}

async function localPicture(file: string, config: ImageSourceConfig, { loaded, shared }: BuildContext): Promise<Picture> {
  const cacheDir = loaded.config.globals.cache.base_dir;
  const isPlanetary = (await planetaryFormatOfFile(file)) !== null;
  const path = isPlanetary ? await shared.value(`${config.name} as TIFF`, () => copyOf(file, cacheDir)) : file;
  return openPicture(path, { cacheDir, style: styleOf(config) });
}

async function copyOf(file: string, cacheDir: string): Promise<string> {
  const { planetaryCopy } = await import('../../io/source/planetaryCopy.ts');
  return planetaryCopy(await versionOfFile(file), cacheDir);
}

function styleOf({ range, nodata }: ImageSourceConfig): NumberStyle {
  return { range, noData: nodata };
}

interface Opened {
  readonly picture: Picture;
  readonly close: () => Promise<void>;
}

/** A TIFF is read by ranges, window by window; any other picture is fetched once and read from disk. */
async function remotePicture(config: ImageSourceConfig, context: BuildContext): Promise<Opened> {
  const { url } = config;
  const http = clientFor(config, context);
  const close = (): Promise<void> => http.close();
  if (!/^\.tiff?$/i.test(extname(new URL(url).pathname))) {
    const directory = join(context.loaded.config.globals.cache.base_dir, 'fetched');
    const path = await described(config, { http, option: 'url', wish: [url] }, (documents) => documents.find(url, () => remoteCopy(url, http, directory)), context);
    return { picture: await localPicture(path, config, context), close };
  }
  const { openRemoteTiff, tiffPicture } = await tiffModules();
  const open = once(() => openRemoteTiff(url, http));
  const info = await described(config, { http, option: 'url', wish: [url] }, (documents) => documents.find(url, async () => (await open()).info), context);
  const style = styleOf(config);
  const version = `${versionOf([url])}-${versionOf([info, style])}`;
  const modified = info.modified === null ? context.loaded.modified : new Date(info.modified);
  return { picture: tiffPicture({ info, style, version, modified, held: 'nothing', open }), close };
}
