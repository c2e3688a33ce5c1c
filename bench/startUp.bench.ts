import { getBytes } from '../test/e2e/support/gateway.ts';
import { quantile, type Figures } from './measure.ts';
import { manyCaches, pictureAsAll } from './support/configs.ts';
import { treeUse } from './support/processTree.ts';
import { withGateway } from './support/withGateway.ts';

const GOAL_MS = 400;
/** With 200 layers and 20 grids. */
const GOAL_MANY_MS = 1000;

/** How long from the command to the first answer? The compile cache of Node is warm after the first runs. */
export default async function startUp(quick: boolean): Promise<Figures[]> {
  const runs = quick ? 3 : 11;
  const text = await starts('command -> first answer (properties)', '/hips/moon/properties', runs);
  const tile = await starts('command -> first tile', '/hips/moon/Norder0/Dir0/Npix4.jpg', runs);
  const many = await starts('200 layers, each with a cache on 20 grids: command -> first answer', '/hips/map_0/properties', runs, manyCaches(200, 20));
  return [{ ...text, goalMs: GOAL_MS }, tile, { ...many, goalMs: GOAL_MANY_MS }];
}

interface Start {
  readonly wallMs: number;
  readonly cpuMs: number;
}

async function starts(name: string, path: string, runs: number, config: string = pictureAsAll()): Promise<Figures> {
  await startOnce(path, config);
  const all: Start[] = [];
  for (let i = 0; i < runs; i++) all.push(await startOnce(path, config));
  const wall = all.map((one) => one.wallMs);
  return {
    name, runs, goalMs: null, cpuMs: quantile(all.map((one) => one.cpuMs), 0.5),
    minMs: quantile(wall, 0), medianMs: quantile(wall, 0.5), p90Ms: quantile(wall, 0.9),
  };
}

/** Ending the server is no part of it. */
function startOnce(path: string, config: string): Promise<Start> {
  const start = performance.now();
  return withGateway(config, async (gateway) => {
    await getBytes(gateway.url + path);
    return { wallMs: performance.now() - start, cpuMs: treeUse(gateway.process.child.pid!).cpuMs };
  });
}
