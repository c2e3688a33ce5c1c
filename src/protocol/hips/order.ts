/** Deepest tile order handled: the largest whose cell numbers (12 * 4^24 = 3.4e15) are safe integers. The standard ends at 29. */
export const MAX_ORDER = 24;

/** Number of HEALPix cells of an order, 12 * 4^order; exact for 0 <= order <= MAX_ORDER. */
export function cellCount(order: number): number {
  return 12 * 4 ** order;
}
