import sharp from 'sharp';
import { measure, type Amount, type Figures } from './measure.ts';
import { wmsAsHips } from './support/configs.ts';
import { hipsTile } from './support/paths.ts';
import { measureServed } from './support/served.ts';
import { someOf } from './support/seeded.ts';
import { startUpstreamWms, surface } from './support/upstreamWms.ts';
import { withGateway } from './support/withGateway.ts';

/** Promises of a tile of 512 x 512, bicubic, from an upstream that answers with JPEG. */
const GOALS = { jpg: { goalCpuMs: 15, goalPerSecond: 130 }, png: { goalCpuMs: 21, goalPerSecond: 85 } } as const;
/** As many as keep two processors busy while some wait for the upstream. */
const CLIENTS = 8;
const TILES_OF_ORDER_3 = 768;
const TILES_OF_ORDER_4 = 3072;

/** What does a HiPS tile cost that was never asked for, from a WMS: request, decoding, mapping, resampling, encoding, storing? */
export default async function coldHips(quick: boolean): Promise<(Figures | Amount)[]> {
  const upstream = await startUpstreamWms();
  const count = quick ? 48 : 384;
  const warmUps = quick ? 64 : 384;
  const orders = {
    'in the order of their numbers': {
      warmUp: Array.from({ length: warmUps }, (_, i) => i),
      tiles: Array.from({ length: count }, (_, i) => TILES_OF_ORDER_3 / 2 - count / 2 + i),
    },
    'in random order': { warmUp: someOf(TILES_OF_ORDER_4, warmUps, 3), tiles: someOf(TILES_OF_ORDER_3, count, 2) },
  };
  const figures: (Figures | Amount)[] = [];
  try {
    for (const extension of ['jpg', 'png'] as const) {
      for (const [how, { warmUp, tiles }] of Object.entries(orders)) {
        await withGateway(wmsAsHips(upstream.url, 4), async (gateway) => {
          await measureServed('warm-up', gateway, warmUp.map((npix) => hipsTile(4, npix, extension))); // V8 compiles, as numba does for the peer
          const before = upstream.requests;
          const paths = tiles.map((npix) => hipsTile(3, npix, extension));
          figures.push(
            await measureServed(`WMS -> HiPS ${extension}, not cached, ${how}`, gateway, paths, { clients: CLIENTS, ...GOALS[extension] }),
            { name: '  of which requests to the WMS', amount: (upstream.requests - before) / count, unit: 'per tile', goal: null },
          );
        });
      }
    }
  } finally {
    await upstream.close();
  }
  return [...figures, ...(await bareCosts(quick ? 10 : 60))];
}

/** What any server must spend: decoding the picture that the WMS sends for a tile at the equator, and encoding the tile. */
async function bareCosts(runs: number): Promise<Figures[]> {
  sharp.concurrency(1);
  sharp.cache(false);
  const picture = await surface(785, 785);
  const tile = await sharp(await surface(512, 512)).removeAlpha().raw().toBuffer({ resolveWithObject: true });
  const raw = { raw: { width: 512, height: 512, channels: tile.info.channels } };
  const decode = (): Promise<Buffer> => sharp(picture).raw().toBuffer();
  const jpeg = (): Promise<Buffer> => sharp(tile.data, raw).jpeg({ quality: 85, optimiseCoding: false }).toBuffer();
  const png = (): Promise<Buffer> => sharp(tile.data, raw).png({ compressionLevel: 2, adaptiveFiltering: true }).toBuffer();
  return [
    await measure('  bare: decoding 785x785 JPEG + encoding 512x512 jpg', async () => [await decode(), await jpeg()], { runs }),
    await measure('  bare: decoding 785x785 JPEG + encoding 512x512 png', async () => [await decode(), await png()], { runs }),
  ];
}
