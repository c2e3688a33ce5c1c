import { MAP_FORMATS, type MapFormat } from '../../raster/format.ts';
import type { ParsedConfig } from '../schema/config.ts';
import { mapFormatNamed } from '../schema/mapFormat.ts';
import type { PictureConfig } from '../types.ts';
import type { Context } from './shared.ts';

type ParsedImage = ParsedConfig['caches'][string]['image'];
type SourceImage = Pick<ParsedConfig['sources'][string]['image'], 'mode' | 'colors' | 'transparent'>;

/**
 * How pictures of a format are written, in MapProxy's order: what is said for them, else for the format, else for all PNG, else for what
 * they are drawn from.
 * @param name of the format, as written
 */
export function resolvePicture(name: string, own: ParsedImage | null, sources: readonly SourceImage[], { parsed }: Context): PictureConfig {
  const { formats, jpeg_quality, paletted } = parsed.globals.image;
  const format = Object.hasOwn(formats, name) ? formats[name]! : null;
  const encoding = own?.encoding_options ?? format?.encoding_options ?? null;
  const mode = own?.mode ?? format?.mode ?? richest(sources);
  const isPng = ['image/png', undefined].includes(mapFormatNamed(format?.format ?? name)) // tiles of `mixed` too;
  return {
    mode,
    jpeg_quality: encoding?.jpeg_quality ?? jpeg_quality,
    colors: own?.colors ?? format?.colors ?? (paletted && isPng ? 256 : null) ?? mostColours(sources) ?? (mode === 'P' ? 256 : 0),
    transparent: own?.transparent ?? format?.transparent ?? sources.every(({ transparent }) => transparent !== false),
    quantizer: encoding?.quantizer ?? 'fastoctree',
    tiff_compression: encoding?.tiff_compression ?? null,
  };
}

/** Formats of maps that a service lists, by media types or the names of `globals.image.formats`. */
export interface ListedFormats {
  /** Those that are written here, each once. */
  readonly image_formats: readonly MapFormat[];
  /** How each is written: as the last name for it says. */
  readonly pictures: ReadonlyMap<MapFormat, PictureConfig>;
}

export function resolveListedFormats(names: readonly string[], context: Context): ListedFormats {
  const { formats } = context.parsed.globals.image;
  const listed = names.flatMap((name): readonly (readonly [MapFormat, string])[] => {
    const format = mapFormatNamed((Object.hasOwn(formats, name) ? formats[name]!.format : null) ?? name);
    return format === undefined ? [] : [[format, name]];
  });
  const named = [...MAP_FORMATS.map((format) => [format, format] as const), ...listed];
  return {
    image_formats: [...new Set(listed.map(([format]) => format))],
    pictures: new Map(named.map(([format, name]) => [format, resolvePicture(name, null, [], context)])),
  };
}

/** MapProxy's order: I < L < P < RGB < RGBA. */
function richest(sources: readonly SourceImage[]): PictureConfig['mode'] {
  return sources.map(({ mode }) => mode).filter((mode) => mode !== null).toSorted().at(-1) ?? null;
}

/** 0 = all of them. */
function mostColours(sources: readonly SourceImage[]): number | null {
  const said = sources.map(({ colors }) => colors).filter((colors) => colors !== null);
  if (said.length === 0) return null;
  return said.includes(0) ? 0 : Math.max(...said);
}
