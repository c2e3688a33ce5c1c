import type { MapFormat } from '../format.ts';
import type { Pixels } from '../../geometry/lattice/types.ts';
import type { Raster } from '../raster.ts';
import type { GeoTiffPlace } from './geotiff.ts';

export interface EncodeOptions {
  /** 1..100, for JPEG and WebP. */
  readonly quality: number;
  /** 0xRRGGBB under transparent pixels where the format has no alpha. */
  readonly background: number;
  /** True: what is asked for as PNG becomes JPEG where nothing of it is transparent. MapProxy's `format: mixed`. */
  readonly mixed?: boolean;
  /** True: over the background in every format. */
  readonly flatten?: boolean;
  /** True: in greys. */
  readonly grey?: boolean;
  /** For image/png: no more colours than these; absent = all there are. A picture of as many is kept as it is. */
  readonly palette?: Palette;
  /** For image/tiff: its compression; `jpeg` has no alpha, and loses. Absent = deflate. */
  readonly tiff?: TiffCompression;
  /** For image/tiff: where the picture lies; absent = a TIFF that does not say. */
  readonly place?: GeoTiffPlace;
}

export type TiffCompression = 'none' | 'lzw' | 'jpeg' | 'deflate';

export interface Palette {
  /** 2..256, that which stands for transparent pixels included. */
  readonly colours: number;
  /** Whether every pixel becomes either opaque or transparent. */
  readonly isAlphaBinary: boolean;
}

/** A decoded picture whose pixels are laid out when, and where, they are wanted. */
export interface Unpacked {
  readonly width: Pixels;
  readonly height: Pixels;
  /**
   * The picture, premultiplied. Once only: what was decoded is given back.
   * @param memory width x height x 4 bytes, whatever they hold; it becomes the raster's. Absent = memory of its own
   */
  raster(memory?: Uint8Array): Raster;
}

/** Pictures to bytes and back. */
export interface Codec {
  /** Decodes, and leaves the pixels where they are. Throws as decode does. */
  unpack(bytes: Uint8Array): Promise<Unpacked>;
  /** Premultiplies. Throws GatewayError UPSTREAM_FAILED when the bytes are no picture, TOO_LARGE beyond maxPixels. */
  decode(bytes: Uint8Array): Promise<Raster>;
  encode(raster: Raster, format: MapFormat, options: EncodeOptions): Promise<Uint8Array>;
  /** Area-true reduction or magnification to an exact size (upstream tiles of another size than announced, previews). */
  resize(raster: Raster, width: Pixels, height: Pixels): Promise<Raster>;
}
