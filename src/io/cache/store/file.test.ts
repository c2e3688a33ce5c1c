import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, it } from 'vitest';
import { createFileStore } from './file.ts';

it('gives new files and every new directory their permissions, and no others (danger: a cache that another account cannot read)', async () => {
  const root = mkdtempSync(path.join(tmpdir(), 'modes-'));
  try {
    const before = statSync(root).mode;
    const store = createFileStore(path.join(root, 'a/b'), { permissions: { directory: 0o711, file: 0o604 } });
    await store.put({ cache: 'moon', tile: '1/2/3', extension: 'png' }, Buffer.from('x'));
    const mode = (name: string): number => statSync(path.join(root, name)).mode & 0o777;
    expect(['a', 'a/b', 'a/b/moon', 'a/b/moon/1/2'].map(mode)).toEqual([0o711, 0o711, 0o711, 0o711]);
    expect(mode('a/b/moon/1/2/3.png')).toBe(0o604);
    expect(statSync(root).mode).toBe(before);
  } finally {
    rmSync(root, { recursive: true });
  }
});
