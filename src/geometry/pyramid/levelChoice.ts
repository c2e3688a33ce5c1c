/** How a level is chosen for a map: MapProxy's options of a grid. */
export interface LevelChoice {
  /** So much coarser than the map a level may be. */
  readonly stretchFactor: number;
  /** So much coarser than the coarsest level a map may be; beyond, there is nothing to see. */
  readonly maxShrinkFactor: number;
  /** Resolutions at which the finer of two levels takes over, in any order. */
  readonly thresholdRes: readonly number[];
}

/**
 * The level that a map is drawn from: MapProxy's `closest_level`, number by number.
 * @param cells resolutions of the levels, coarsest first, units per pixel; not empty
 * @param res resolution of the map, in the same unit
 */
export function closestLevel(cells: readonly number[], res: number, { stretchFactor, thresholdRes }: LevelChoice): number {
  const thresholds = thresholdRes.toSorted((a, b) => a - b);
  let threshold = thresholds.pop();
  let previous = cells[0]!;
  while (threshold !== undefined && threshold > previous && thresholds.length > 0) threshold = thresholds.pop();
  let found: number | null = null;
  for (const [level, cell] of cells.entries()) {
    if (threshold !== undefined && previous > threshold && threshold >= cell) {
      if (res > threshold) return level - 1;
      if (res >= cell) return level;
      threshold = thresholds.pop();
    }
    if (found !== null && cell < res) return found;
    if (cell <= res * stretchFactor) found = level;
    previous = cell;
  }
  return cells.length - 1;
}

/** Whether a map shows the coarsest level so small that nothing is drawn. */
export function isTooSmall(cells: readonly number[], res: number, { maxShrinkFactor }: LevelChoice): boolean {
  return res > cells[0]! * maxShrinkFactor;
}
