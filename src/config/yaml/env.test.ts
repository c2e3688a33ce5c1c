import { describe, expect, it } from 'vitest';
import { expand, hideReferences, showReferences } from './env.ts';

describe('hideReferences', () => {
  it('keeps every character at its place, so that positions in messages are those of the file', () => {
    const text = 'a: [${X:-{b, "c": d # e}] ${é}\n${unfinished\n';
    expect(hideReferences(text)).toHaveLength(text.length);
    expect(showReferences(hideReferences(text))).toBe(text);
  });

  it('leaves nothing in a reference that YAML would read', () => {
    expect(hideReferences("${A:-b: 'c', [#d]}")).not.toMatch(/[{}[\],:#'" ]/);
  });
});

/** No file is there. */
const none = (): string => {
  throw new Error('is not there');
};

describe('expand', () => {
  const env = { A: 'one', EMPTY: '', NESTED: '${A}' };

  it.each([
    ['${A}-${A}', 'one-one'],
    ['${NONE:-two}', 'two'],
    ['${NONE:-}', ''],
    ['${EMPTY:-two}', 'two'],
    ['${EMPTY}', ''],
    ['${A:-two}', 'one'],
    ['$A/b', 'one/b'],
    ['$NONE/b', '$NONE/b'],
    ['$${A}', '${A}'],
    ['${NESTED}', '${A}'],
    ['100 $', '100 $'],
    ['${URL:-http://h/x?map=/y.map}', 'http://h/x?map=/y.map'],
  ])('%s -> %s', (text, expected) => {
    expect(expand(text, env, none)).toMatchObject({ text: expected, mistakes: [] });
  });

  it('refuses an unset variable without default, and what is no reference', () => {
    expect(expand('${NONE}', env, none).mistakes).toEqual([expect.stringContaining('NONE is not set')]);
    expect(expand('${A-b}', env, none).mistakes).toEqual([expect.stringContaining("'${A-b}'")]);
  });

  it('the text of a file, which stays text', () => {
    expect(expand('user:${file:secrets/key}@${A}', env, (file) => `<${file}>`)).toEqual({ text: 'user:<secrets/key>@one', changed: false, mistakes: [] });
    expect(expand('${file:x}', env, () => '42').changed).toBe(false);
    expect(expand('${file:x}', env, none).mistakes).toEqual(["the secret 'x' is not there"]);
  });
});
