import type { MapFormat } from '../../raster/format.ts';
import { formatNamed } from './values.ts';

/** The format of a map that a configuration means: those of tiles, 'image/tiff', 'image/GeoTIFF'; undefined when it is not written here. */
export function mapFormatNamed(name: string): MapFormat | undefined {
  return /^(?:image\/)?(?:geo)?tiff?$/i.test(name.replace(/;.*$/, '').trim()) ? 'image/tiff' : formatNamed(name);
}
