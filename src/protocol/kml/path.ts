import { formatOfExtension } from '../../raster/format.ts';
import type { LayerSpec, TilePath } from '../tms/path.ts';
import type { TileNumbers } from '../tms/profile.ts';

/** What an address below /kml means: the document that a layer begins with, that of a tile, or the tile itself. */
export type KmlPath = ({ readonly kind: 'root' } & LayerSpec) | ({ readonly kind: 'document' } & LayerSpec & TileNumbers) | TilePath;

const ROOT = /^\/([^/]+)(?:\/([^/]+))?\/?$/;
const TILE = /^\/([^/]+)(?:\/([^/]+))?\/(\d{1,3})\/(\d{1,15})\/(\d{1,15})\.(\w+)$/;

/** null where a % escape is broken: such an address names nothing. */
function specOf(layer: string | undefined, spec: string | undefined): LayerSpec | null {
  try {
    return { layer: decodeURIComponent(layer ?? ''), spec: spec === undefined ? null : decodeURIComponent(spec) };
  } catch {
    return null;
  }
}

function tileOf([, layer, spec, z, x, y, extension = '']: readonly (string | undefined)[]): KmlPath | null {
  const named = specOf(layer, spec);
  if (named === null) return null;
  const numbers = { z: Number(z), x: Number(x), y: Number(y) };
  const ending = extension.toLowerCase();
  if (ending === 'kml') return { kind: 'document', ...named, ...numbers };
  const format = formatOfExtension(ending === 'jpeg' ? 'jpg' : ending);
  return format === undefined ? null : { kind: 'tile', ...named, ...numbers, format };
}

/** An address below /kml, still %-encoded ('/moon/EPSG4326/3/1/2.kml'); null where it means nothing (404). */
export function parseKmlPath(path: string): KmlPath | null {
  const tile = TILE.exec(path);
  if (tile !== null) return tileOf(tile);
  const root = ROOT.exec(path);
  const named = root === null ? null : specOf(root[1], root[2]);
  return named === null ? null : { kind: 'root', ...named };
}
