import type { Radians } from '../angles.ts';
import type { Frame } from '../frame/frame.ts';
import { neighbourCell } from '../healpix/edges.ts';
import { facesToSphere, sphereToFaces } from '../healpix/face.ts';
import { beyondMeridian, isOnSheet, placeOnSheet, sheetOfFace } from '../healpix/sheets.ts';
import type { Lattice } from './types.ts';

/** Deepest pixel order: tile order 24 with tiles of 512 = 2^9. Coordinates stay exact in doubles. */
export const MAX_PIXEL_ORDER = 33;

/** Square root of the solid angle of a HEALPix pixel, radians: sqrt(pi / 3) / 2^pixelOrder (HiPS 1.0, section 4.1). */
export function healpixPixelAngle(pixelOrder: number): Radians {
  return Math.sqrt(Math.PI / 3) / 2 ** pixelOrder;
}

/**
 * All HEALPix pixels of a pixel order: 12 charts of 2^pixelOrder squared. Chart axes are those of a HiPS PNG or JPEG tile, rows
 * top-down: col = HEALPix y (to the North-West), row = HEALPix x (to the North-East).
 * @param pixelOrder [0, 33]
 */
export function healpixLattice(frame: Frame, pixelOrder: number): Lattice {
  const width = 2 ** pixelOrder;
  return {
    id: `hpx:${frame.id}:${pixelOrder}`,
    spec: { kind: 'healpix', frame, pixelOrder },
    frame,
    chartCount: 12,
    width,
    height: width,
    pixelAngle: healpixPixelAngle(pixelOrder),
    periodCols: null,
    toSphere: (n, px, out) => facesToSphere(n, px.chart, px.row, px.col, width, out.lon, out.lat),
    toPixels: (n, at, out) => sphereToFaces(n, at.lon, at.lat, width, out.chart, out.row, out.col),
    wrap(chart, col, row, out) {
      const found = neighbourCell(chart, row, col, width, out);
      const x = out[1]!;
      out[1] = out[2]!;
      out[2] = x;
      return found;
    },
    sheets: {
      of: (chart, col, row) => (chart < 0 ? -1 : sheetOfFace(chart, row / width, col / width)),
      place(sheet, onChart, chart, col, row, out) {
        placeOnSheet(sheet, onChart, chart, row / width, col / width, out);
        const x = out[0]!;
        out[0] = out[1]! * width;
        out[1] = x * width;
      },
      owns: (sheet, other, chart, col, row) => isOnSheet(sheet, other, chart, row / width, col / width),
      beyond(chart, col, row, out) {
        if (!beyondMeridian(chart, row / width, col / width, out)) return false;
        const x = out[1]!;
        out[1] = out[2]! * width;
        out[2] = x * width;
        return true;
      },
    },
  };
}
