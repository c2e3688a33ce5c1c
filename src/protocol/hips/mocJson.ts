import { GatewayError } from '../../errors.ts';
import { mocOfCells, type Moc, type MocCell } from './moc.ts';

/**
 * Reads a space MOC in its JSON form (MOC 2.0, section 4.3.3): {"3": [1, 2, 3], "4": [27]}, orders 0 to 24.
 * @throws GatewayError INVALID_PARAMETER where it is something else, TILE_OUT_OF_RANGE for a cell that does not exist
 */
export function mocOfJson(object: unknown): Moc {
  if (typeof object !== 'object' || object === null || Array.isArray(object)) throw unreadable();
  return mocOfCells(Object.entries(object).flatMap(([order, cells]) => cellsOf(order, cells)));
}

function cellsOf(order: string, cells: unknown): MocCell[] {
  if (!/^\d{1,2}$/.test(order) || !Array.isArray(cells)) throw unreadable();
  return cells.map((npix: unknown): MocCell => {
    if (typeof npix !== 'number') throw unreadable();
    return { order: Number(order), npix };
  });
}

function unreadable(): GatewayError {
  return new GatewayError('INVALID_PARAMETER', 'expected a MOC such as {"3": [1, 2, 3], "4": [27]}', { locator: 'moc' });
}
