import type { Frame } from '../../geometry/frame/frame.ts';
import type { Joint } from '../../io/source/mapServer.ts';
import type { MapNames } from '../../io/source/types.ts';
import type { WmsSourceConfig } from '../types.ts';

/** Layers and styles of one GetMap for several, the lowest first: as many styles as layers, or none at all. */
export function joinedNames(all: readonly MapNames[]): { readonly layers: readonly string[]; readonly styles: readonly string[] } {
  const layers = all.flatMap((names) => names.layers.split(','));
  if (all.length === 1) return { layers, styles: all[0]!.styles.split(',') };
  return { layers, styles: all.every(({ styles }) => styles === '') ? [''] : all.flatMap(stylesOfEach) };
}

function stylesOfEach({ layers, styles }: MapNames): readonly string[] {
  const given = styles.split(',');
  return layers.split(',').map((_, i) => given[i] ?? '');
}

/** What only one of several would mean: styles of named layers, and values that count for every layer of a request. */
const OF_ONE = /^(?:sld|sld_body)$/i;

/**
 * How a WMS draws the layers of another source of the same service in one request, as MapProxy does it (source/wms.py, _is_compatible): all
 * but layers and styles are the same. Where pixels are changed after they have come (a colour made transparent, an error replaced), each
 * is asked by itself, since the pictures would not be those that are laid over each other.
 */
export function jointOf(config: WmsSourceConfig, names: MapNames, frame: Frame | null): Joint | null {
  const { name: _name, path: _path, layers: _layers, styles: _styles, transparent, wms_opts: { version }, image: { opacity: _opacity, ...image }, ...same } = config;
  if (names.layers === '' || image.transparent_color !== null || Object.keys(config.on_error).length > 0 || Object.keys(config.params).some((key) => OF_ONE.test(key))) return null;
  const key = JSON.stringify([same, version, image, frame?.id ?? null], (part, value: unknown) => (part === 'path' ? undefined : value)); // where an option stands in the file
  return { key, names, isClear: transparent };
}
