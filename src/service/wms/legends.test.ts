import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { bodyFrame } from '../../geometry/frame/frame.ts';
import type { LegendPart } from '../../layer/types.ts';
import { emptyRaster } from '../../raster/raster.ts';
import { createLegendSizes, drawLegends } from './legends.ts';
import type { NamedMap } from './tree.ts';

/** Dangers: capabilities that hang with an upstream, ask it again for each client, or never learn that it is back. */
const named = (parts: Readonly<Record<string, LegendPart['picture']>>): ReadonlyMap<string, NamedMap> =>
  new Map(Object.entries(parts).map(([name, part]) => [name, { name, frame: bodyFrame('moon'), members: [], legends: [{ picture: part }] }]));
const drawn: LegendPart['picture'] = async () => emptyRaster(3, 4);

describe('sizes of legends', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('of one that does not come: not waited for beyond 3 s, nor asked for again; told when it has come', async () => {
    let come = (): void => {};
    const slow = vi.fn<LegendPart['picture']>(() => new Promise((resolve) => { come = () => resolve(emptyRaster(5, 6)); }));
    const sizes = createLegendSizes(named({ quick: drawn, slow }));
    const first = sizes.known();
    await vi.advanceTimersByTimeAsync(3000);
    expect([...(await first)]).toEqual([['quick', { width: 3, height: 4 }]]);
    expect(sizes.isComplete()).toBe(false);
    const second = sizes.known();
    come();
    expect((await second).get('slow')).toEqual({ width: 5, height: 6 });
    expect([sizes.isComplete(), slow.mock.calls.length]).toEqual([true, 1]);
  });

  it('of one that failed: asked for again after 30 s, not before', async () => {
    const part = vi.fn<LegendPart['picture']>().mockRejectedValueOnce(new Error('down')).mockImplementation(drawn);
    const sizes = createLegendSizes(named({ part }));
    expect((await sizes.known()).size).toBe(0);
    await sizes.known();
    expect(part).toHaveBeenCalledTimes(1);
    await vi.advanceTimersByTimeAsync(30_000);
    expect((await sizes.known()).get('part')).toEqual({ width: 3, height: 4 });
  });
});

it('legends that are together higher than any format: an error', async () => {
  const tall: LegendPart = { picture: async () => emptyRaster(1, 6000) };
  await expect(drawLegends([tall, tall, tall], null, new AbortController().signal)).rejects.toMatchObject({ code: 'UPSTREAM_FAILED' });
});
