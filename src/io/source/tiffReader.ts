import type { GeoTIFFImage } from 'geotiff';
import { GatewayError } from '../../errors.ts';
import type { Pixels } from '../../geometry/lattice/types.ts';
import { opaqueRaster, premultiplied } from '../../raster/codec/pack.ts';
import type { Raster } from '../../raster/raster.ts';
import type { Samples } from '../../raster/stretch.ts';
import type { HttpClient } from '../net/http.ts';
import { georeferenceOfTags, type Georeference } from './georeference.ts';
import type { PixelRect } from './imageFile.ts';
import { holdsNumbers, type TiffTags } from './tiffTags.ts';

/** What a TIFF is, as plain data. The first of its pictures is the finest; the others are smaller copies of it. */
export interface TiffInfo {
  readonly sizes: readonly { readonly width: Pixels; readonly height: Pixels }[];
  /** Measured numbers rather than brightnesses from 0 to 255. */
  readonly holdsNumbers: boolean;
  /** Where it lies: null = it does not say; a text = why it cannot be read. */
  readonly georeference: Georeference | string | null;
  /** The number that GDAL wrote for "nothing here"; null = none. */
  readonly noData: number | null;
  /** Of a remote one: what its server says, to tell versions apart; '' = nothing. */
  readonly etag: string;
  /** Of a remote one, milliseconds since 1970; null = unknown. */
  readonly modified: number | null;
}

/** Reads pixels of a TIFF, on disk or on the web (GeoTIFF, Cloud Optimized GeoTIFF; any depth, also ZSTD and LERC). */
export interface TiffReader {
  readonly info: TiffInfo;
  /** Numbers as they are stored. @param picture index in info.sizes @throws GatewayError UPSTREAM_* */
  numbers(picture: number, rect: PixelRect): Promise<Samples>;
  /** Colours of 8 bits, palettes and YCbCr resolved. @throws GatewayError UPSTREAM_* */
  colours(picture: number, rect: PixelRect): Promise<Raster>;
}

/** @throws GatewayError UPSTREAM_FAILED when it is no TIFF that can be read */
export async function openTiffFile(path: string): Promise<TiffReader> {
  const { fromFile } = await import('geotiff');
  return readerOf(path, () => fromFile(path), { etag: '', modified: null }, () => null);
}

/** Bytes fetched at once: the directories of most files are in the first such block. */
const BLOCK_BYTES = 65_536;
/** Blocks kept: 16 MB. */
const BLOCKS_KEPT = 256;
/** Longest wait for one piece of a file, tries and all. */
const PATIENCE_MS = 120_000;

/**
 * Reads by ranges: the server must know them (RFC 9110, section 14).
 * @throws GatewayError UPSTREAM_* when it cannot be had, or its server sends only the whole
 */
