import type { Entry, ListTree, MapTree, Tree } from './tree.ts';

/** Lists that are one value: `base:` files replace them instead of adding to them. */
const REPLACED_LISTS: ReadonlySet<string> = new Set(['bbox', 'tile_size', 'max_output_pixels', 'sources', 'grids', 'res']);

/**
 * MapProxy's rule for `base:`: what `over` says wins over `base`; maps are merged; most lists are joined, base first; an
 * empty list deletes; `layers` are merged by name. Neither argument is changed.
 */
export function mergeTrees(over: MapTree, base: MapTree): MapTree {
  const entries = new Map<string, Entry>(base.entries);
  for (const [key, entry] of over.entries) {
    const below = base.entries.get(key);
    if (below === undefined) entries.set(key, entry);
    else if (!isNull(entry.value) || below.value.kind === 'scalar') {
      const value = mergeValues(key, entry.value, below.value);
      if (value === null) entries.delete(key);
      else entries.set(key, { keyAt: entry.keyAt, value });
    }
  }
  return { kind: 'map', at: over.at, entries };
}

function mergeValues(key: string, over: Tree, base: Tree): Tree | null {
  if (over.kind === 'map' && base.kind === 'map') return mergeTrees(over, base);
  if (over.kind !== 'list' || base.kind !== 'list') return over;
  if (REPLACED_LISTS.has(key)) return over;
  if (key === 'layers') return mergeLayers(over, base);
  return over.items.length === 0 ? null : { kind: 'list', at: over.at, items: [...base.items, ...over.items] };
}

function mergeLayers(over: ListTree, base: ListTree): ListTree {
  const waiting = new Map(over.items.map((layer, index) => [layerName(layer) ?? `#${index}`, layer]));
  const merged = base.items.map((below) => {
    const name = layerName(below);
    const layer = name === undefined ? undefined : waiting.get(name);
    if (name === undefined || layer?.kind !== 'map' || below.kind !== 'map') return below;
    waiting.delete(name);
    return mergeTrees(layer, below);
  });
  return { kind: 'list', at: over.at, items: [...merged, ...waiting.values()] };
}

function layerName(layer: Tree): string | undefined {
  const name = layer.kind === 'map' ? layer.entries.get('name')?.value : undefined;
  return name?.kind === 'scalar' && name.value !== null ? String(name.value) : undefined;
}

function isNull(tree: Tree): boolean {
  return tree.kind === 'scalar' && tree.value === null;
}
