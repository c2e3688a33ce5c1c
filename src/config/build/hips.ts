import { globeCrs } from '../../geometry/crs/globe.ts';
import type { Frame } from '../../geometry/frame/frame.ts';
import { crsLatticeOfBbox } from '../../geometry/lattice/crsLattice.ts';
import type { PixelGrid } from '../../geometry/lattice/types.ts';
import { orderOfResolution } from '../../geometry/pyramid/hips.ts';
import type { TileStore } from '../../io/cache/types.ts';
import { createMemoryStore } from '../../io/cache/store/memory.ts';
import { createHipsLayer } from '../../layer/hips.ts';
import { createLayer } from '../../layer/layer.ts';
import type { HipsLayer } from '../../layer/types.ts';
import { theOnly } from '../../layer/variants.ts';
import { defaultValues } from '../../protocol/dimensions.ts';
import { readFrame } from '../../protocol/hips/frameName.ts';
import { creatorDid } from '../../protocol/hips/properties.ts';
import { DEFAULT_MAX_ERROR } from '../../raster/reproject/types.ts';
import type { HipsLayerConfig, HipsServiceConfig, LayerConfig } from '../types.ts';
import { configError, type BuildContext } from './context.ts';
import type { SourceOf } from './drawing.ts';
import { coverageOfBuilt, passedProperties, passthroughOf } from './hipsSource.ts';
import { markedBelow, markSource } from './marks.ts';
import { frameOfGrids, matrixSetOf } from './grids.ts';
import { sourcesBelow } from './refs.ts';
import { fileName, versionOf, type BuiltSource } from './sources.ts';

/** Order of a HiPS whose source has no resolution of its own (a WMS) and whose configuration names none. */
const DEFAULT_ORDER = 8;
const PREVIEW_WIDTH = 256;
/** The globe fills the preview but for a rim. */
const PREVIEW_REACH = 1.04;

/** A layer of the configuration as a HiPS, which knows no dimensions: it shows their default values. Reads nothing of the sources but their headers. */
export async function buildHipsLayer(
  layer: LayerConfig & { readonly name: string; readonly hips: HipsLayerConfig },
  service: HipsServiceConfig,
  sourceOf: SourceOf,
  context: BuildContext,
): Promise<HipsLayer> {
  const { hips, name, title, abstract } = layer;
  const { config } = context.loaded;
  const named = readFrame(hips.hips_frame, hips.hips_body);
  const built = await Promise.all(sourcesBelow(layer.sources, context.loaded).map((ref) => sourceOf(ref, named, defaultValues(layer.dimensions))));
  const frame = named ?? built[0]!.source.tiling.frame;
  const order = hips.hips_order ?? naturalOrder(built, hips.hips_tile_width);
  const kernel = service.resampling_method;
  const modified = new Date(Math.max(...built.map((one) => (one.modified ?? context.loaded.modified).getTime())));
  const marked = markedBelow(layer.sources, context);
  const marks = marked.map((cache) => markSource(cache, frame, context));
  const version = versionOf([built.map((one) => one.version), kernel, hips.hips_tile_width, frame.id, ...marked.map(({ watermark }) => watermark)]);
  const reproject = { kernel, maxError: DEFAULT_MAX_ERROR, maxPatches: config.globals.cache.max_tile_limit };
  const drawn = createLayer({ name, title, abstract, frame, sources: [...built.map(({ source }) => source), ...marks], reproject });
  const paintAs = `hips ${name}`;
  context.layers.set(paintAs, theOnly(drawn));
  try {
    return createHipsLayer({
      layer: drawn,
      order,
      tileWidth: hips.hips_tile_width,
      formats: hips.formats,
      coverage: coverageOfBuilt(frame, built, order),
      ...(marks.length === 0 ? passthroughOf(built, hips, frame) : {}),
      properties: {
        creatorDid: hips.creator_did ?? creatorDid(authorityOf(service, config.server.public_url), name, context.site),
        title,
        description: abstract === '' ? null : abstract,
        color: true,
        creationDate: null,
        status: null,
        pixelBitpix: null,
        pixelCut: null,
        view: null,
        category: null,
        copyright: null,
        extra: new Map([...passedProperties(built, layer), ...hips.properties]),
      },
      modified,
      previewGrid: previewGrid(frame),
      painter: context.painter,
      paintAs,
      encoding: { quality: config.globals.image.jpeg_quality, background: 0 },
      store: service.populate_cache ? storeFor(hips, context) : createMemoryStore(0), // keeps nothing: context.memory lies in front
      cache: `${fileName(name)}.hips-${version}`,
      memory: context.memory,
      flights: context.flights,
    });
  } catch (error) {
    throw configError(context, [...layer.path, 'md', 'hips'], error instanceof Error ? error.message : String(error));
  }
}

/** Stores of caches keep other keys beside the tiles of their grid. @throws ConfigError for a grid that cannot be used */
function storeFor({ tile_cache: name }: HipsLayerConfig, context: BuildContext): TileStore {
  if (name === null) return context.store;
  const cache = context.loaded.config.caches.get(name)!;
  const grid = cache.grids[0]!;
  const set = matrixSetOf(grid.grid, frameOfGrids(cache, context), [...cache.path, 'grids', 0], context);
  return context.cacheStores.ofCache({ cache, grid, set }).store;
}

/** The order at which a tile's pixels are as fine as the finest source. */
function naturalOrder(built: readonly BuiltSource[], tileWidth: number): number {
  const angles = built.filter((one) => one.hasResolution).map(({ source }) => source.tiling.levels[0]!.lattice.pixelAngle);
  return angles.length === 0 ? DEFAULT_ORDER : orderOfResolution(Math.min(...angles), tileWidth);
}

function authorityOf(service: HipsServiceConfig, publicUrl: string | null): string {
  return service.authority ?? (publicUrl === null ? 'localhost' : new URL(publicUrl).hostname);
}

/** The body or the sky as a globe, seen from above longitude 0. */
function previewGrid(frame: Frame): PixelGrid {
  const crs = globeCrs(frame, 0, 0);
  const r = PREVIEW_REACH;
  const lattice = crsLatticeOfBbox(crs, [-r, -r, r, r], PREVIEW_WIDTH, PREVIEW_WIDTH);
  return { lattice, chart: 0, col: 0, row: 0, width: PREVIEW_WIDTH, height: PREVIEW_WIDTH };
}
