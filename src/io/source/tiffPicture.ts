import type { Raster } from '../../raster/raster.ts';
import { stretched, usualRange, type Samples } from '../../raster/stretch.ts';
import type { PixelRect } from './imageFile.ts';
import type { NumberStyle } from './numberStyle.ts';
import { once } from './once.ts';
import type { Picture } from './picture.ts';
import type { TiffInfo, TiffReader } from './tiffReader.ts';

export interface TiffPictureOptions {
  readonly info: TiffInfo;
  readonly style: NumberStyle;
  readonly version: string;
  readonly modified: Date;
  readonly held: Picture['held'];
  /** The reader, wherever it is first needed. */
  open(): Promise<Pick<TiffReader, 'numbers' | 'colours'>>;
}

/** A TIFF as a picture: colours as they are; numbers from black to white over a range. */
export function tiffPicture({ info, style, version, modified, held, open }: TiffPictureOptions): Picture {
  const [finest, ...smaller] = info.sizes as [TiffInfo['sizes'][0], ...TiffInfo['sizes']];
  const noData = style.noData ?? info.noData;
  const range = once(async () => style.range ?? usualRange(await someNumbers(await open(), info), noData));
  const read = async (picture: number, rect: PixelRect): Promise<Raster> => {
    const reader = await open();
    if (!info.holdsNumbers) return reader.colours(picture, rect);
    const [low, high] = await range();
    return stretched(await reader.numbers(picture, rect), rect.width, rect.height, { low, high, noData });
  };
  return {
    ...finest, version, modified, held,
    reduced: smaller.map((size, i) => ({ ...size, read: (rect) => read(i + 1, rect) })),
    async georeference() {
      if (typeof info.georeference === 'string') throw new Error(info.georeference);
      return info.georeference;
    },
    read: async (rect) => ({ raster: await read(0, rect), left: rect.left, top: rect.top }),
  };
}

/** Pictures up to this size are looked at as a whole for their range, of others this many windows a side, this large. */
const LOOKED_AT = 1024 * 1024;
const WINDOWS = 5;
const WINDOW = 128;

/** Numbers from all over the picture, by the smallest copy of it that is large enough. */
async function someNumbers(reader: Pick<TiffReader, 'numbers'>, { sizes }: TiffInfo): Promise<Samples> {
  const enough = sizes.findLastIndex(({ width, height }) => Math.min(width, height) >= WINDOW);
  const picture = Math.max(0, enough);
  const { width, height } = sizes[picture]!;
  if (width * height <= LOOKED_AT) return reader.numbers(picture, { left: 0, top: 0, width, height });
  const [w, h] = [Math.min(WINDOW, width), Math.min(WINDOW, height)];
  const parts: Samples[] = [];
  for (let i = 0; i < WINDOWS * WINDOWS; i++) {
    const left = Math.round(((width - w) * (i % WINDOWS)) / (WINDOWS - 1));
    const top = Math.round(((height - h) * Math.floor(i / WINDOWS)) / (WINDOWS - 1));
    parts.push(await reader.numbers(picture, { left, top, width: w, height: h }));
  }
  return { values: parts.flatMap(({ values }) => Array.from(values)), bands: parts[0]!.bands };
}
