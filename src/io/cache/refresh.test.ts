import { mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { refreshLimit } from './refresh.ts';

describe('refresh_before', () => {
  it('no rule: tiles stay', () => expect(refreshLimit(null)()).toBeNull());
  it('a local time', () => expect(refreshLimit({ time: '2026-11-21T08:00:05' })()).toEqual(new Date(2026, 10, 21, 8, 0, 5)));

  it('so long ago, counted from each request (danger: a limit that stands still while the server runs)', async () => {
    const limit = refreshLimit({ seconds: 3600 });
    const first = limit()!.getTime();
    expect(Math.abs(Date.now() - 3_600_000 - first)).toBeLessThan(1000);
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(limit()!.getTime()).toBeGreaterThan(first);
  });

  it('when a file was changed, looked up each time', () => {
    const directory = mkdtempSync(path.join(tmpdir(), 'refresh-'));
    try {
      const file = path.join(directory, 'stamp');
      const limit = refreshLimit({ mtime: file });
      expect(limit()).toBeNull();
      writeFileSync(file, '');
      utimesSync(file, 1000, 1000);
      expect(limit()).toEqual(new Date(1_000_000));
    } finally {
      rmSync(directory, { recursive: true });
    }
  });
});
