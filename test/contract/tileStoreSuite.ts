import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { GatewayError } from '../../src/errors.ts';
import type { TileKey, TileStore } from '../../src/io/cache/types.ts';

export const OWN = { cache: 'moon', extension: 'png' };

export function key(tile: string, extension = 'png', cache = 'moon'): TileKey {
  return { cache, tile, extension };
}

export const bytes = (text: string): Buffer => Buffer.from(text);

/** What every store keeps to. @param stores a name, and how an empty one is made */
export function describeTileStores(stores: readonly (readonly [string, () => TileStore])[]): void {
  describe.each(stores)('tile store: %s', (_, create) => {
    let store: TileStore;
    beforeEach(() => {
      store = create();
    });
    afterEach(() => store.close());
    const textOf = async (k: TileKey) => {
      const tile = await store.get(k);
      return tile === undefined ? undefined : Buffer.from(tile.bytes).toString();
    };

    it('knows nothing at first, then exactly what was put, with a time', async () => {
      expect(await store.get(key('2/0/1'))).toBeUndefined();
      const start = Date.now();
      await store.put(key('2/0/1'), bytes('tile'));
      expect(await textOf(key('2/0/1'))).toBe('tile');
      const { modified } = (await store.get(key('2/0/1')))!;
      expect(Math.abs(modified.getTime() - start)).toBeLessThan(10_000);
    });

    it('keeps keys apart in every part (danger: another layer\'s or format\'s tile)', async () => {
      const keys = [
        key('1/2'), key('1/3'), key('1/2', 'jpg'), key('1/2', 'png', 'mars'), key('1/2.x'), key('12'),
        key('1/2/3'), key('1/3/2'), key('2/1/3'), key('3/2/1'), key('01/2/3'), key('1/2/3', 'jpg'), key('1/2/3', 'png', 'mars'),
        key('0/0/0'), key('3/7/7'), key('Norder3/Dir0/Npix271'),
      ];
      for (const [i, k] of keys.entries()) await store.put(k, bytes(`tile ${i}`));
      expect(await Promise.all(keys.map(textOf))).toEqual(keys.map((_k, i) => `tile ${i}`));
    });

    it('overwrites, also after having been read (danger: a front that never hears of it)', async () => {
      await store.put(key('a'), bytes('old and longer'));
      await textOf(key('a'));
      await store.put(key('a'), bytes('new'));
      expect(await textOf(key('a'))).toBe('new');
    });

    it('tells a stored "nothing here" from not stored', async () => {
      await store.put(key('void'), new Uint8Array(0));
      expect(await textOf(key('void'))).toBe('');
      expect(await textOf(key('other'))).toBeUndefined();
    });

    it('deletes, and does not mind deleting what is not there', async () => {
      await store.put(key('a'), bytes('x'));
      await textOf(key('a'));
      await store.delete(key('a'));
      await store.delete(key('a'));
      expect(await textOf(key('a'))).toBeUndefined();
    });

    it('shows a whole tile at any time under concurrent puts and gets (danger: torn tiles)', async () => {
      const versions = Array.from({ length: 20 }, (_v, i) => Buffer.alloc(50_000 + i * 1000, i + 1));
      await store.put(key('hot'), versions[0]!);
      const puts = Promise.all(versions.map((v) => store.put(key('hot'), v)));
      const state = { finished: false };
      void puts.catch(() => {}).finally(() => (state.finished = true));
      while (!state.finished) {
        const tile = (await store.get(key('hot')))!;
        const version = versions[tile.bytes[0]! - 1]!;
        expect(Buffer.compare(tile.bytes, version)).toBe(0);
        await new Promise((resolve) => setImmediate(resolve));
      }
      await puts;
      const last = (await store.get(key('hot')))!;
      expect(versions.some((v) => Buffer.compare(v, last.bytes) === 0)).toBe(true);
    });

    it('never serves the old tile once a put has ended (danger: a slow read overtaking a put)', async () => {
      for (let round = 0; round < 30; round++) {
        const reads = [store.get(key('r')), store.get(key('r'))];
        const put = store.put(key('r'), bytes(`round ${round}`));
        reads.push(store.get(key('r')));
        await put;
        await Promise.all(reads);
        expect(await textOf(key('r'))).toBe(`round ${round}`);
      }
    });

    it.each([
      key('../x'),
      key('a/../../x'),
      key('a//b'),
      key('/etc/passwd'),
      key(''),
      key('a/'),
      key('.'),
      key('a/..'),
      key('a b'),
      key('a\\b'),
      key('a\0b'),
      key('ä'),
      key('x~'),
      key('x'.repeat(201)),
      key('a', '../png'),
      key('a', ''),
      key('a', 'b.png'),
      key('a', 'png', '..'),
      key('a', 'png', ''),
      key('a', 'png', 'x/y'),
    ])('refuses the key %j (danger: reading or writing outside the cache, two keys for one file)', async (bad) => {
      for (const work of [() => store.get(bad), () => store.put(bad, bytes('x')), () => store.delete(bad)]) {
        const error: unknown = await (async () => work())().then(
          () => null,
          (e: unknown) => e,
        );
        expect(error).toBeInstanceOf(GatewayError);
        expect(error).toMatchObject({ code: 'INVALID_PARAMETER' });
      }
    });

    it('closes, whether it was used or not', async () => {
      await store.close();
    });
  });
}
