import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startFakeRedis, type FakeRedis } from '../../../../test/support/fakeRedis.ts';
import { gridKey } from '../gridKey.ts';
import type { TileStore } from '../types.ts';
import { createRedisStore, type RedisStoreOptions } from './redis.ts';

const KEY = gridKey('tiles', { level: 5, col: 17, row: 9 }, 'png');

describe('tiles in Redis', () => {
  let redis: FakeRedis;
  const opened: TileStore[] = [];
  beforeEach(async () => void (redis = await startFakeRedis()));
  afterEach(async () => {
    await Promise.all(opened.splice(0).map((store) => store.close()));
    await redis.close();
  });

  function open(options: Partial<RedisStoreOptions> = {}): TileStore {
    const tls = { cert: null, key: null, ca: null };
    const own = { cache: 'tiles', extension: 'png' };
    const store = createRedisStore({ host: '127.0.0.1', port: redis.port, db: 0, username: null, password: null, prefix: 'moon_g', ttlSeconds: 3600, tls, own, ...options });
    opened.push(store);
    return store;
  }

  it("have MapProxy's keys: prefix-z-x-y, the picture alone as the value", async () => {
    await open().put(KEY, Buffer.from('tile'));
    expect([...redis.keys()]).toEqual([['moon_g-5-17-9', Buffer.from('tile')]]);
    expect(redis.commands.filter((name) => ['GET', 'SET', 'MSET'].includes(name))).toEqual(['SET']);
  });

  it('other keys have names that no tile of the grid can have', async () => {
    await open().put({ cache: 'moon', tile: 'Norder3/Dir0/Npix271', extension: 'png' }, Buffer.from('tile'));
    expect([...redis.keys().keys()]).toEqual(['moon_g:moon/Norder3/Dir0/Npix271.png']);
  });

  it('lie in the database of the configuration', async () => {
    await open({ db: 7 }).put(KEY, Buffer.from('tile'));
    expect(redis.keys().size).toBe(0);
    expect(redis.keys(7).size).toBe(1);
  });

  it('go after their time, and are as old as the time they have left says', async () => {
    const store = open({ ttlSeconds: 0.3 });
    await store.put(KEY, Buffer.from('tile'));
    await sleep(100);
    const age = Date.now() - (await store.get(KEY))!.modified.getTime();
    expect(age).toBeGreaterThanOrEqual(95);
    expect(age).toBeLessThan(300);
    await sleep(250);
    expect(await store.get(KEY)).toBeUndefined();
  });

  it('that never expire know when they were stored (danger: a tile that is made again at every request)', async () => {
    const store = open({ ttlSeconds: 0 });
    await store.put(KEY, Buffer.from('tile'));
    expect(Date.now() - (await store.get(KEY))!.modified.getTime()).toBeLessThan(5000);
    expect(redis.keys().get('moon_g-5-17-9')).toEqual(Buffer.from('tile'));
    await store.delete(KEY);
    expect(redis.keys().size).toBe(0);
  });

  it('of MapProxy, without a time, are read', async () => {
    await open({ ttlSeconds: 0 }).put(KEY, Buffer.from('theirs'));
    const store = open();
    const tile = (await store.get(KEY))!;
    expect(Buffer.from(tile.bytes).toString()).toBe('theirs');
  });

  it('fail at once while the server is away, and work again when it is back (danger: every request waits for a cache)', async () => {
    const store = open();
    await store.put(KEY, Buffer.from('tile'));
    await redis.stop();
    await sleep(20);
    const start = performance.now();
    await expect(store.get(KEY)).rejects.toThrow();
    expect(performance.now() - start).toBeLessThan(500);
    await redis.resume();
    await expect.poll(() => store.get(KEY).then((tile) => tile !== undefined, () => false), { timeout: 10_000 }).toBe(true);
  });

  it('a server that is away from the start is no reason to wait either', async () => {
    await redis.stop();
    const store = open();
    await expect(store.get(KEY)).rejects.toThrow();
    await redis.resume();
    await expect.poll(() => store.get(KEY).then(() => true, () => false), { timeout: 10_000 }).toBe(true);
  });

  it('say when the password is wrong', async () => {
    await redis.close();
    redis = await startFakeRedis({ password: 'secret' });
    await expect(open({ password: 'wrong' }).get(KEY)).rejects.toThrow();
    await expect(open({ password: 'secret' }).get(KEY)).resolves.toBeUndefined();
  });
});
