import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

/** Danger: a reader is sent to a file or a heading that is not there; a file that a document names has moved. */
const ROOT = fileURLToPath(new URL('../..', import.meta.url));

function markdownBelow(folder: string): readonly string[] {
  return readdirSync(path.join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .map((name) => path.join(folder, name));
}

const DOCUMENTS = ['README.md', ...markdownBelow('docs'), ...markdownBelow('src'), ...markdownBelow('test')];

/** Without fenced blocks and, for links, without code in a line. */
function prose(document: string): string {
  return readFileSync(path.join(ROOT, document), 'utf8').replace(/^(```|~~~)[\s\S]*?^\1/gm, '');
}

function linksOf(document: string): readonly string[] {
  const text = prose(document).replace(/`[^`\n]*`/g, '');
  const inline = [...text.matchAll(/\]\(\s*<?([^\s)>]+)>?[^)]*\)/g)].map(([, target]) => target!);
  const named = [...text.matchAll(/^\[[^\]]+\]:\s*(\S+)/gm)].map(([, target]) => target!);
  return [...inline, ...named];
}

/** The anchor that GitHub gives a heading. */
function anchorOf(heading: string): string {
  const plain = heading.replace(/[`*]|\[|\]\([^)]*\)/g, '').trim().toLowerCase();
  return plain.replace(/[^\p{L}\p{N}\s_-]/gu, '').replace(/\s/g, '-');
}

function anchorsOf(document: string): ReadonlySet<string> {
  return new Set([...prose(document).matchAll(/^#{1,6}\s+(.+)$/gm)].map(([, heading]) => anchorOf(heading!)));
}

/** What is wrong with a relative link, or null. */
function brokenLink(document: string, link: string): string | null {
  const [file = '', anchor] = link.split('#');
  const target = file === '' ? document : path.join(path.dirname(document), decodeURIComponent(file));
  if (target.startsWith('..') || !existsSync(path.join(ROOT, target))) return `${link}: no such file`;
  if (anchor === undefined || !target.endsWith('.md')) return null;
  return anchorsOf(target).has(anchor) ? null : `${link}: no such heading`;
}

describe('documents', () => {
  it('reads links and headings as GitHub does', () => {
    expect(anchorOf('Ratio `a/b`, and [more](x.md): what?')).toBe('ratio-ab-and-more-what');
    expect(brokenLink('docs/errors.md', 'nowhere.md')).toContain('no such file');
    expect(brokenLink('docs/errors.md', '#nowhere')).toContain('no such heading');
    expect(brokenLink('docs/errors.md', 'errors.md#exit-codes')).toBeNull();
  });

  it.each(DOCUMENTS)('%s: relative links lead somewhere', (document) => {
    const relative = linksOf(document).filter((link) => !/^[a-z][a-z0-9+.-]*:/i.test(link));
    expect(relative.map((link) => brokenLink(document, link)).filter((broken) => broken !== null)).toEqual([]);
  });

  /** Rooms of src/ are named without it. */
  it.each(['README.md', ...markdownBelow('docs')])('%s: the files of this project that it names exist', (document) => {
    const named = [...prose(document).matchAll(/`([\w.-]+(?:\/[\w.-]+)*\/?)`/g)].map(([, file]) => file!);
    const files = named.filter((file) => /^(?:src|test|bench|config|docs|scripts|web|tools|\.ci)\/|\.ts$/.test(file));
    expect([...new Set(files)].filter((file) => !existsSync(path.join(ROOT, file)) && !existsSync(path.join(ROOT, 'src', file)))).toEqual([]);
  });

  it('can all be reached from docs/index.md', () => {
    const reached = new Set(linksOf('docs/index.md').map((link) => path.join('docs', link.split('#')[0]!)));
    expect(markdownBelow('docs').filter((document) => document !== 'docs/index.md' && !reached.has(document))).toEqual([]);
  });
});
