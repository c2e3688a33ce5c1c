import type { ConfigPath } from '../issue.ts';
import { isMap } from '../schema/walk.ts';
import type { Plain } from '../yaml/tree.ts';
import { type Finding, type Knowledge, type TextAt, mapAt, members, textsAt } from './finding.ts';

/**
 * Reference systems that are not known. Where pixels depend on one it is an error; in a list of what may be asked for, it is
 * left out with a warning.
 */
export function checkSrs(data: Plain, knowledge: Knowledge): Finding[] {
  const needed = [...srsOfSources(data), ...srsOfCaches(data), ...srsOfGrids(data)].filter(({ text }) => !knowledge.isKnownCrs(text));
  const offered = srsOffered(data).filter(({ text }) => !knowledge.isKnownCrs(text));
  return [
    ...needed.map((at) => unknown(at, 'error', '')),
    ...offered.map((at) => unknown(at, 'warning', ' and is left out')),
  ];
}

function unknown({ text, path }: TextAt, severity: Finding['severity'], consequence: string): Finding {
  return { severity, path, message: `the reference system '${text}' is not known${consequence}${hint(text)}` };
}

function hint(id: string): string {
  return /^[A-Za-z][\w.]*:\S+$/.test(id.trim()) ? '' : "; allowed: 'EPSG:4326', 'CRS:84', 'IAU_2015:49900', ...";
}

function srsOfSources(data: Plain): TextAt[] {
  return members(data, 'sources').flatMap(([name, source]) => {
    const path = ['sources', name];
    const own = ['srs', 'srs_override'].flatMap((key) => textsAt(source[key], [...path, key]));
    return [...own, ...srsOfCoverage(source['coverage'], [...path, 'coverage'])];
  });
}

function srsOfCaches(data: Plain): TextAt[] {
  return members(data, 'caches').flatMap(([name, cache]) => srsOfCoverage(mapAt(cache, 'cache')['coverage'], ['caches', name, 'cache', 'coverage']));
}

function srsOfCoverage(coverage: Plain | undefined, path: ConfigPath): TextAt[] {
  const map = mapAt(coverage);
  const own = ['srs', 'bbox_srs', 'polygons_srs', 'ogr_srs'].flatMap((key) => textsAt(map[key], [...path, key]));
  const inner = ['union', 'intersection', 'difference'].flatMap((key) => {
    const parts = map[key];
    return Array.isArray(parts) ? parts.flatMap((part, index) => srsOfCoverage(part, [...path, key, index])) : [];
  });
  return [...own, ...inner];
}

function srsOfGrids(data: Plain): TextAt[] {
  return members(data, 'grids').flatMap(([name, grid]) => ['srs', 'bbox_srs'].flatMap((key) => textsAt(grid[key], ['grids', name, key])));
}

function srsOffered(data: Plain): TextAt[] {
  const wms = mapAt(data, 'services', 'wms');
  const preferred = Object.entries(mapAt(data, 'globals', 'srs', 'preferred_src_proj'));
  return [
    ...textsAt(wms['srs'], ['services', 'wms', 'srs']),
    ...boundingBoxSrs(wms['bbox_srs']),
    ...textsAt(mapAt(data, 'services', 'ogcapi')['map_srs'], ['services', 'ogcapi', 'map_srs']),
    ...members(data, 'sources').flatMap(([name, source]) => textsAt(source['supported_srs'], ['sources', name, 'supported_srs'])),
    ...preferred.flatMap(([key, list]) => [{ text: key, path: ['globals', 'srs', 'preferred_src_proj', key] }, ...textsAt(list, ['globals', 'srs', 'preferred_src_proj', key])]),
  ];
}

function boundingBoxSrs(list: Plain | undefined): TextAt[] {
  const path = ['services', 'wms', 'bbox_srs'];
  if (!Array.isArray(list)) return [];
  return list.flatMap((item, index) => (isMap(item) ? textsAt(item['srs'], [...path, index, 'srs']) : textsAt(item, [...path, index])));
}
