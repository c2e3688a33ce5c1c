import type { TileMatrixSet } from '../../geometry/pyramid/tileMatrixSet.ts';
import type { LayerSpec } from './path.ts';

/** The name of a grid in TMS addresses: its CRS without the colon ('IAU_201530100'), as MapProxy writes it. */
export function specOfSet(set: TileMatrixSet): string {
  return set.crs.id.replace(':', '');
}

/** The numbers under which the web Mercator was known. */
const MERCATOR_SPECS: readonly string[] = Object.freeze(['EPSG900913', 'EPSG3857', 'EPSG102100', 'EPSG102113']);

function isNamed(set: TileMatrixSet, spec: string): boolean {
  return set.id === spec || specOfSet(set) === spec || (set.crs.id === 'EPSG:3857' && MERCATOR_SPECS.includes(spec));
}

/** A layer's grid where the address names none: MapProxy prefers the web Mercator, then EPSG:4326, then the first. */
function defaultSet(sets: readonly TileMatrixSet[]): TileMatrixSet | undefined {
  const preferred = ['EPSG:3857', 'EPSG:4326'].map((id) => sets.find((set) => set.crs.id === id));
  return preferred.find((set) => set !== undefined) ?? sets[0];
}

/**
 * The layer and grid that an address means, or null. The grid may be named, given by its CRS, joined to the layer by '_'
 * ('moon_EPSG4326'), or left out. @param setsOf the grids of a layer; undefined where there is no such layer
 */
export function resolveLayerSpec(
  { layer, spec }: LayerSpec,
  setsOf: (layer: string) => readonly TileMatrixSet[] | undefined,
): { readonly layer: string; readonly set: TileMatrixSet } | null {
  const sets = setsOf(layer);
  if (sets !== undefined) {
    const set = spec === null ? defaultSet(sets) : (sets.find((candidate) => candidate.id === spec) ?? sets.find((candidate) => isNamed(candidate, spec)));
    return set === undefined ? null : { layer, set };
  }
  if (spec !== null) return null;
  const cuts = [...layer.matchAll(/_/g)].map((found) => found.index).toReversed();
  for (const cut of cuts) {
    const name = layer.slice(0, cut);
    const set = setsOf(name)?.find((candidate) => isNamed(candidate, layer.slice(cut + 1)));
    if (set !== undefined) return { layer: name, set };
  }
  return null;
}
