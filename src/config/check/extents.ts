import type { ConfigPath } from '../issue.ts';
import { isMap } from '../schema/walk.ts';
import type { Plain } from '../yaml/tree.ts';
import { type Finding, type PlainMap, members } from './finding.ts';

/** Boxes whose edges are in the wrong order, and resolution ranges that hold nothing. */
export function checkExtents(data: Plain): Finding[] {
  const ranges = ['sources', 'grids'].flatMap((section) => members(data, section).flatMap(([name, member]) => checkRange(member, [section, name])));
  return [...checkBoxes(data, []), ...ranges];
}

function checkBoxes(data: Plain, path: ConfigPath): Finding[] {
  if (path[0] === 'parts') return [];
  if (Array.isArray(data)) return data.flatMap((item, index) => checkBoxes(item, [...path, index]));
  if (!isMap(data)) return [];
  return Object.entries(data).flatMap(([key, value]) => (key === 'bbox' ? checkBox(value, [...path, key]) : checkBoxes(value, [...path, key])));
}

function checkBox(value: Plain, path: ConfigPath): Finding[] {
  const numbers = typeof value === 'string' ? value.split(',').map(Number) : Array.isArray(value) ? value : [];
  const [minX, minY, maxX, maxY] = numbers;
  if (typeof minX !== 'number' || typeof minY !== 'number' || typeof maxX !== 'number' || typeof maxY !== 'number' || numbers.length !== 4) return [];
  if (minX < maxX && minY < maxY) return [];
  const axis = minX < maxX ? `minY ${minY} is not below maxY ${maxY}` : `minX ${minX} is not below maxX ${maxX}`;
  return [{ severity: 'error', path, message: `${axis}; a bbox is [minX, minY, maxX, maxY], and one across the dateline goes beyond 180` }];
}

/** min_res is the coarser, larger number. */
function checkRange(member: PlainMap, path: ConfigPath): Finding[] {
  const { min_res: coarsest, max_res: finest } = member;
  if (typeof coarsest !== 'number' || typeof finest !== 'number' || coarsest > finest) return [];
  return [{ severity: 'error', path: [...path, 'min_res'], message: `min_res ${coarsest} is the coarsest resolution and must be above max_res ${finest}` }];
}
