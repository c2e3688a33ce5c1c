import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

/**
 * Danger: `node_modules/` in .gitignore means directories only. A link of that name, as worktrees have one, is then added with everything else,
 * and a checkout in which it is merged loses its packages.
 */
const ROOT = new URL('../../', import.meta.url);

describe.skipIf(!existsSync(new URL('.git', ROOT)))('what is tracked', () => {
  it('is nothing of node_modules, and no symbolic link', () => {
    const entries = execFileSync('git', ['ls-files', '--stage'], { cwd: ROOT, encoding: 'utf8', maxBuffer: 1 << 26 }).trimEnd().split('\n');
    const unwanted = entries.filter((entry) => entry.startsWith('120000') || /\tnode_modules(?:\/|$)/.test(entry));
    expect(unwanted).toEqual([]);
  });
});
