import { z } from 'zod';
import { cacheControlMistake } from '../../protocol/cacheControl.ts';
import type { ImageFormat } from '../../raster/format.ts';

/** minX, minY, maxX, maxY in x/y order, in the unit of the reference system. */
export type Bbox = readonly [number, number, number, number];
export type Resampling = 'nearest' | 'bilinear' | 'bicubic';

const FORMAT_NAMES: Readonly<Record<string, ImageFormat>> = {
  'image/png': 'image/png',
  png: 'image/png',
  png8: 'image/png',
  'image/jpeg': 'image/jpeg',
  jpeg: 'image/jpeg',
  jpg: 'image/jpeg',
  'image/webp': 'image/webp',
  webp: 'image/webp',
};

/** The format that a configuration means by 'image/png', 'png', 'image/png; mode=8bit', ...; undefined when it is none that is written here. */
export function formatNamed(name: string): ImageFormat | undefined {
  return FORMAT_NAMES[name.replace(/;.*$/, '').trim().toLowerCase()];
}

export const text = z.string();
export const flag = z.boolean();
export const positive = z.number().positive();
export const count = z.int().min(0);
export const countFromOne = z.int().min(1);

/** Origins of web pages: '*', one, or a list; '' = none. */
export const origins = z
  .union([z.string(), z.array(z.string())], { error: "expected '*' or a list of origins: ['https://maps.example.org']" })
  .transform((value, context): '*' | readonly string[] => {
    const listed = (Array.isArray(value) ? value : [value]).filter((origin) => origin !== '');
    if (listed.includes('*')) return '*';
    const wrong = listed.find((origin) => !/^[a-z][a-z0-9+.-]*:\/\/[^/\s]+$/.test(origin));
    if (wrong !== undefined) context.addIssue(`'${wrong}' is not an origin; expected scheme and host: 'https://maps.example.org'`);
    return listed;
  })
  .meta({ 'x-type': "'*', or list of origins" });

/** A header Cache-Control. */
export const cacheControl = z.string().transform((header, context): string => {
  const mistake = cacheControlMistake(header);
  if (mistake !== null) context.addIssue(mistake);
  return header.trim();
});

/** A name or short text for which people also write a number: layer 20, version 1.1. */
export const shortText = z
  .union([z.string(), z.number()], { error: 'expected a text' })
  .transform((value) => String(value))
  .meta({ 'x-type': 'text' });

/** A list, where people also write its only member without brackets. */
export const listOfTexts = z
  .union([z.array(shortText), shortText], { error: 'expected a list of texts' })
  .transform((value) => (Array.isArray(value) ? value : [value]))
  .meta({ 'x-type': 'list of texts' });

export const bbox = z
  .union([z.tuple([z.number(), z.number(), z.number(), z.number()]), z.string().regex(/^\s*[^,]+(?:,[^,]+){3}$/)], {
    error: 'expected four numbers: [minX, minY, maxX, maxY]',
  })
  .transform((value, context): Bbox => {
    const numbers = typeof value === 'string' ? value.split(',').map(Number) : value;
    if (numbers.some((number) => !Number.isFinite(number))) context.addIssue('expected four numbers: [minX, minY, maxX, maxY]');
    return numbers as unknown as Bbox;
  })
  .meta({ 'x-type': '[minX, minY, maxX, maxY]' });

/** Two different numbers. */
export const range = z
  .tuple([z.number(), z.number()], { error: 'expected two numbers: [black, white]' })
  .refine(([black, white]) => black !== white, { error: 'expected two different numbers: [black, white]' })
  .meta({ 'x-type': '[black, white]' });

export const size = z
  .tuple([z.int().min(1), z.int().min(1)], { error: 'expected two whole numbers from 1: [width, height]' })
  .meta({ 'x-type': '[width, height]' });

/** Most pixels of a picture, as sides whose product they are (nearly, for a number that is no square). */
export const pixels = z
  .union([countFromOne, size], { error: 'expected a number of pixels or [width, height]' })
  .transform((value): readonly [number, number] => {
    if (Array.isArray(value)) return value;
    const side = Math.floor(Math.sqrt(value));
    return [side, Math.floor(value / side)];
  })
  .meta({ 'x-type': 'whole number, or [width, height]' });

export const resampling = z
  .enum(['nearest', 'nearest_neighbour', 'bilinear', 'bicubic'])
  .transform((name): Resampling => (name === 'nearest_neighbour' ? 'nearest' : name));

