import type { Codec } from '../../raster/codec/types.ts';

/** Pictures of one colour take far less, whatever their size and format; larger ones need not be decoded to know. */
const LARGEST_FLAT_BYTES = 16_384;

/**
 * The colour of encoded pictures, for FlatTiles.colourOf: 'rrggbb', '00000000' for wholly transparent ones, null where a picture
 * has more than one colour. Half transparent ones have none either: decoded pictures are premultiplied, which makes neighbouring
 * colours one. What cannot be decoded has none.
 */
export function createFlatColour(codec: Codec): (bytes: Uint8Array) => Promise<string | null> {
  return async (bytes) => {
    if (bytes.length === 0 || bytes.length > LARGEST_FLAT_BYTES) return null;
    const raster = await codec.decode(bytes).catch(() => null);
    return raster === null ? null : colourOf(raster.data);
  };
}

function colourOf(data: Uint8Array): string | null {
  const [r = 0, g = 0, b = 0, a = 0] = data;
  for (let i = 4; i < data.length; i += 4) {
    if (data[i] !== r || data[i + 1] !== g || data[i + 2] !== b || data[i + 3] !== a) return null;
  }
  if (a === 0) return '00000000';
  return a < 255 ? null : [r, g, b].map((band) => band.toString(16).padStart(2, '0')).join('');
}
