import { GatewayError } from '../../errors.ts';
import type { Frame } from '../../geometry/frame/frame.ts';
import { SKY_FRAMES } from '../../geometry/frame/frame.ts';
import { cellCount, MAX_ORDER } from '../../geometry/healpix/morton.ts';
import type { FitsUnit, FitsValue } from '../fits.ts';
import { fitsPadded, formatFitsHeader, readFitsUnits } from '../fits.ts';
import { mocCells, mocOfCells, mocOfRanges } from './moc.ts';
import type { Moc, MocCell } from './moc.ts';

/** Deepest order of HEALPix in 64 bits, and the order of the numbers in a RANGE table. */
const HEALPIX_MAX_ORDER = 29;

/** Reference system letter of a MOC: C = ICRS (and every body), G = galactic, E = ecliptic. */
export type MocCoordsys = 'C' | 'G' | 'E';

/** A MOC as read from a file. */
export interface MocFile {
  readonly moc: Moc;
  /** What COORDSYS says; null when it is missing or unknown. */
  readonly coordsys: MocCoordsys | null;
}

/** Letter of a frame. Bodies are written as C: no reader knows another letter for them. */
function coordsysOf(frame: Frame): MocCoordsys {
  if (frame.id === SKY_FRAMES.galactic.id) return 'G';
  return frame.id === SKY_FRAMES.ecliptic.id ? 'E' : 'C';
}

/**
 * The frame of the MOC of a HiPS. On a body the letter says nothing. In the sky an ICRS MOC beside a galactic HiPS is common
 * (HiPS 1.0), the frame of the HiPS itself is what HiPS 2.0 demands; without a letter the latter is assumed.
 */
export function frameOfMoc(coordsys: MocCoordsys | null, hipsFrame: Frame): Frame {
  if (hipsFrame.kind === 'body' || coordsys === null) return hipsFrame;
  return { C: SKY_FRAMES.icrs, G: SKY_FRAMES.galactic, E: SKY_FRAMES.ecliptic }[coordsys];
}

/**
 * Moc.fits: MOC 1.1 with NUNIQ packing in 64 bits, which every known client reads (MOC 2.0 RANGE needs newer ones).
 * `mocOrder` is the declared resolution, 0 to 29; it is raised to that of the deepest cell. The default of 29 keeps the Hipsgen
 * LINT on real tiles: its tile test takes MOCORDER for the order of its ranges.
 */
export function formatMocFits(moc: Moc, options: { readonly frame: Frame; readonly mocOrder?: number }): Uint8Array {
  const cells = mocCells(moc);
  const deepest = cells.at(-1)?.order ?? 0;
  const header = headers(cells.length, coordsysOf(options.frame), Math.max(deepest, options.mocOrder ?? HEALPIX_MAX_ORDER));
  const bytes = new Uint8Array(header.length + fitsPadded(8 * cells.length));
  bytes.set(header);
  const table = new DataView(bytes.buffer, header.length);
  cells.forEach((cell, row) => table.setBigInt64(8 * row, BigInt(uniqOf(cell))));
  return bytes;
}

function headers(rows: number, coordsys: MocCoordsys, mocOrder: number): Uint8Array {
  const primary = formatFitsHeader([['SIMPLE', true], ['BITPIX', 8], ['NAXIS', 0], ['EXTEND', true]]);
  const table = formatFitsHeader([
    ['XTENSION', 'BINTABLE', 'Multi-Order Coverage map'],
    ['BITPIX', 8],
    ['NAXIS', 2],
    ['NAXIS1', 8],
    ['NAXIS2', rows],
    ['PCOUNT', 0],
    ['GCOUNT', 1],
    ['TFIELDS', 1],
    ['TFORM1', '1K'],
    ['TTYPE1', 'UNIQ', '4 * 4^order + npix'],
    ['PIXTYPE', 'HEALPIX'],
    ['ORDERING', 'NUNIQ'],
    ['COORDSYS', coordsys],
    ['MOCORDER', mocOrder],
    ['MOCTYPE', 'IMAGE'],
    ['MOCTOOL', 'hips-gateway'],
    ['EXTNAME', 'MOC'],
  ]);
  const both = new Uint8Array(primary.length + table.length);
  both.set(primary);
  both.set(table, primary.length);
  return both;
}

/** NUNIQ number of a cell (MOC 2.0, section 4.3.1); at most 2^52 at order 24, hence exact. */
function uniqOf({ order, npix }: MocCell): number {
  return 4 ** (order + 1) + npix;
}

