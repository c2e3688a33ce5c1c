import type { Entry, ListTree, MapTree, Tree } from './yaml/tree.ts';

const LAYER_KEYS: readonly string[] = ['layers', 'name', 'title', 'sources'];

/**
 * `layers:` as a list. MapProxy also reads a map there: one root layer (it has `title` and `layers` or the like), or layers by
 * name, as configurations before 1.4 had it.
 */
export function withLayerList(tree: MapTree): MapTree {
  const entry = tree.entries.get('layers');
  if (entry?.value.kind !== 'map') return tree;
  const entries = new Map<string, Entry>(tree.entries);
  entries.set('layers', { keyAt: entry.keyAt, value: listOf(entry.value) });
  return { ...tree, entries };
}

function listOf(layers: MapTree): ListTree {
  const isRoot = LAYER_KEYS.filter((key) => layers.entries.has(key)).length > 1;
  if (isRoot) return { kind: 'list', at: layers.at, items: [layers] };
  return { kind: 'list', at: layers.at, items: [...layers.entries].map(([name, entry]) => named(name, entry)) };
}

function named(name: string, { keyAt, value }: Entry): Tree {
  if (value.kind !== 'map') return value;
  const entries = new Map<string, Entry>([['name', { keyAt, value: { kind: 'scalar', at: keyAt, value: name } }], ...value.entries]);
  return { ...value, entries };
}
