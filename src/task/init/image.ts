import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, extname, join } from 'node:path';
import { GatewayError } from '../../errors.ts';
import { bodyOfName } from '../../geometry/crs/bodyTable.ts';
import type { Crs } from '../../geometry/crs/types.ts';
import { srsOfGeoKeys } from '../../geometry/crs/readGeoKeys.ts';
import { bodyFrame } from '../../geometry/frame/frame.ts';
import type { CrsRegistry } from '../../geometry/crs/registry.ts';
import { versionOfFile } from '../../io/source/filePicture.ts';
import { readImageHeader } from '../../io/source/imageFile.ts';
import { bboxOfPicture, georeferenceOfFile, tagsOfFile } from '../../io/source/imageGeoreference.ts';
import { planetaryCopy } from '../../io/source/planetaryCopy.ts';
import { planetaryFormatOfFile } from '../../io/source/planetaryFormat.ts';
import type { TiffTags } from '../../io/source/tiffTags.ts';
import { plainName, type InitOptions, type Starter } from './starter.ts';

/**
 * A picture on this machine. Without GeoTIFF tags or a world file it must be twice as wide as high: then it is a whole body in degrees.
 * @param file where it lies now
 * @param url how the configuration is to name it
 * @throws GatewayError CONFIG_INVALID where nothing says what it shows
 */
export async function imageStarter(file: string, url: string, registry: CrsRegistry, options: InitOptions): Promise<Starter> {
  if ((await planetaryFormatOfFile(file)) === null) return starterOf(file, file, url, registry, options);
  const folder = await mkdtemp(join(tmpdir(), 'hips-gateway-'));
  try {
    return await starterOf(await planetaryCopy(await versionOfFile(file), folder), file, url, registry, options);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** @param readable the picture itself, or a copy of it that can be read */
async function starterOf(readable: string, file: string, url: string, registry: CrsRegistry, options: InitOptions): Promise<Starter> {
  const header = await readImageHeader(readable).catch((cause: unknown) => {
    throw new GatewayError('CONFIG_INVALID', `${file} is no picture that can be read; JPEG, PNG, WebP, GIF, TIFF, PDS3, PDS4, ISIS and VICAR can`, { cause });
  });
  const tags = await tagsOfFile(readable);
  const crs = registry.crsOf(options.srs ?? srsOf(tags, options.body, registry) ?? noSrs(file));
  const isPlaced = await bboxOfPicture(file, crs, { ...header, georeference: () => georeferenceOfFile(readable) }).then(() => true, () => false);
  if (!isPlaced && !(crs.poleLines && header.width === 2 * header.height)) {
    throw new GatewayError('CONFIG_INVALID', `nothing says where ${file} lies: it has no GeoTIFF tags, no world file beside it, and is not twice as wide as high`);
  }
  const name = plainName(basename(file, extname(file)));
  return {
    title: '',
    layers: [{
      name,
      title: basename(file, extname(file)),
      abstract: '',
      frame: crs.frame,
      source: { type: 'image', url, srs: crs.id, ...(isPlaced ? {} : { bbox: worldOf(crs) }) },
      remarks: [`${header.width} x ${header.height} pixels${isPlaced ? '; where it lies is told by its tags or the world file beside it' : ': taken for the whole body'}`],
      hips: {},
    }],
    leftOut: [],
  };
}

function worldOf({ extent }: Crs): readonly number[] {
  return [...extent];
}

/** What the tags say; where they speak of another body than the operator, they mean degrees of his. */
function srsOf(tags: TiffTags | null, body: string | null, registry: CrsRegistry): string | null {
  const told = tags === null ? null : srsOfGeoKeys(tags.geoKeys);
  const isOther = body !== null && told !== null && registry.crsOf(told).frame.id !== bodyFrame(body).id;
  return told === null || isOther ? srsOfBody(body) : told;
}

/** Degrees of a body. */
function srsOfBody(body: string | null): string | null {
  const known = body === null ? null : bodyOfName(body);
  if (known === null) return null;
  return known.name === 'Earth' ? 'EPSG:4326' : `IAU_2015:${known.naif * 100}`;
}

function noSrs(file: string): never {
  throw new GatewayError('CONFIG_INVALID', `nothing says which body ${file} shows: give --body moon, or --srs with its reference system`);
}
