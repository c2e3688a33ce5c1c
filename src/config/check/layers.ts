import type { Plain } from '../yaml/tree.ts';
import { type Finding, type LayerAt, layersOf, mapAt, textsAt } from './finding.ts';

/** Layers that could not be told apart, could not be addressed or show nothing. */
export function checkLayers(data: Plain): Finding[] {
  const all = layersOf(mapAt(data)['layers']);
  return [...duplicateNames(all), ...all.flatMap((at) => [...checkName(at), ...checkContent(at)])];
}

function duplicateNames(all: readonly LayerAt[]): Finding[] {
  const seen = new Set<string>();
  return all.flatMap(({ layer, path }) =>
    textsAt(layer['name'], [...path, 'name']).flatMap((name): Finding[] => {
      const isNew = !seen.has(name.text);
      seen.add(name.text);
      return isNew ? [] : [{ severity: 'error', path: name.path, message: `there is another layer '${name.text}'` }];
    }),
  );
}

/** A name is a step of a path: /hips/{layer}/properties. */
function checkName({ layer, path }: LayerAt): Finding[] {
  return textsAt(layer['name'], [...path, 'name']).flatMap(({ text, path: at }): Finding[] => {
    const isStep = text.trim() !== '' && !/[/\\?#%,\u007F]/.test(text) && text !== '.' && text !== '..';
    return isStep ? [] : [{ severity: 'error', path: at, message: `'${text}' cannot be part of an address: a name is not empty and has none of / \\ ? # % ,` }];
  });
}

function checkContent({ layer, path }: LayerAt): Finding[] {
  const has = (key: string): boolean => layer[key] !== undefined;
  if (!has('sources') && !has('layers') && !has('tile_sources')) {
    return [{ severity: 'error', path, message: 'a layer needs sources, tile_sources or layers' }];
  }
  if (!has('name') && has('sources')) return [{ severity: 'warning', path, message: 'without a name nobody can ask for this layer' }];
  return [];
}
