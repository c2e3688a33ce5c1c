import { getBytes } from '../test/e2e/support/gateway.ts';
import type { Amount } from './measure.ts';
import { quantile } from './measure.ts';
import { getAll } from './support/client.ts';
import { pictureAsAll } from './support/configs.ts';
import { getMaps, hipsTile } from './support/paths.ts';
import { withGateway } from './support/withGateway.ts';

const GOAL_TIMES = 3;
/** Requests for cached tiles are this far apart, milliseconds: a few clients moving a map, not a load test. */
const PAUSE_MS = 2;
/** Two threads that draw leave the processors of a small machine to whoever serves. */
const LARGEST = { count: 1000, width: 4000, degrees: 120 };

/** Do cached tiles wait for big maps and for a client that walks tiles nobody asked for? Latencies of single requests, one after another. */
export default async function latency(quick: boolean): Promise<Amount[]> {
  const requests = quick ? 400 : 4000;
  return withGateway(pictureAsAll().replace('hips_order: 3', 'hips_order: 5'), async (gateway) => {
    const cached = Array.from({ length: 16 }, (_, i) => gateway.url + hipsTile(3, 256 + i));
    await Promise.all(cached.map(getBytes));
    await walk(cached, 500);
    const idle = await walk(cached, requests);
    const load = new AbortController();
    const busy = [
      endless(gateway.url, getMaps('moon', LARGEST), load.signal),
      endless(gateway.url, Array.from({ length: 12_288 }, (_, npix) => hipsTile(5, npix)), load.signal),
    ];
    const loaded = await walk(cached, requests);
    load.abort();
    await Promise.all(busy);
    const p99 = { idle: quantile(idle, 0.99), loaded: quantile(loaded, 0.99) };
    return [
      { name: 'p99 of cached tiles, nothing else asked', amount: p99.idle, unit: 'ms', goal: null },
      { name: 'p99 of cached tiles under GetMap 4000x2000 and a walk of order 5', amount: p99.loaded, unit: 'ms', goal: null },
      { name: 'median of cached tiles under the same', amount: quantile(loaded, 0.5), unit: 'ms', goal: null },
      { name: '  loaded : idle', amount: p99.loaded / p99.idle, unit: 'times', goal: GOAL_TIMES },
    ];
  });
}

async function walk(urls: readonly string[], requests: number): Promise<number[]> {
  const latencies: number[] = [];
  for (let i = 0; i < requests; i++) {
    const start = performance.now();
    await getBytes(urls[i % urls.length]!);
    latencies.push(performance.now() - start);
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  }
  return latencies;
}

/** Asks for one path after another until told to stop. */
async function endless(url: string, paths: readonly string[], signal: AbortSignal): Promise<void> {
  for (const path of paths) {
    if (signal.aborted) return;
    await getAll(url, [path], 1);
  }
}
