import { GatewayError } from '../errors.ts';

/** FITS files are whole blocks of this many bytes (FITS 4.0, section 3.1). */
export const FITS_BLOCK = 2880;

/** Bytes of one header card (FITS 4.0, section 3.3.1). */
const CARD = 80;

/** Most dimensions of a data array (FITS 4.0, section 4.4.1.1). */
const MAX_AXES = 999;

/** What a header card can say here: a string, a logical or a number. */
export type FitsValue = string | number | boolean;

/** Key of at most 8 capitals, digits, '-' or '_'; value; comment, cut off where the card ends. */
export type FitsCard = readonly [key: string, value: FitsValue, comment?: string];

/** One header-data unit of a file in memory. */
export interface FitsUnit {
  /** Value of each keyword, the first occurrence where repeated. */
  readonly header: ReadonlyMap<string, FitsValue>;
  /** Offset of the first data byte. */
  readonly dataStart: number;
  /** Length of the data without padding, bytes. */
  readonly dataLength: number;
}

/** Length rounded up to whole blocks, bytes. */
export function fitsPadded(length: number): number {
  return Math.ceil(length / FITS_BLOCK) * FITS_BLOCK;
}

/**
 * A header: the cards in the order given, END, blanks to the end of the block. Fixed format (FITS 4.0, section 4.2).
 * Values must be ASCII and fit on their card; anything else is a mistake of the program, not of a client.
 */
export function formatFitsHeader(cards: readonly FitsCard[]): Uint8Array {
  const text = [...cards.map(formatCard), 'END'.padEnd(CARD)].join('');
  return new TextEncoder().encode(text.padEnd(fitsPadded(text.length)));
}

function formatCard([key, value, comment]: FitsCard): string {
  const start = `${key.padEnd(8)}= ${formatValue(value)}`;
  if (start.length > CARD || !/^[\u0020-\u007e]*$/.test(start)) throw new RangeError(`not a FITS card: ${key} = ${value}`);
  return (comment === undefined ? start : `${start} / ${comment}`).slice(0, CARD).padEnd(CARD);
}

function formatValue(value: FitsValue): string {
  if (typeof value === 'boolean') return (value ? 'T' : 'F').padStart(20);
  if (typeof value === 'number') return String(value).toUpperCase().padStart(20);
  return `'${value.replaceAll("'", "''").padEnd(8)}'`.padEnd(20);
}

/**
 * The header-data units of a file. Stops quietly at trailing rubbish after a complete unit.
 * @throws GatewayError UPSTREAM_FAILED when it does not begin as FITS, or a header has no END
 */
export function readFitsUnits(bytes: Uint8Array): readonly FitsUnit[] {
  if (!isUnitStart(bytes, 0)) throw new GatewayError('UPSTREAM_FAILED', 'not a FITS file: it does not begin with SIMPLE');
  const units: FitsUnit[] = [];
  let offset = 0;
  while (isUnitStart(bytes, offset)) {
    const unit = readUnit(bytes, offset);
    units.push(unit);
    offset = unit.dataStart + fitsPadded(unit.dataLength);
  }
  return units;
}

function isUnitStart(bytes: Uint8Array, offset: number): boolean {
  const key = ascii(bytes, offset, 8);
  return offset === 0 ? key === 'SIMPLE  ' : key === 'XTENSION';
}

function readUnit(bytes: Uint8Array, start: number): FitsUnit {
  const header = new Map<string, FitsValue>();
  for (let offset = start; offset + CARD <= bytes.length; offset += CARD) {
    const key = ascii(bytes, offset, 8).trimEnd();
    if (key === 'END') {
      const dataStart = start + fitsPadded(offset + CARD - start);
      return { header, dataStart, dataLength: dataLengthOf(header) };
    }
    const value = ascii(bytes, offset + 8, 2) === '= ' ? parseValue(ascii(bytes, offset + 10, CARD - 10)) : undefined;
    if (value !== undefined && !header.has(key)) header.set(key, value);
  }
  throw new GatewayError('UPSTREAM_FAILED', 'broken FITS file: a header has no END card');
}

/** |BITPIX| / 8 * GCOUNT * (PCOUNT + NAXIS1 * ... * NAXISm), FITS 4.0, equation 2. */
function dataLengthOf(header: ReadonlyMap<string, FitsValue>): number {
  const dimensions = count(header, 'NAXIS', 0, MAX_AXES);
  if (dimensions === 0) return 0;
  const axes = Array.from({ length: dimensions }, (_, i) => count(header, `NAXIS${i + 1}`, 0));
  const elements = axes.reduce((product, n) => product * n, 1) + count(header, 'PCOUNT', 0);
  return (Math.abs(integer(header, 'BITPIX', 8)) / 8) * count(header, 'GCOUNT', 1) * elements;
}

function count(header: ReadonlyMap<string, FitsValue>, key: string, absent: number, max = Number.MAX_SAFE_INTEGER): number {
  const value = integer(header, key, absent);
  if (value >= 0 && value <= max) return value;
  throw new GatewayError('UPSTREAM_FAILED', `broken FITS file: ${key} = ${value} is not within 0 to ${max}`);
}

function integer(header: ReadonlyMap<string, FitsValue>, key: string, absent: number): number {
  const value = header.get(key) ?? absent;
  if (typeof value === 'number' && Number.isSafeInteger(value)) return value;
  throw new GatewayError('UPSTREAM_FAILED', `broken FITS file: ${key} = ${String(value)} is no whole number`);
}

function parseValue(field: string): FitsValue | undefined {
  const text = field.trimStart();
  const quoted = /^'((?:[^']|'')*)'/.exec(text);
  if (quoted !== null) return (quoted[1] ?? '').replaceAll("''", "'").trimEnd();
  const word = (text.split('/')[0] ?? '').trim();
  if (word === 'T' || word === 'F') return word === 'T';
  const number = Number(word.replace(/[dD]/, 'E'));
  return word === '' || Number.isNaN(number) ? undefined : number;
}

function ascii(bytes: Uint8Array, offset: number, length: number): string {
  return String.fromCharCode(...bytes.subarray(offset, offset + length));
}
