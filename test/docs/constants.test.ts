import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

/** Danger: docs/reprojection.md gives numbers that the engine has left. */
const ROOT = new URL('../../', import.meta.url);
const TEXT = readFileSync(new URL('docs/reprojection.md', ROOT), 'utf8');
const ROWS = [...TEXT.matchAll(/^\| `([A-Z_]+)` \| `([\w./-]+)` \| ([\d.]+) \|/gm)].map(([, name, file, value]) => ({ name: name!, file: file!, value: value! }));

describe('constants in docs/reprojection.md', () => {
  it('are found', () => expect(ROWS.length).toBeGreaterThanOrEqual(8));

  it.each(ROWS)('$name is $value in $file', ({ name, file, value }) => {
    const found = new RegExp(`^(?:export )?const ${name}(?:: \\w+)? = ([\\d._]+);`, 'm').exec(readFileSync(new URL(file, ROOT), 'utf8'));
    expect(found?.[1]?.replaceAll('_', '')).toBe(value);
  });
});
