import { GatewayError } from '../../errors.ts';
import { createFileStore } from '../../io/cache/store/file.ts';
import type { TileKey, TileStore } from '../../io/cache/types.ts';
import type { HipsLayer } from '../../layer/types.ts';
import { formatMetadata } from '../../protocol/hips/metadata.ts';
import { mocCellsAt, mocCountAt, mocIntersection, type Moc } from '../../protocol/hips/moc.ts';
import { formatMocFits } from '../../protocol/hips/mocFits.ts';
import { formatAllskyPath, formatTilePath, MAX_ALLSKY_ORDER } from '../../protocol/hips/path.ts';
import { EXTENSION_OF, type ImageFormat } from '../../raster/format.ts';
import type { Part } from '../coverage.ts';
import type { TileWork } from '../work.ts';
import type { ExportPlan, ExportWish } from './plan.ts';

/** Keys name their cache; a folder holds one HiPS. */
const ALL = 'hips';

/**
 * A HiPS as a folder of files (IVOA HiPS 1.0, 4): tiles of all orders, Allsky, Moc.fits, preview.jpg, metadata.xml and, when all the rest
 * is there, properties.
 * @throws GatewayError CONFIG_INVALID for what the layer has not
 */
/** @param part of the layer; null = all */
export function hipsPlan(layer: HipsLayer, wish: ExportWish, part: Part | null): ExportPlan {
  const order = orderOf(layer, wish.levels);
  const format = formatOf(layer, wish.format);
  const coverage = part === null ? layer.coverage : mocIntersection(layer.coverage, part.cellsOn(layer.frame, order));
  const store = createFileStore(wish.dest, { pathOf: ({ tile, extension }) => (extension === '' ? tile : `${tile}.${extension}`) });
  const orders = Array.from({ length: order + 1 }, (_, each) => each);
  const copied = { order, formats: [format], coverage };
  return {
    identity: {
      layer: layer.name, type: wish.type, order, tileWidth: layer.tileWidth, format, frame: layer.frame.id, coverage: part?.identity ?? null,
      modified: layer.modified.toISOString(),
    },
    levels: orders.map((level) => ({ level, tiles: mocCountAt(coverage, level) })),
    tiles: () => tilesOf(layer, { orders, format, coverage, store }),
    async finish(signal) {
      await store.put(fileKey('Moc.fits'), formatMocFits(coverage, { frame: layer.frame }));
      // An Allsky shows the whole layer: beside a part of it, it would show what is not there.
      if (part === null) await putAllsky(layer, Math.min(order, MAX_ALLSKY_ORDER), format, store, signal);
      await store.put(fileKey('preview.jpg'), (await layer.preview(signal)).bytes);
      const properties = layer.properties(wish.url, copied);
      await store.put(fileKey('metadata.xml'), Buffer.from(formatMetadata(properties)));
      await store.put(fileKey('properties'), Buffer.from(properties));
    },
    close: () => store.close(),
  };
}

function fileKey(name: string): TileKey {
  return { cache: ALL, tile: name, extension: '' };
}

async function putAllsky(layer: HipsLayer, order: number, format: ImageFormat, store: TileStore, signal: AbortSignal): Promise<void> {
  const { bytes } = await layer.allsky(order, format, signal);
  await store.put({ cache: ALL, tile: formatAllskyPath(order), extension: EXTENSION_OF[format] }, bytes);
}

/** A HiPS has all orders down to its deepest one (HiPS 1.0, 4.1; viewers rely on it). */
function orderOf({ order, name }: HipsLayer, levels: ExportWish['levels']): number {
  if (levels === null) return order;
  const deepest = levels.at(-1)!;
  if (deepest > order) throw new GatewayError('CONFIG_INVALID', `order ${deepest} is deeper than the HiPS '${name}': 0-${order}`);
  if (levels.length !== deepest + 1) throw new GatewayError('CONFIG_INVALID', `a HiPS has all orders from 0 on: --levels 0-${deepest}`);
  return deepest;
}

function formatOf({ formats, name }: HipsLayer, wanted: ImageFormat | null): ImageFormat {
  if (wanted === null) return formats[0]!;
  if (formats.includes(wanted)) return wanted;
  throw new GatewayError('CONFIG_INVALID', `the HiPS '${name}' has no tiles in ${wanted}: ${formats.join(', ')}`);
}

interface Tiles {
  readonly orders: readonly number[];
  readonly format: ImageFormat;
  readonly coverage: Moc;
  readonly store: TileStore;
}

function* tilesOf(layer: HipsLayer, { orders, format, coverage, store }: Tiles): Generator<TileWork> {
  for (const order of orders) {
    for (const npix of mocCellsAt(coverage, order)) {
      const key: TileKey = { cache: ALL, tile: formatTilePath(order, npix), extension: EXTENSION_OF[format] };
      yield {
        name: key.tile,
        isThere: async () => (await store.get(key)) !== undefined,
        async make(signal) {
          const tile = await layer.tile(order, npix, format, signal);
          if (tile !== null) await store.put(key, tile.bytes);
          return tile?.bytes.length ?? 0;
        },
      };
    }
  }
}
