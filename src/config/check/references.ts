import { suggest, withSuggestion } from '../suggest.ts';
import type { Plain } from '../yaml/tree.ts';
import { type Finding, type Knowledge, type PlainMap, type TextAt, layersOf, mapAt, members, textsAt } from './finding.ts';

/** Names that point to nothing: layers to sources and caches, caches to sources and grids, sources to grids, grids to their base. */
export function checkReferences(data: Plain, knowledge: Knowledge): Finding[] {
  return [
    ...layersOf(mapAt(data)['layers']).flatMap(({ layer, path }) => [
      ...textsAt(layer['sources'], [...path, 'sources']).flatMap((name) => checkSourceName(name, data)),
      ...textsAt(mapAt(layer, 'md', 'hips')['tile_cache'], [...path, 'md', 'hips', 'tile_cache']).flatMap((name) => checkTileSource(name, data)),
      ...textsAt(layer['tile_sources'], [...path, 'tile_sources']).flatMap((name) => checkTileSource(name, data)),
    ]),
    ...textsAt(mapAt(data, 'services', 'hips')['tile_cache'], ['services', 'hips', 'tile_cache']).flatMap((name) => checkTileSource(name, data)),
    ...members(data, 'caches').flatMap(([name, cache]) => checkCache(name, cache, data, knowledge)),
    ...members(data, 'sources').flatMap(([name, source]) => textsAt(source['grid'], ['sources', name, 'grid']).flatMap((grid) => checkGridName(grid, data, knowledge))),
    ...members(data, 'grids').flatMap(([name, grid]) => checkGridReferences(name, grid, data, knowledge)),
    ...checkDatasetLayers(data),
    ...cycles(data, 'caches', (cache) => cachesOf(cache, data)),
    ...cycles(data, 'grids', (grid) => ['base', 'align_resolutions_with'].flatMap((key) => textsAt(grid[key], [key]))),
  ];
}

/** `name` of a source or cache, or `name:layer1,layer2` of a WMS source. */
function checkSourceName({ text, path }: TextAt, data: Plain): Finding[] {
  const sources = mapAt(data, 'sources');
  const caches = mapAt(data, 'caches');
  const known = [...Object.keys(sources), ...Object.keys(caches)];
  const tag = text.indexOf(':');
  if (known.includes(text)) return needsLayers(text, path, data);
  const name = tag < 0 ? text : text.slice(0, tag);
  if (tag > 0 && Object.hasOwn(sources, name)) return checkTagged(name, path, data);
  const message = `there is no source or cache '${name}'; there are: ${known.join(', ') || 'none'}`;
  return [{ severity: 'error', path, message, ...withSuggestion(name, known) }];
}

function checkTagged(name: string, path: TextAt['path'], data: Plain): Finding[] {
  const { type } = mapAt(data, 'sources', name);
  if (type === 'wms' || type === undefined) return [];
  return [{ severity: 'error', path, message: `only layers of WMS sources can be chosen with ':', and '${name}' is of type '${String(type)}'` }];
}

function needsLayers(name: string, path: TextAt['path'], data: Plain): Finding[] {
  const source = mapAt(data, 'sources', name);
  if (Object.hasOwn(mapAt(data, 'caches'), name) || source['type'] !== 'wms') return [];
  const req = mapAt(source, 'req');
  if (['layers', 'sld', 'sld_body'].some((key) => req[key] !== undefined)) return [];
  return [{ severity: 'error', path, message: `the WMS source '${name}' has no req.layers: name them there, or here as '${name}:layer1,layer2'` }];
}

function checkTileSource({ text, path }: TextAt, data: Plain): Finding[] {
  const known = Object.keys(mapAt(data, 'caches'));
  if (known.includes(text)) return [];
  const message = `there is no cache '${text}'; there are: ${known.join(', ') || 'none'}`;
  return [{ severity: 'error', path, message, ...withSuggestion(text, known) }];
}

function checkCache(name: string, cache: PlainMap, data: Plain, knowledge: Knowledge): Finding[] {
  return [
    ...textsAt(cache['sources'], ['caches', name, 'sources']).flatMap((source) => checkSourceName(source, data)),
    ...textsAt(cache['grids'], ['caches', name, 'grids']).flatMap((grid) => checkGridName(grid, data, knowledge)),
  ];
}

/** MapProxy's predefined grids, and how those of the bodies are named. */
const GLOBAL_GRIDS: readonly string[] = ['GLOBAL_GEODETIC', 'GLOBAL_MERCATOR', 'GLOBAL_WEBMERCATOR'];

function checkGridName({ text, path }: TextAt, data: Plain, knowledge: Knowledge): Finding[] {
  const own = Object.keys(mapAt(data, 'grids'));
  if (own.includes(text) || knowledge.isPredefinedGrid(text)) return [];
  const message = `there is no grid '${text}'; there are: ${[...own, ...GLOBAL_GRIDS, ...knowledge.gridsOf('body')].join(', ')}`;
  const suggestion = suggest(text, [...own, ...GLOBAL_GRIDS]) ?? suggest(text, knowledge.bodies.flatMap(knowledge.gridsOf));
  return [{ severity: 'error', path, message, ...(suggestion === undefined ? {} : { suggestion }) }];
}

function checkGridReferences(name: string, grid: PlainMap, data: Plain, knowledge: Knowledge): Finding[] {
  return ['base', 'align_resolutions_with'].flatMap((key) => textsAt(grid[key], ['grids', name, key])).flatMap((other) => checkGridName(other, data, knowledge));
}

function checkDatasetLayers(data: Plain): Finding[] {
  const known = layersOf(mapAt(data)['layers']).flatMap(({ layer }) => textsAt(layer['name'], []).map(({ text }) => text));
  const wanted = textsAt(mapAt(data, 'services', 'ogcapi')['default_dataset_layers'], ['services', 'ogcapi', 'default_dataset_layers']);
  return wanted
    .filter(({ text }) => !known.includes(text))
    .map(({ text, path }) => ({ severity: 'error', path, message: `there is no layer '${text}'; there are: ${known.join(', ')}`, ...withSuggestion(text, known) }));
}

/** In a cache a name means the source of that name before the cache, as in MapProxy. */
function cachesOf(cache: PlainMap, data: Plain): TextAt[] {
  return textsAt(cache['sources'], ['sources']).filter(({ text }) => !Object.hasOwn(mapAt(data, 'sources'), text));
}

/** Members of a section that, followed by name, lead back to themselves. */
function cycles(data: Plain, section: 'caches' | 'grids', next: (member: PlainMap) => TextAt[]): Finding[] {
  const all = new Map(members(data, section));
  return [...all].flatMap(([name, member]) =>
    next(member)
      .filter(({ text }) => reaches(text, name, all, next))
      .map(({ text, path }) => ({ severity: 'error' as const, path: [section, name, ...path], message: `'${text}' leads back to '${name}'` })),
  );
}

function reaches(from: string, to: string, all: ReadonlyMap<string, PlainMap>, next: (member: PlainMap) => TextAt[]): boolean {
  const seen = new Set<string>();
  const waiting = [from];
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    const member = all.get(name);
    if (name === to) return true;
    if (member === undefined || seen.has(name)) continue;
    seen.add(name);
    waiting.push(...next(member).map(({ text }) => text));
  }
  return false;
}
