import { createHash } from 'node:crypto';
import { GatewayError } from '../../errors.ts';
import { DEGREE } from '../../geometry/angles.ts';
import { crsLatticeOfBbox } from '../../geometry/lattice/crsLattice.ts';
import type { PixelGrid } from '../../geometry/lattice/types.ts';
import { hipsGrid } from '../../geometry/pyramid/hips.ts';
import { tileBbox, type TileAddress, type TileMatrixSet } from '../../geometry/pyramid/tileMatrixSet.ts';
import { regionHolds, regionHoldsPixel } from '../../geometry/region/holds.ts';
import type { Region } from '../../geometry/region/types.ts';
import type { Encoded, HipsLayer, MapLayer, PointInfo, TileLayer } from '../../layer/types.ts';
import { over } from '../../raster/blend.ts';
import { dressed, NO_DRESS, whatCame, windowed } from '../../raster/dress.ts';
import type { ImageFormat } from '../../raster/format.ts';
import type { Raster } from '../../raster/raster.ts';
import type { MapsNode } from '../types.ts';
import type { Limit, Pictures } from './types.ts';

function encodedOf(bytes: Uint8Array, contentType: string, modified: Date): Encoded {
  return { bytes, contentType, etag: `"${createHash('sha1').update(bytes).digest('base64url')}"`, modified };
}

/** A picture without what lies outside; the very picture where all of it lies inside. */
async function cut(encoded: Encoded, gridOf: (raster: Raster) => PixelGrid, region: Region, format: ImageFormat, pictures: Pictures): Promise<Encoded> {
  const raster = await pictures.decode(encoded.bytes);
  const inside = pictures.clip(raster, gridOf(raster), region);
  return inside === raster ? encoded : encodedOf(await pictures.encode(inside, format), format, encoded.modified);
}

function gridOfTile({ crs }: TileMatrixSet, { matrix, col, row }: TileAddress, { width, height }: Raster): PixelGrid {
  return { lattice: crsLatticeOfBbox(crs, tileBbox(matrix, col, row), width, height), chart: 0, col: 0, row: 0, width, height };
}

/** What is under a pixel, or only where it is. */
function infoInside(info: PointInfo, region: Region): PointInfo {
  return regionHolds(region, info.lon * DEGREE, info.lat * DEGREE) ? info : { ...info, value: [], hips: null };
}

/** Upstreams that are asked about places inside only. */
function askInside({ askInfo }: Pick<MapLayer, 'askInfo'>, region: Region): Pick<MapLayer, 'askInfo'> {
  return askInfo === undefined ? {} : { askInfo: async (question, signal) => (regionHoldsPixel(region, question) ? askInfo(question, signal) : []) };
}

/** Tiles of which pixels outside are transparent (white where the format knows no transparency). */
export function limitedTiles(layer: TileLayer, limit: Limit, pictures: Pictures): TileLayer {
  const { regionOn } = limit;
  return {
    ...layer,
    at: (values) => limitedTiles(layer.at(values), limit, pictures),
    async tile(set, address, format, scale, signal) {
      const encoded = await layer.tile(set, address, format, scale, signal);
      return encoded === null ? null : cut(encoded, (raster) => gridOfTile(set, address, raster), regionOn(set.crs.frame), format, pictures);
    },
    info: async (set, address, i, j, signal) => infoInside(await layer.info(set, address, i, j, signal), regionOn(layer.frame)),
    ...askInside(layer, regionOn(layer.frame)),
  };
}

/** A HiPS of which pixels outside are transparent. Its mosaics are not cut, so there are none. */
export function limitedHips(layer: HipsLayer, { regionOn }: Limit, pictures: Pictures): HipsLayer {
  const none = async (): Promise<never> => {
    throw new GatewayError('OPERATION_NOT_SUPPORTED', `of '${layer.name}' you may see a part: there are tiles of it, but no mosaic`);
  };
  return {
    ...layer,
    async tile(order, npix, format, signal) {
      const encoded = await layer.tile(order, npix, format, signal);
      return encoded === null ? null : cut(encoded, () => hipsGrid(layer.frame, { order, npix }, layer.tileWidth), regionOn(layer.frame), format, pictures);
    },
    tileInMemory: () => undefined,
    allsky: none,
    preview: none,
  };
}

/** A layer of maps that tells nothing of places outside. Its pictures are cut where they are drawn: limitedDraw. */
export function limitedInfo(layer: MapLayer, limit: Limit): MapLayer {
  const region = limit.regionOn(layer.frame);
  return {
    ...layer,
    at: (values) => limitedInfo(layer.at(values), limit),
    info: async (lon, lat, pixelAngle, signal) => infoInside(await layer.info(lon, lat, pixelAngle, signal), region),
    ...askInside(layer, region),
  };
}

/** Draws maps as a node does; where a layer is limited, each layer is drawn for itself, cut, and laid over those below. */
export function limitedDraw(node: MapsNode, limitOf: (layer: string) => Limit | null, pictures: Pictures): MapsNode['draw'] {
  return async (layers, grid, style, signal) => {
    if (layers.every(({ name }) => limitOf(name) === null)) return node.draw(layers, grid, style, signal);
    const { format } = style;
    if (format === 'image/tiff') throw new GatewayError('FORMAT_NOT_SUPPORTED', 'of these layers you may see a part, which is not made as TIFF: image/png', { locator: 'FORMAT' });
    const drawn = async (layer: MapLayer, part: PixelGrid): Promise<Raster> => {
      const { bytes } = await node.draw([layer], part, { format: 'image/png', transparent: true, background: style.background }, signal);
      const raster = await pictures.decode(bytes);
      const limit = limitOf(layer.name);
      return limit === null ? raster : pictures.clip(raster, part, limit.regionOn(part.lattice.frame));
    };
    const dress = style.isMap === true ? node.dressOf(grid) : NO_DRESS;
    let isPartial = false;
    const picture = await windowed(grid, dress, async (part) => {
      const { rasters, missing } = await whatCame(layers.map((layer) => ({ names: [layer.name], raster: drawn(layer, part) })), dress);
      isPartial = missing.length > 0;
      return dressed(rasters.reduce(over), missing, dress);
    });
    const modified = new Date(Math.max(...layers.map((layer) => layer.modified.getTime())));
    const encoded = encodedOf(await node.encode(picture, style), format, modified);
    return isPartial ? { ...encoded, isPartial } : encoded;
  };
}