/** A picture format as people name it; a media type inside. */
export const pictureFormat = z.string().transform((name, context): ImageFormat => {
  const format = formatNamed(name);
  if (format !== undefined) return format;
  context.addIssue(`'${name}' is not a picture format that is written here; allowed: png, jpeg, webp (or image/png, ...)`);
  return z.NEVER;
});

/** HiPS spelling of several formats: words separated by blanks. */
export const tileFormats = z.string().transform((words, context): readonly ImageFormat[] => {
  const names = words.split(/\s+/).filter((word) => word !== '');
  const formats = names.map(formatNamed);
  const unknown = names.find((_, index) => formats[index] === undefined);
  if (unknown === undefined && names.length > 0) return formats.filter((format) => format !== undefined);
  const wrong = `'${unknown}' is not a tile format that is written here; allowed: png, jpeg, webp, separated by blanks`;
  context.addIssue(unknown === undefined ? 'no format is named' : wrong);
  return z.NEVER;
});

/** 0xRRGGBB of '#rrggbb', '0xrrggbb' or [r, g, b]. */
export const colour = z
  .union(
    [
      z.string().regex(/^(?:#|0x)[0-9a-fA-F]{6}(?:[0-9a-fA-F]{2})?$/),
      z.array(z.int().min(0).max(255)).min(3).max(4),
      z.int().min(0).max(0xffffff),
    ],
    { error: "expected a colour: '#rrggbb' or [r, g, b]" },
  )
  .transform((value) => {
    if (typeof value === 'number') return value;
    if (typeof value === 'string') return Number.parseInt(value.replace(/^#|^0x/, '').slice(0, 6), 16);
    return value.slice(0, 3).reduce((packed, band) => packed * 256 + band, 0);
  })
  .meta({ 'x-type': 'colour' });

/** Tile width of a HiPS: the powers of two that clients take. */
export const tileWidth = z
  .union([z.int(), z.string().regex(/^\d+$/)], { error: 'expected a power of two from 32 to 4096' })
  .transform((value, context) => {
    const width = Number(value);
    const isPower = width >= 32 && width <= 4096 && Number.isInteger(Math.log2(width));
    if (!isPower) context.addIssue(`expected a power of two from 32 to 4096, found ${width}`);
    return width;
  })
  .meta({ 'x-type': 'power of two from 32 to 4096' });

/** Deepest order whose tile numbers stay exact integers. */
export const hipsOrder = z
  .union([z.int(), z.string().regex(/^\d+$/)], { error: 'expected a whole number from 0 to 24' })
  .transform((value, context) => {
    const order = Number(value);
    if (order < 0 || order > 24) context.addIssue(`expected a whole number from 0 to 24, found ${order}`);
    return order;
  })
  .meta({ 'x-type': 'whole number from 0 to 24' });

/** Keywords of a service or of a layer. */
export const keywordList = z.array(
  z.strictObject({
    vocabulary: text.optional().meta({ description: 'Vocabulary that the keywords come from' }),
    keywords: listOfTexts.meta({ description: 'The keywords' }),
  }),
);

/** Permissions as people write them: '755', '0755', 755. */
export const octal = z
  .union([z.string(), z.int()], { error: "expected octal permissions: '755'" })
  .transform((value, context) => {
    const digits = /^0?([0-7]{3,4})$/.exec(String(value))?.[1];
    if (digits === undefined) context.addIssue(`expected octal permissions: '755', found ${value}`);
    return digits ?? z.NEVER;
  })
  .meta({ 'x-type': "octal number: '755'" });

/** How tiles of one colour share a file. */
export const linkOfColours = z
  .union([z.boolean(), z.enum(['symlink', 'hardlink'])], { error: 'expected true, false, symlink or hardlink' })
  .meta({ 'x-type': 'true, false, symlink or hardlink' });

const amount = z.number().min(0).optional();

/** A moment, fixed or so long ago: MapProxy's `refresh_before`. */
export const timeBefore = z
  .strictObject({
    time: z
      .string()
      .regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/, { error: "expected a local time: '2026-11-21T08:00:00'" })
      .optional()
      .meta({ description: "A local time: '2026-11-21T08:00:00'" }),
    mtime: z.string().optional().meta({ description: 'When a file was last changed; path from the configuration file' }),
    weeks: amount.meta({ description: 'So many weeks ago; all of them add up' }),
    days: amount.meta({ description: 'and days' }),
    hours: amount.meta({ description: 'and hours' }),
    minutes: amount.meta({ description: 'and minutes' }),
    seconds: amount.meta({ description: 'and seconds' }),
  });
