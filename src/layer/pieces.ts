import type { GatewayError } from '../errors.ts';
import type { PixelGrid } from '../geometry/lattice/types.ts';
import type { MapNames } from '../io/source/types.ts';
import { faded, over } from '../raster/blend.ts';
import { dressed, NO_DRESS, whatCame, type MapDress } from '../raster/dress.ts';
import { emptyRaster, type Raster } from '../raster/raster.ts';
import type { Layer } from './types.ts';

/** A picture of a grid that a source draws itself. */
export interface DirectPicture {
  /** Of the grid's size, null = there is nothing. @param above what the same service draws above, in the same picture; the lowest first */
  ask(above: readonly MapNames[], signal: AbortSignal): Promise<Raster | null>;
  /** Pictures of equal keys may be one, if those above are `isClear`; null = it is asked for by itself. */
  readonly joint: { readonly key: string; readonly names: MapNames; readonly isClear: boolean } | null;
}

/** One of the pictures that are laid over each other. */
export interface Piece {
  /** Name of the layer that it is a part of. */
  readonly name: string;
  /** (0, 1] */
  readonly opacity: number;
  readonly direct: DirectPicture | null;
  /** Of a piece that is not direct. */
  draw(signal: AbortSignal): Promise<Raster>;
}

/** Characters of names in one request: more would not fit into an address that every server reads. */
const LONGEST_NAMES = 1500;

/** Pictures laid over each other, bottom first. Neighbours that one request can bring are asked for together. */
export async function drawPieces(pieces: readonly Piece[], grid: PixelGrid, signal: AbortSignal): Promise<Raster> {
  return (await drawMap(pieces, grid, NO_DRESS, signal)).picture;
}

/** A map, and why it is not whole, for the log. */
export interface DrawnMap {
  readonly picture: Raster;
  readonly errors: readonly GatewayError[];
}

/** The same, dressed as a map. @throws as whatCame */
export async function drawMap(pieces: readonly Piece[], { width, height }: PixelGrid, dress: MapDress, signal: AbortSignal): Promise<DrawnMap> {
  const drawn = together(pieces).map((group) => ({
    names: group.map(({ name }) => name),
    raster: drawTogether(group, signal).then((raster) => faded(raster ?? emptyRaster(width, height), group[0]!.opacity)),
  }));
  const { rasters, missing, errors } = await whatCame(drawn, dress);
  const picture = rasters.length === 0 ? emptyRaster(width, height) : rasters.reduce((bottom, top) => over(bottom, top));
  return { picture: dressed(picture, missing, dress), errors };
}

/** Layers laid over each other, as if they were one. */
export function piecesOf(layers: readonly Layer[], grid: PixelGrid): readonly Piece[] {
  return layers.flatMap((layer): readonly Piece[] => layer.pieces?.(grid) ?? [{ name: layer.name, opacity: 1, direct: null, draw: (signal) => layer.render(grid, signal) }]);
}

type Group = readonly Piece[];

function together(pieces: readonly Piece[]): readonly Group[] {
  return pieces.reduce((groups: readonly Group[], piece): readonly Group[] => {
    const last = groups.at(-1);
    return last !== undefined && fits(last, piece) ? [...groups.slice(0, -1), [...last, piece]] : [...groups, [piece]];
  }, []);
}

function fits(group: Group, { opacity, direct }: Piece): boolean {
  const [bottom] = group;
  const joint = direct?.joint ?? null;
  if (joint === null || !joint.isClear || bottom?.direct?.joint?.key !== joint.key || opacity !== 1 || bottom.opacity !== 1) return false;
  return [...group.map((one) => one.direct!.joint!), joint].reduce((sum, { names: { layers, styles } }) => sum + layers.length + styles.length + 2, 0) <= LONGEST_NAMES;
}

async function drawTogether([bottom, ...above]: Group, signal: AbortSignal): Promise<Raster | null> {
  return bottom!.direct === null ? bottom!.draw(signal) : bottom!.direct.ask(above.map(({ direct }) => direct!.joint!.names), signal);
}
