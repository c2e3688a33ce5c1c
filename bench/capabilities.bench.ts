import type { Figures } from './measure.ts';
import { manyLayers } from './support/configs.ts';
import { measureServed } from './support/served.ts';
import { withGateway } from './support/withGateway.ts';

const LAYERS = 200;
const GRIDS = 20;

/** What do capabilities cost with many layers and grids? */
export default async function capabilities(quick: boolean): Promise<Figures[]> {
  const documents = {
    'WMS 1.3.0 GetCapabilities': '/service?SERVICE=WMS&VERSION=1.3.0&REQUEST=GetCapabilities',
    'WMTS GetCapabilities': '/wmts/1.0.0/WMTSCapabilities.xml',
    'HiPS list': '/hips/list',
  };
  return withGateway(manyLayers(LAYERS, GRIDS), async (gateway) => {
    const figures: Figures[] = [];
    for (const [name, path] of Object.entries(documents)) {
      const paths = Array.from({ length: quick ? 20 : 300 }, () => path);
      await measureServed('warm-up', gateway, paths.slice(0, 10));
      figures.push(await measureServed(`${name}, ${LAYERS} layers, ${GRIDS} grids`, gateway, paths));
    }
    return figures;
  });
}