export async function openRemoteTiff(url: string, http: HttpClient): Promise<TiffReader> {
  const { fromCustomClient, BaseClient, BaseResponse } = await import('geotiff');
  const said = { etag: '', modified: null as number | null };
  /** What happened to the last request, which the library does not pass on. */
  let trouble: unknown = null;
  class Answer extends BaseResponse {
    readonly #answer: Awaited<ReturnType<HttpClient['get']>>;
    constructor(answer: Awaited<ReturnType<HttpClient['get']>>) {
      super();
      this.#answer = answer;
    }
    override get ok(): boolean {
      return this.status < 300;
    }
    override get status(): number {
      return this.#answer.status;
    }
    override getHeader(name: string): string | undefined {
      return headerOf(this.#answer.headers, name);
    }
    override async getData(): Promise<ArrayBuffer> {
      return Uint8Array.from(this.#answer.bytes).buffer;
    }
  }
  class Client extends BaseClient {
    override async request({ headers }: RequestInit = {}): Promise<Answer> {
      const signal = AbortSignal.timeout(PATIENCE_MS); // what is fetched serves others too: nobody's giving up ends it
      const answer = await http.get(url, { signal, headers: headers as Record<string, string> }).catch((error: unknown) => {
        trouble = error;
        throw error;
      });
      trouble = answer.status === 206 ? null : notByRanges(url, answer.status);
      if (trouble !== null) throw trouble;
      said.etag ||= headerOf(answer.headers, 'etag') ?? '';
      said.modified ??= timeOf(headerOf(answer.headers, 'last-modified'));
      return new Answer(answer);
    }
  }
  const options = { blockSize: BLOCK_BYTES, cacheSize: BLOCKS_KEPT } as object;
  return readerOf(url, () => fromCustomClient(new Client(url), options), said, () => trouble);
}

function notByRanges(url: string, status: number): GatewayError {
  const why = status === 200 ? 'its server sends only whole files, not ranges of bytes; download it' : `its server answered ${status}`;
  return new GatewayError(status === 504 ? 'UPSTREAM_TIMEOUT' : 'UPSTREAM_FAILED', `${url}: ${why}`);
}

function headerOf(headers: Readonly<Record<string, string | string[] | undefined>>, name: string): string | undefined {
  const value = headers[name.toLowerCase()];
  return Array.isArray(value) ? value[0] : value;
}

function timeOf(date: string | undefined): number | null {
  const time = Date.parse(date ?? '');
  return Number.isNaN(time) ? null : time;
}

interface Collection {
  getImageCount(): Promise<number>;
  getImage(index?: number): Promise<GeoTIFFImage>;
}

async function readerOf(name: string, open: () => Promise<Collection>, said: Pick<TiffInfo, 'etag' | 'modified'>, trouble: () => unknown): Promise<TiffReader> {
  const pictures = await blaming(name, trouble, async () => picturesOf(await open()));
  const [first] = pictures as [GeoTIFFImage];
  const extra: unknown = first.fileDirectory.getValue('ExtraSamples');
  const isAssociated = Number((extra as ArrayLike<number> | undefined)?.[0] ?? 0) === 1;
  return {
    info: {
      sizes: pictures.map((picture) => ({ width: picture.getWidth(), height: picture.getHeight() })),
      holdsNumbers: holdsNumbers(tagsOf(first)),
      georeference: georeferenceOf(tagsOf(first)),
      noData: first.getGDALNoData(),
      ...said,
    },
    numbers: (index, rect) =>
      blaming(name, trouble, async () => {
        const picture = pictures[index]!;
        const values = await picture.readRasters({ window: windowOf(rect), interleave: true });
        return { values, bands: picture.getSamplesPerPixel() };
      }),
    colours: (index, rect) =>
      blaming(name, trouble, async () => {
        const values = await pictures[index]!.readRGB({ window: windowOf(rect), interleave: true, enableAlpha: true });
        const bytes = new Uint8Array(values.buffer as ArrayBuffer, values.byteOffset, values.length);
        const { width, height } = rect;
        if (bytes.length === 3 * width * height) return opaqueRaster(bytes, width, height);
        return isAssociated ? { width, height, data: bytes, opaque: false } : premultiplied(bytes, width, height);
      }),
  };
}

/** Marks of a directory (TIFF 6.0, NewSubfileType): bit 0 a smaller copy, bit 2 a mask. */
const SMALLER = 1;
const MASK = 4;

/** The first picture and its smaller copies, finest first; masks, and other pages, are left out. */
async function picturesOf(file: Collection): Promise<readonly GeoTIFFImage[]> {
  const count = await file.getImageCount();
  const all = await Promise.all(Array.from({ length: count }, (_, i) => file.getImage(i)));
  const kindOf = (picture: GeoTIFFImage): number => Number(picture.fileDirectory.getValue('NewSubfileType') ?? 0);
  const smaller = all.slice(1).filter((picture) => (kindOf(picture) & SMALLER) !== 0 && (kindOf(picture) & MASK) === 0);
  return [all[0]!, ...smaller.sort((a, b) => b.getWidth() - a.getWidth())];
}

function georeferenceOf(tags: TiffTags): TiffInfo['georeference'] {
  try {
    return georeferenceOfTags(tags);
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

function tagsOf(picture: GeoTIFFImage): TiffTags {
  const { fileDirectory } = picture;
  const numbersOf = (tag: 'BitsPerSample' | 'ModelPixelScale' | 'ModelTiepoint' | 'ModelTransformation'): readonly number[] | null => {
    const value: unknown = fileDirectory.getValue(tag);
    return value === undefined || value === null ? null : Array.from(value as ArrayLike<number>);
  };
  const pointType = Number(picture.getGeoKeys()?.GTRasterTypeGeoKey ?? 1);
  return {
    bitsPerSample: numbersOf('BitsPerSample') ?? [1],
    sampleFormat: picture.getSampleFormat(),
    tiled: fileDirectory.hasTag('TileWidth'),
    pixelScale: numbersOf('ModelPixelScale'),
    tiepoint: numbersOf('ModelTiepoint'),
    transformation: numbersOf('ModelTransformation'),
    geoKeys: new Map([[1025, pointType]]),
  };
}

function windowOf({ left, top, width, height }: PixelRect): [number, number, number, number] {
  return [left, top, left + width, top + height];
}

/** What goes wrong is the file's fault, or its server's. */
async function blaming<T>(name: string, trouble: () => unknown, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    const reason = trouble() ?? cause;
    if (reason instanceof GatewayError) throw reason;
    throw new GatewayError('UPSTREAM_FAILED', `${name} cannot be read as a TIFF: ${reason instanceof Error ? reason.message : String(reason)}`, { cause });
  }
}
