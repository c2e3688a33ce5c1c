import { expect, it } from 'vitest';
import { getBytes, startGateway } from './support/gateway.ts';
import { run } from './support/process.ts';

/** Milliseconds from starting the program to its first answered request; and how SIGINT ended it. */
async function startOnce(): Promise<{ readonly ms: number; readonly code: number | NodeJS.Signals }> {
  const began = performance.now();
  const gateway = await startGateway({ demo: true });
  try {
    await getBytes(`${gateway.url}/hips/moon/properties`);
    return { ms: performance.now() - began, code: await gateway.stop('SIGINT') };
  } finally {
    await gateway.stop('SIGKILL');
  }
}

it('answers within 0.6 s of a warm start and ends cleanly on SIGINT', async () => {
  await startOnce();
  const starts = [];
  for (let i = 0; i < 5; i++) starts.push(await startOnce());
  const sorted = starts.map(({ ms }) => ms).sort((a, b) => a - b);
  console.log(`start to first answer: ${sorted.map((ms) => ms.toFixed(0)).join(', ')} ms`);
  expect(starts.map(({ code }) => code)).toEqual([0, 0, 0, 0, 0]);
  expect(sorted[2]).toBeLessThan(600);
});

it('ends cleanly while a client keeps its connection open', async () => {
  const gateway = await startGateway({ demo: true });
  await getBytes(`${gateway.url}/hips/moon/Norder1/Dir0/Npix20.png`);
  const began = performance.now();
  expect(await gateway.stop('SIGINT')).toBe(0);
  expect(performance.now() - began).toBeLessThan(5_000);
});

it('serves a tile from memory at 25000 requests a second', async () => {
  const gateway = await startGateway({ demo: true });
  try {
    const tile = `${gateway.url}/hips/moon/Norder3/Dir0/Npix283.jpg`;
    for (let i = 0; i < 3; i++) await getBytes(tile);
    let best = 0;
    for (let i = 0; i < 3; i++) {
      const report = await run('wrk', ['-t2', '-c16', '-d5s', tile], 60_000);
      expect(report).not.toContain('Non-2xx');
      best = Math.max(best, Number(/Requests\/sec: *([\d.]+)/.exec(report)?.[1]));
      console.log(`cached tile: ${best} requests/s`);
      if (best >= 25_000) break;
    }
    expect(best).toBeGreaterThanOrEqual(25_000);
  } finally {
    await gateway.stop();
  }
});
