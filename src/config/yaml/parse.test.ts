import { describe, expect, it } from 'vitest';
import { parseYaml } from './parse.ts';
import { type Plain, keyPositionOf, positionOf, toPlain } from './tree.ts';

const FILE = '/x/mapproxy.yaml';

function read(text: string, env: Record<string, string> = {}): Plain {
  const { tree, issues } = parseYaml(text, FILE, env, String);
  expect(issues).toEqual([]);
  return toPlain(tree, () => false);
}

function mistakes(text: string): readonly string[] {
  return parseYaml(text, FILE, {}, String).issues.map(({ line, column, message }) => `${line}:${column} ${message}`);
}

describe('parseYaml', () => {
  it('reads booleans as PyYAML does: yes, no, on, off are booleans, y and n are texts', () => {
    expect(read('[a, b]: 1'.replace('[a, b]', 'list') + '\na: yes\nb: No\nc: on\nd: OFF\ne: true\nf: y\ng: n\nh: "yes"\n')).toEqual({
      list: 1, a: true, b: false, c: true, d: false, e: true, f: 'y', g: 'n', h: 'yes',
    });
  });

  it('keeps versions, dates and codes as texts', () => {
    expect(read('a: 1.3.0\nb: 2021-12-31T12:34:56Z\nc: EPSG:4326\nd: 12:30:45\n')).toEqual({
      a: '1.3.0', b: '2021-12-31T12:34:56Z', c: 'EPSG:4326', d: '12:30:45',
    });
  });

  it('takes keys as they are written: a layer may be called 20 or no', () => {
    expect(read('20: a\nno: b\n1.10: c\n')).toEqual({ 20: 'a', no: 'b', '1.10': 'c' });
  });

  it('counts a key without value as absent', () => {
    expect(read('a:\nb: ~\nc: 1\n')).toEqual({ c: 1 });
  });

  it('follows anchors and merge keys; what stands in the map itself wins, then the first merged map', () => {
    const text = 'parts:\n  one: &one {a: 1, b: 1}\n  two: &two {b: 2, c: 2}\nx:\n  <<: [*one, *two]\n  a: 0\ny: *one\nz:\n  <<: *two\n';
    expect(read(text)).toMatchObject({ x: { a: 0, b: 1, c: 2 }, y: { a: 1, b: 1 }, z: { b: 2, c: 2 } });
  });

  it('replaces variables inside flow lists and maps, types unquoted ones, and never reads a value as YAML', () => {
    const env = { PORT: '8081', SRS: 'EPSG:4326', EVIL: 'x: [y] # z', FLAG: 'yes' };
    const text = 'a: [${SRS}, ${PORT}]\nb: {c: ${EVIL}}\nd: "${PORT}"\ne: ${FLAG}\nf: ${NO:-[1, 2]}\n# ${UNSET}\n';
    expect(read(text, env)).toEqual({ a: ['EPSG:4326', 8081], b: { c: 'x: [y] # z' }, d: '8081', e: true, f: '[1, 2]' });
  });

  it('names the place of an unset variable', () => {
    expect(mistakes('a: 1\nb:\n  - x\n  - ${NONE}\n')).toEqual([expect.stringMatching(/^4:5 .*NONE is not set/)]);
  });

  it('lists every syntax mistake with its place', () => {
    expect(mistakes('a: [1, 2\nb: "x\n').length).toBeGreaterThan(0);
    expect(mistakes('a: 1\na: 2\n')).toEqual([expect.stringMatching(/^2:1 not valid YAML: .*unique/)]);
    expect(mistakes('- a\n- b\n')).toEqual([expect.stringMatching(/^1:1 a configuration is a map/)]);
    expect(mistakes('a: *none\n')).toHaveLength(1);
  });

  it('ends on an anchor that contains itself', () => {
    expect(mistakes('a: &a {b: *a}\n')).toEqual([expect.stringMatching(/contains itself/)]);
  });

  it('reads an empty file as an empty configuration', () => {
    expect(read('# nothing\n')).toEqual({});
  });
});

describe('positions', () => {
  const text = 'layers:\n  - name: a\n    md:\n      hips:\n        hips_order: 30\nsources:\n  s: {type: image, bbox: [1, 2, 3]}\n';
  const { tree } = parseYaml(text, FILE, {}, String);

  it.each([
    [['layers', 0, 'md', 'hips', 'hips_order'], 5, 21],
    [['layers', 0, 'md', 'hips'], 4, 7],
    [['sources', 's', 'bbox'], 7, 26],
    [['sources', 's', 'bbox', 2], 7, 33],
    [['sources', 's', 'missing'], 7, 3],
    [['nothing', 'here'], 1, 1],
  ])('value %j at %d:%d', (path, line, column) => {
    expect(positionOf(tree, path)).toEqual({ file: FILE, line, column });
  });

  it('of a key', () => {
    expect(keyPositionOf(tree, ['sources', 's', 'bbox'])).toEqual({ file: FILE, line: 7, column: 20 });
  });
});
