import type { MapFormat } from '../../raster/format.ts';
import { formatNamed } from './values.ts';

/** The format of a map that a configuration means: those of tiles, 'image/avif', 'image/tiff', 'image/GeoTIFF'; undefined when it is not written here. */
export function mapFormatNamed(name: string): MapFormat | undefined {
  const type = name.replace(/;.*$/, '').trim().toLowerCase();
  if (/^(?:image\/)?avif$/.test(type)) return 'image/avif';
  return /^(?:image\/)?(?:geo)?tiff?$/.test(type) ? 'image/tiff' : formatNamed(name);
}
