import type { Excerpt, Level } from '../tiling.ts';
import type { PlanPart, ReprojectPlan } from './types.ts';

/**
 * What a plan reads as rectangles of its source's charts: the windows of its parts, cut where the lattice closes on itself. A window that
 * sticks out beyond the rows of a closed lattice reads the other side of the pole, so that the whole ring is named. No two overlap: those that would are one.
 */
export function excerptsOf({ parts, tiling }: Pick<ReprojectPlan, 'parts' | 'tiling'>): readonly Excerpt[] {
  return parts.flatMap((part) => excerptsOfPart(part, tiling.levels[part.level]!)).reduce(added, []);
}

/** One more, together with all that it meets. */
function added(excerpts: readonly Excerpt[], one: Excerpt): readonly Excerpt[] {
  const met = excerpts.find((other) => overlap(other, one));
  return met === undefined ? [...excerpts, one] : added(excerpts.filter((other) => other !== met), around(met, one));
}

function overlap(a: Excerpt, b: Excerpt): boolean {
  const isSameChart = a.level === b.level && a.chart === b.chart;
  return isSameChart && a.col < b.col + b.width && b.col < a.col + a.width && a.row < b.row + b.height && b.row < a.row + a.height;
}

function around(a: Excerpt, b: Excerpt): Excerpt {
  const [col, row] = [Math.min(a.col, b.col), Math.min(a.row, b.row)];
  const [right, bottom] = [Math.max(a.col + a.width, b.col + b.width), Math.max(a.row + a.height, b.row + b.height)];
  return { ...a, col, row, width: right - col, height: bottom - row };
}

function excerptsOfPart({ level, chart, col, row, width, height }: PlanPart, { lattice }: Level): readonly Excerpt[] {
  const beyond = Math.max(0, -row, row + height - lattice.height);
  const top = Math.max(0, Math.min(row, lattice.height - beyond));
  const rows = { level, chart, row: top, height: Math.min(lattice.height, Math.max(row + height, beyond)) - top };
  const period = lattice.periodCols;
  if (period === null) {
    const left = Math.min(Math.max(0, col), lattice.width - 1);
    return [{ ...rows, col: left, width: Math.max(1, Math.min(lattice.width, col + width) - left) }];
  }
  if (beyond > 0 || width >= period) return [{ ...rows, col: 0, width: lattice.width }];
  const left = ((col % period) + period) % period;
  if (left + width <= period) return [{ ...rows, col: left, width }];
  return [{ ...rows, col: left, width: period - left }, { ...rows, col: 0, width: left + width - period }];
}
