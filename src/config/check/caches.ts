import type { Plain } from '../yaml/tree.ts';
import { type Finding, type PlainMap, mapAt, members, textsAt } from './finding.ts';

/** Options of a cache that exclude each other, or its sources. */
export function checkCaches(data: Plain): Finding[] {
  return members(data, 'caches').flatMap(([name, cache]) => [...checkRescaling(name, cache), ...checkDirect(name, cache, data)]);
}

function checkRescaling(name: string, { upscale_tiles: up = 0, downscale_tiles: down = 0 }: PlainMap): Finding[] {
  if (up === 0 || down === 0) return [];
  return [{ severity: 'error', path: ['caches', name, 'downscale_tiles'], message: 'missing tiles are made of coarser ones or of finer ones: upscale_tiles and downscale_tiles exclude each other' }];
}

/** MapProxy's rule: there must be one source to be asked. */
function checkDirect(name: string, cache: PlainMap, data: Plain): Finding[] {
  const sources = textsAt(cache['sources'], []);
  const isOne = sources.length === 1 && (Object.hasOwn(mapAt(data, 'sources'), sources[0]!.text) || !Object.hasOwn(mapAt(data, 'caches'), sources[0]!.text));
  return ['use_direct_from_level', 'use_direct_from_res']
    .filter((option) => cache[option] !== undefined && cache[option] !== null && !isOne)
    .map((option) => ({ severity: 'error', path: ['caches', name, option], message: 'only a cache of exactly one source, which is no cache, can be passed by' }));
}
