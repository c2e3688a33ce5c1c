import type { Figures } from './measure.ts';
import { wmsAsHips } from './support/configs.ts';
import { hipsTile } from './support/paths.ts';
import { measureServed } from './support/served.ts';
import { startUpstreamWms } from './support/upstreamWms.ts';
import { withGateway } from './support/withGateway.ts';

/** Does a tile cost more in a deeper order? Neighbouring tiles in the middle of base cell 4, from a WMS. */
export default async function costByOrder(quick: boolean): Promise<Figures[]> {
  const count = quick ? 16 : 64;
  const upstream = await startUpstreamWms();
  try {
    return await withGateway(wmsAsHips(upstream.url, 12), async (gateway) => {
      const neighbours = (order: number): string[] => Array.from({ length: count }, (_, i) => hipsTile(order, 4.5 * 4 ** order + i));
      await measureServed('warm-up', gateway, neighbours(7));
      const figures: Figures[] = [];
      for (const order of [3, 6, 9, 12]) figures.push(await measureServed(`WMS -> HiPS jpg, not cached, order ${order}`, gateway, neighbours(order)));
      return figures;
    });
  } finally {
    await upstream.close();
  }
}
