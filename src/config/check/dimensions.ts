import type { Plain } from '../yaml/tree.ts';
import { type Finding, type PlainMap, layersOf, mapAt, textsAt } from './finding.ts';

/** Dimensions that no source of their layer hands on to its upstream: each value would show the same picture. */
export function checkDimensions(data: Plain): Finding[] {
  return layersOf(mapAt(data)['layers']).flatMap(({ layer, path }) => {
    const used = [...textsAt(layer['sources'], []), ...textsAt(layer['tile_sources'], [])].flatMap(({ text }) => forwardedBy(text, data, new Set()) ?? [ANY]);
    if (used.includes(ANY)) return [];
    return Object.keys(mapAt(layer, 'dimensions')).filter((name) => !used.includes(name.toLowerCase())).map((name): Finding => ({
      severity: 'warning', path: [...path, 'dimensions', name], atKey: true,
      message: `no source of the layer has '${name}' in its forward_req_params: all values show the same picture`,
    }));
  });
}

/** Of a cache that shows what lies in it: its tiles may be of any values. */
const ANY = '*';

/** What a source, or those of a cache, hand on, in lower case; null = there is no such source. */
function forwardedBy(name: string, data: Plain, seen: ReadonlySet<string>): readonly string[] | null {
  const source = sourceNamed(name, data);
  if (source !== null) return source['seed_only'] === true ? [ANY] : textsAt(source['forward_req_params'], []).map(({ text }) => text.toLowerCase());
  const caches = mapAt(data, 'caches');
  if (!Object.hasOwn(caches, name) || seen.has(name)) return null;
  const sources = textsAt(mapAt(caches, name)['sources'], []);
  return sources.length === 0 ? [ANY] : sources.flatMap(({ text }) => forwardedBy(text, data, new Set([...seen, name])) ?? [ANY]);
}

/** Also by `name:layer1,layer2`. */
function sourceNamed(name: string, data: Plain): PlainMap | null {
  const sources = mapAt(data, 'sources');
  const own = [name, name.split(':', 1)[0]!].find((one) => Object.hasOwn(sources, one));
  return own === undefined ? null : mapAt(sources, own);
}
