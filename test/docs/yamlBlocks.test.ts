import { cpSync, existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadConfig } from '../../src/config/load.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

interface Block {
  readonly place: string;
  readonly text: string;
  /** A fragment of a configuration, to be laid over one that is complete. */
  readonly isWhole: boolean;
}

function documents(): readonly string[] {
  const docs = existsSync(path.join(ROOT, 'docs')) ? readdirSync(path.join(ROOT, 'docs'), { recursive: true, encoding: 'utf8' }) : [];
  return ['README.md', ...docs.filter((name) => name.endsWith('.md')).map((name) => path.join('docs', name))].filter((name) => existsSync(path.join(ROOT, name)));
}

/** Fenced YAML that has a section of a configuration at its left edge. */
function blocksOf(name: string): Block[] {
  const text = readFileSync(path.join(ROOT, name), 'utf8');
  return [...text.matchAll(/^```ya?ml\n([\s\S]*?)^```/gm)]
    .map((match) => ({ line: text.slice(0, match.index).split('\n').length, yaml: match[1] ?? '' }))
    .filter(({ yaml }) => /^(?:services|sources):/m.test(yaml))
    .map(({ line, yaml }) => ({ place: `${name}:${line}`, text: yaml, isWhole: /^services:/m.test(yaml) && /^layers:/m.test(yaml) }));
}

/** What a block that shows only a part stands in. */
const AROUND = 'services: {hips: }\nlayers: [{name: around, sources: [around]}]\nsources: {around: {type: debug}}\n';
const BLOCKS = documents().flatMap(blocksOf);

describe('every configuration in the documentation loads', () => {
  let directory = '';

  beforeAll(() => {
    directory = mkdtempSync(path.join(tmpdir(), 'hips-gateway-docs-'));
    cpSync(path.join(ROOT, 'config/data'), path.join(directory, 'data'), { recursive: true });
    writeFileSync(path.join(directory, 'around.yaml'), AROUND);
  });

  afterAll(() => rmSync(directory, { recursive: true }));

  it('finds the documents', () => {
    expect(documents()).toContain('docs/configuration.md');
  });

  it.each(BLOCKS)('$place', ({ text, isWhole }) => {
    const file = path.join(directory, 'block.yaml');
    writeFileSync(file, isWhole ? text : `base: around.yaml\n${text}`);
    expect(() => loadConfig(file, { env: { HOME: '/home/user' } })).not.toThrow();
  });
});
