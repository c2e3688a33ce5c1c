import { describe, expect, it } from 'vitest';
import { mergeTrees } from './merge.ts';
import { parseYaml } from './parse.ts';
import { type MapTree, type Plain, toPlain } from './tree.ts';

function tree(text: string): MapTree {
  return parseYaml(text, '/x.yaml', {}, String).tree;
}

function merged(over: string, base: string): Plain {
  return toPlain(mergeTrees(tree(over), tree(base)), () => true);
}

describe("MapProxy's rule for base files", () => {
  it('lets the including file win and merges maps', () => {
    expect(merged('a: {b: 1, c: {d: 1}}', 'a: {b: 2, c: {e: 2}, f: 2}')).toEqual({ a: { b: 1, c: { d: 1, e: 2 }, f: 2 } });
  });

  it('joins lists, base first, but replaces those that are one value', () => {
    expect(merged('a: {srs: [x]}', 'a: {srs: [y]}')).toEqual({ a: { srs: ['y', 'x'] } });
    expect(merged('a: {bbox: [1], sources: [x], grids: [g], res: [2], tile_size: [3]}', 'a: {bbox: [0], sources: [y], grids: [h], res: [1], tile_size: [9]}')).toEqual({
      a: { bbox: [1], sources: ['x'], grids: ['g'], res: [2], tile_size: [3] },
    });
  });

  it('deletes with an empty list, and keeps the base under a key without value', () => {
    expect(merged('a: {srs: []}', 'a: {srs: [y], b: 1}')).toEqual({ a: { b: 1 } });
    expect(merged('a:', 'a: {b: 1}')).toEqual({ a: { b: 1 } });
  });

  it('merges layers by name and appends new ones', () => {
    expect(merged('layers: [{name: b, title: B}, {name: c}]', 'layers: [{name: a}, {name: b, title: x, sources: [s]}]')).toEqual({
      layers: [{ name: 'a' }, { name: 'b', title: 'B', sources: ['s'] }, { name: 'c' }],
    });
  });

  it('changes neither of its arguments', () => {
    const base = tree('a: {b: [1]}');
    mergeTrees(tree('a: {b: [2]}'), base);
    expect(toPlain(base, () => true)).toEqual({ a: { b: [1] } });
  });
});
