import { GatewayError } from '../../errors.ts';
import { MAX_ORDER } from '../../geometry/healpix/morton.ts';
import { mocOfCells } from './moc.ts';
import type { Moc, MocCell } from './moc.ts';

/** Most cells a text may spell out: a range such as 24/0-3377699720527871 must not be expanded. */
const MAX_CELLS = 1_000_000;

const TOKEN = /^(?:(\d{1,2})\/)?(?:(\d{1,16})(?:-(\d{1,16}))?)?$/;

/**
 * Reads a space MOC in its text form (MOC 2.0, section 4.3.2): `3/1-3 5 4/27`; blanks, line ends or commas between the elements, an
 * optional leading 's', an order without cells ('8/': only the resolution) is allowed. Orders 0 to 24.
 * @throws GatewayError INVALID_PARAMETER naming the element that cannot be read, TILE_OUT_OF_RANGE for a cell that does not exist
 */
export function parseMocText(text: string): Moc {
  const cells: MocCell[] = [];
  let order: number | null = null;
  for (const token of text.trim().replace(/^s(?=\d)/, '').split(/[\s,]+/).filter(Boolean)) {
    const match = TOKEN.exec(token);
    if (match === null) throw unreadable(token);
    if (match[1] !== undefined) order = Number(match[1]);
    if (match[2] === undefined) continue;
    if (order === null || order > MAX_ORDER) throw unreadable(token);
    addRange(cells, order, Number(match[2]), Number(match[3] ?? match[2]), token);
  }
  return mocOfCells(cells);
}

function addRange(cells: MocCell[], order: number, first: number, last: number, token: string): void {
  if (last < first || cells.length + (last - first) >= MAX_CELLS) throw unreadable(token);
  for (let npix = first; npix <= last; npix++) cells.push({ order, npix });
}

function unreadable(token: string): GatewayError {
  return new GatewayError(
    'INVALID_PARAMETER',
    `MOC element ${JSON.stringify(token.slice(0, 40))}: expected order/npix, npix or first-last as in "3/1-3 5 4/27", orders 0 to ` +
      `${MAX_ORDER}, at most ${MAX_CELLS} cells`,
    { locator: 'moc' },
  );
}
