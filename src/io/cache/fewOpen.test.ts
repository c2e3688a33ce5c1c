import { mkdtempSync, readdirSync, readlinkSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { createFewOpen } from './fewOpen.ts';
import { gridKey } from './gridKey.ts';
import { createSqliteStore } from './store/sqlite.ts';

const key = gridKey('tiles', { level: 1, col: 0, row: 0 }, 'png');

/** Files of a folder that this process holds open. */
function openBelow(directory: string): number {
  return readdirSync('/proc/self/fd').filter((fd) => {
    try {
      return readlinkSync(`/proc/self/fd/${fd}`).startsWith(directory);
    } catch {
      return false;
    }
  }).length;
}

/** Dangers: a year of days holds thousands of files open until none can be opened; a store that was closed is lost, or what was in it. */
describe('stores for many values of a dimension', () => {
  it('are few at a time, and all of them answer', async () => {
    const directory = mkdtempSync(path.join(tmpdir(), 'few-open-'));
    const few = createFewOpen(3);
    const days = Array.from({ length: 40 }, (_, i) => few(createSqliteStore({
      directory: path.join(directory, `time-${i}`), own: { cache: 'tiles', extension: 'png' }, ttlSeconds: 0, timeoutMs: 1000, wal: 'whileOpen', permissions: { file: null, directory: null },
    })));
    await Promise.all(days.map((store, i) => store.put(key, Uint8Array.of(i))));
    const open = openBelow(directory);
    expect(open).toBeGreaterThan(0);
    expect(open).toBeLessThanOrEqual(3 * 3); // a file, its log and the log's index
    for (const [i, store] of days.entries()) expect((await store.get(key))?.bytes).toEqual(Uint8Array.of(i));
    expect(openBelow(directory)).toBeLessThanOrEqual(9);
    for (const store of days) await store.close();
    expect(openBelow(directory)).toBe(0);
    rmSync(directory, { recursive: true });
  });
});