/**
 * Reads a space MOC: NUNIQ in 16, 32 or 64 bits (MOC 1.x and 2.0), RANGE or RANGE29 in 64 bits (2.0). Cells deeper than order 24
 * are widened to that order, so that nothing covered is lost. Not for gzipped files.
 * @throws GatewayError UPSTREAM_FAILED when it is no such file or is cut short
 */
export function parseMocFits(bytes: Uint8Array): MocFile {
  const unit = readFitsUnits(bytes).find(({ header }) => header.get('XTENSION') === 'BINTABLE');
  if (unit === undefined) throw broken('no binary table');
  const dimension = unit.header.get('MOCDIM') ?? 'SPACE';
  if (dimension !== 'SPACE') throw broken(`MOCDIM = ${String(dimension)}, expected SPACE`);
  const values = firstColumn(bytes, unit);
  return { moc: unpack(unit.header.get('ORDERING'), values), coordsys: readCoordsys(unit.header.get('COORDSYS')) };
}

function readCoordsys(value: FitsValue | undefined): MocCoordsys | null {
  return value === 'C' || value === 'G' || value === 'E' ? value : null;
}

function unpack(ordering: FitsValue | undefined, values: readonly bigint[]): Moc {
  if (ordering === 'NUNIQ') return mocOfCells(values.filter((uniq) => uniq >= 4n).map(cellOfUniq));
  if (ordering === 'RANGE' || ordering === 'RANGE29') return mocOfDeepRanges(values);
  throw broken(`ORDERING = ${String(ordering)}, expected NUNIQ or RANGE`);
}

/** The cell of a NUNIQ number, or its ancestor of order 24: a quarter of the number is that of the parent. */
function cellOfUniq(uniq: bigint): MocCell {
  let value = uniq;
  while (value >= 1n << 52n) value >>= 2n;
  let order = 0;
  while (4 ** (order + 2) <= Number(value)) order++;
  return { order, npix: Number(value) - 4 ** (order + 1) };
}

function mocOfDeepRanges(values: readonly bigint[]): Moc {
  const shift = BigInt(2 * (HEALPIX_MAX_ORDER - MAX_ORDER));
  const limit = BigInt(cellCount(MAX_ORDER)) << shift;
  const starts: number[] = [];
  const ends: number[] = [];
  for (let i = 0; i + 1 < values.length; i += 2) {
    const start = values[i] as bigint;
    const end = values[i + 1] as bigint;
    if (start < 0n || end < start || end > limit) throw broken(`range ${start} to ${end} is outside HEALPix order ${HEALPIX_MAX_ORDER}`);
    if (start === end) continue;
    starts.push(Number(start >> shift));
    ends.push(Number(-(-end >> shift))); // rounded up
  }
  return mocOfRanges(Float64Array.from(starts), Float64Array.from(ends));
}

const READERS: { readonly [code: string]: { readonly size: number; readonly read: (view: DataView, offset: number) => bigint } } = {
  I: { size: 2, read: (view, offset) => BigInt(view.getInt16(offset)) },
  J: { size: 4, read: (view, offset) => BigInt(view.getInt32(offset)) },
  K: { size: 8, read: (view, offset) => view.getBigInt64(offset) },
};

/** The values of the first column; a row may hold several (old files pack 128 to a row). */
function firstColumn(bytes: Uint8Array, { header, dataStart, dataLength }: FitsUnit): readonly bigint[] {
  const form = /^(\d*)([IJK])$/.exec(String(header.get('TFORM1')).trim());
  const reader = READERS[form?.[2] ?? ''];
  if (reader === undefined) throw broken(`TFORM1 = ${String(header.get('TFORM1'))}, expected 1J or 1K`);
  const repeat = Number(form?.[1] || 1);
  const rowLength = Number(header.get('NAXIS1'));
  if (rowLength < repeat * reader.size) throw broken(`NAXIS1 = ${rowLength} is too short for TFORM1 = ${repeat}${form?.[2] ?? ''}`);
  if (bytes.length < dataStart + dataLength) throw broken(`${bytes.length} bytes instead of ${dataStart + dataLength}`);
  const view = new DataView(bytes.buffer, bytes.byteOffset + dataStart, dataLength);
  const values: bigint[] = [];
  for (let row = 0; row + rowLength <= dataLength; row += rowLength) {
    for (let i = 0; i < repeat; i++) values.push(reader.read(view, row + i * reader.size));
  }
  return values;
}

function broken(what: string): GatewayError {
  return new GatewayError('UPSTREAM_FAILED', `no readable MOC: ${what}`, { locator: 'Moc.fits' });
}
