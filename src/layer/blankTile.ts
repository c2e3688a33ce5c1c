import type { Pixels } from '../geometry/lattice/types.ts';
import type { Codec } from '../raster/codec/types.ts';
import type { ImageFormat } from '../raster/format.ts';
import { emptyRaster } from '../raster/raster.ts';
import { encodedOf } from './encoded.ts';
import type { Encoded } from './types.ts';

/** A tile without anything on it, made once per size and format; the date is that of whatever it stands for. */
export type BlankTiles = (width: Pixels, height: Pixels, format: ImageFormat, modified: Date) => Promise<Encoded>;

/** Where the format knows no transparency: white, as in MapProxy. */
const WHITE = 0xffffff;
const QUALITY = 90;

/** Sizes are those of the configured grids, so their number is small. */
export function createBlankTiles(codec: Codec): BlankTiles {
  const made = new Map<string, Promise<Encoded>>();
  const make = async (width: Pixels, height: Pixels, format: ImageFormat): Promise<Encoded> => {
    const bytes = await codec.encode(emptyRaster(width, height), format, { quality: QUALITY, background: WHITE });
    return encodedOf(bytes, format, new Date(0));
  };
  return async (width, height, format, modified) => {
    const key = `${width}x${height}:${format}`;
    let blank = made.get(key);
    if (blank === undefined) {
      blank = make(width, height, format);
      made.set(key, blank);
      blank.catch(() => made.delete(key));
    }
    return { ...(await blank), modified };
  };
}
