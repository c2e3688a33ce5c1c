import type { LatticePoints, Pixels, Sheets } from '../../geometry/lattice/types.ts';
import type { Tiling } from '../tiling.ts';
import { pieceOf, PROBES, type BlockOptions, type Box, type Piece, type Places } from './piece.ts';
import { rowAt } from './surface.ts';

/** A box through which the border of two sheets runs: a piece on each, and whose each pixel is. */
export interface Seam extends Box {
  /** One or two: where there is nothing beyond the border, one. */
  readonly halves: readonly Piece[];
  /** For each pixel 1 + the index of its half, 0 = nothing. */
  readonly side: Uint8Array;
}

/** Larger boxes with two sheets are cut: each half is put together, and drawn, over the whole box. */
const SEAM_SIZE: Pixels = 16;

/** What a box is by its probes at `first`: one piece, two halves, or (null) neither within the error. */
export type Cutter = (box: Box, at: LatticePoints, first: number, size: Pixels) => Piece | Seam | null;

/** A box of one sheet is one piece, also where it spans several charts: on a sheet `wrap` only moves. */
export function createCutter(tiling: Tiling, options: BlockOptions): Cutter {
  const { lattice } = tiling.levels[0]!;
  const { sheets } = lattice;
  const places = createPlaces();
  return (box, at, first, size) => {
    const chart = at.chart[first]!;
    const a = sheetAt(sheets, at, first);
    let b = a;
    let isOneChart = true;
    for (let k = first + 1; k < first + PROBES; k++) {
      isOneChart &&= at.chart[k] === chart;
      const sheet = sheetAt(sheets, at, k);
      if (sheet === a || sheet === b) continue;
      if (b !== a) return null;
      b = sheet;
    }
    if (a === b && isOneChart) return chart < 0 ? null : pieceOf(box, copyPlaces(at, first, places), size, tiling, options);
    const pieceOn = (sheet: number): Piece | null => {
      if (!findPlaces(sheets, sheet, at, first, places)) return null;
      return pieceOf(box, places, size, tiling, options);
    };
    if (a === b) return pieceOn(a);
    if (size > SEAM_SIZE) return null;
    const [main, other] = a < 0 ? [b, a] : [a, b];
    const one = pieceOn(main);
    if (one === null) return null;
    const two = other < 0 ? null : pieceOn(other);
    if (two === null && other >= 0) return null;
    return { ...box, halves: two === null ? [one] : [one, two], side: sidesOf(box, one, tiling, main, other) };
  };
}

function createPlaces(): { chart: number; cols: Float64Array; rows: Float64Array } {
  return { chart: 0, cols: new Float64Array(PROBES), rows: new Float64Array(PROBES) };
}

/** The probes as they are. */
function copyPlaces({ chart, col, row }: LatticePoints, first: number, out: Places & { chart: number }): Places {
  out.chart = chart[first]!;
  for (let k = 0; k < PROBES; k++) {
    out.cols[k] = col[first + k]!;
    out.rows[k] = row[first + k]!;
  }
  return out;
}

function sheetAt(sheets: Sheets, { chart, col, row }: LatticePoints, k: number): number {
  return sheets.of(chart[k]!, col[k]!, row[k]!);
}

/** The probes in the order in which their charts are tried: that in the middle of a box first. */
const BY_CHART: readonly number[] = Object.freeze([4, ...Array.from({ length: PROBES }, (_, k) => k)]);

/** The probes' places on a sheet, in pixels of one chart that reaches all of them. Returns false where there is none. */
function findPlaces(sheets: Sheets, sheet: number, at: LatticePoints, first: number, out: Places & { chart: number }): boolean {
  let tried = 0;
  for (const k of BY_CHART) {
    const chart = at.chart[first + k]!;
    if (chart < 0 || (tried >> chart) & 1 || sheetAt(sheets, at, first + k) !== sheet) continue;
    tried |= 1 << chart;
    out.chart = chart;
    if (placeAll(sheets, sheet, at, first, out)) return true;
  }
  return false;
}

const place = new Float64Array(2);

function placeAll(sheets: Sheets, sheet: number, { chart, col, row }: LatticePoints, first: number, out: Places): boolean {
  for (let k = 0; k < PROBES; k++) {
    const i = first + k;
    sheets.place(sheet, out.chart, chart[i]!, col[i]!, row[i]!, place);
    if (!Number.isFinite(place[0]) || !Number.isFinite(place[1])) return false;
    out.cols[k] = place[0]!;
    out.rows[k] = place[1]!;
  }
  return true;
}

/** Whose each pixel of a box is, by where its centre lies on the first half's sheet. */
function sidesOf({ width, height }: Box, half: Piece, { levels }: Tiling, sheet: number, other: number): Uint8Array {
  const { sheets } = levels[0]!.lattice;
  const { colScale, rowScale, colOffset = 0, rowOffset = 0 } = levels[half.level]!;
  const side = new Uint8Array(width * height);
  const cols = new Float64Array(3);
  const rows = new Float64Array(3);
  const beyond = other < 0 ? 0 : 2;
  for (let j = 0; j < height; j++) {
    rowAt(half.cols, (j + 0.5) / height, colOffset, cols);
    rowAt(half.rows, (j + 0.5) / height, rowOffset, rows);
    for (let i = 0; i < width; i++) {
      const u = (i + 0.5) / width;
      const col = ((cols[2]! * u + cols[1]!) * u + cols[0]!) / colScale;
      const row = ((rows[2]! * u + rows[1]!) * u + rows[0]!) / rowScale;
      side[j * width + i] = sheets.owns(sheet, other, half.chart, col, row) ? 1 : beyond;
    }
  }
  return side;
}
