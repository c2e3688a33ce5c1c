import { describe, expect, it } from 'vitest';
import { GatewayError } from '../../errors.ts';
import { createForgivingStore } from './forgiving.ts';
import type { TileStore } from './types.ts';

const KEY = { cache: 'a', tile: '1/2/3', extension: 'png' };

/** A store that fails, and takes so long for it. */
function broken(error: Error, took: () => void = () => {}): { readonly store: TileStore; readonly asked: () => number } {
  let asked = 0;
  const fail = async (): Promise<never> => {
    asked++;
    took();
    throw error;
  };
  return { store: { get: fail, put: fail, delete: fail, close: async () => {} }, asked: () => asked };
}

/** Danger: a full disk or a Redis that is away takes the pictures with it. */
describe('a broken store', () => {
  it('has nothing and keeps nothing, and says so once', async () => {
    const reported: unknown[] = [];
    const error = new Error('disk full');
    const store = createForgivingStore(broken(error).store, { report: (one) => reported.push(one) });
    expect(await store.get(KEY)).toBeUndefined();
    await store.put(KEY, new Uint8Array(1));
    await store.delete(KEY);
    expect(reported).toEqual([error]);
  });

  it('says so again after a minute', async () => {
    let clock = 0;
    const reported: unknown[] = [];
    const store = createForgivingStore(broken(new Error('x')).store, { report: (one) => reported.push(one), now: () => clock });
    for (clock of [0, 59_000, 61_000, 62_000]) await store.get(KEY);
    expect(reported.length).toBe(2);
  });

  it('that needs long to fail is left alone for ten seconds (danger: every request waits for a cache)', async () => {
    let clock = 0;
    const { store: slow, asked } = broken(new Error('x'), () => (clock += 2000));
    const store = createForgivingStore(slow, { report: () => {}, now: () => clock });
    for (let i = 0; i < 5; i++) await store.get(KEY);
    expect(asked()).toBe(1);
    clock += 10_001;
    await store.get(KEY);
    expect(asked()).toBe(2);
  });

  it('still refuses keys that are none (danger: a mistake of ours hidden for ever)', async () => {
    const { store } = broken(new GatewayError('INVALID_PARAMETER', 'no key'));
    await expect(createForgivingStore(store, { report: () => {} }).get(KEY)).rejects.toThrow('no key');
  });
});
