import type { ParsedConfig } from '../schema/config.ts';
import { formatNamed } from '../schema/values.ts';
import type { PictureConfig } from '../types.ts';
import type { Context } from './shared.ts';

type ParsedImage = ParsedConfig['caches'][string]['image'];
type SourceImage = Pick<ParsedConfig['sources'][string]['image'], 'mode' | 'colors'>;

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
  const isPng = ['image/png', undefined].includes(formatNamed(format?.format ?? name));
  return {
    mode,
    jpeg_quality: encoding?.jpeg_quality ?? jpeg_quality,
    colors: own?.colors ?? format?.colors ?? (paletted && isPng ? 256 : null) ?? mostColours(sources) ?? (mode === 'P' ? 256 : 0),
    transparent: own?.transparent ?? format?.transparent ?? true,
    quantizer: encoding?.quantizer ?? 'fastoctree',
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
