import { describe, expect, it } from 'vitest';
import { chosenValues, defaultValues, keyOfValues, wmsDimensionName, wmsNames, type Dimension } from './dimensions.ts';

/** Dangers: another instant than was asked for, a refusal of the same instant in other words, one variant kept under two names. */
const TIME: Dimension = { name: 'Time', values: ['2020-01-01T00:00:00Z', '2020-01-02T00:00:00Z'], default: '2020-01-02T00:00:00Z' };
const LEVEL: Dimension = { name: 'dim_level', values: ['500', '700'], default: '500' };

const chosen = (asked: Readonly<Record<string, string>>) => chosenValues([TIME, LEVEL], (name) => asked[name]);

describe('values of dimensions', () => {
  it.each([
    ['nothing', {}, { time: '2020-01-02T00:00:00Z', dim_level: '500' }],
    ['empty', { Time: '' }, { time: '2020-01-02T00:00:00Z', dim_level: '500' }],
    ['default and current', { Time: 'current', dim_level: 'default' }, { time: '2020-01-02T00:00:00Z', dim_level: '500' }],
    ['a value', { Time: '2020-01-01T00:00:00Z', dim_level: '700' }, { time: '2020-01-01T00:00:00Z', dim_level: '700' }],
    ['the same instant in other words', { Time: '2020-01-01T01:00:00.000+01:00' }, { time: '2020-01-01T00:00:00Z', dim_level: '500' }],
    ['a day for its midnight', { Time: '2020-01-01' }, { time: '2020-01-01T00:00:00Z', dim_level: '500' }],
  ])('%s', (_, asked, expected) => expect(chosen(asked)).toEqual(expected));

  it.each([[{ Time: '2020-01-03' }, 'Time'], [{ dim_level: '500.0' }, 'dim_level'], [{ Time: 'yesterday' }, 'Time']] as const)('%j is refused', (asked, locator) => {
    expect(() => chosen(asked)).toThrow(expect.objectContaining({ code: 'DIMENSION_VALUE_NOT_DEFINED', locator }));
  });

  it('a message shows a few of many values', () => {
    const many = { name: 'step', values: Array.from({ length: 5000 }, (_, i) => String(i)), default: '0' };
    expect(() => chosenValues([many], () => 'x')).toThrow("the dimension 'step' has no value 'x': 0, 1, 2, 3, 4, 5, 6, ... 4999 (5000)");
  });

  it('have one key whatever their order, and none for nothing', () => {
    expect(keyOfValues({ b: '1', a: '2' })).toBe(keyOfValues({ a: '2', b: '1' }));
    expect(keyOfValues({ a: '1"],["b","2' })).not.toBe(keyOfValues({ a: '1', b: '2' }));
    expect(keyOfValues({})).toBe('');
    expect(defaultValues([TIME, LEVEL])).toEqual(chosen({}));
  });

  it('are named in WMS with DIM_ but for time and elevation', () => {
    expect(['time', 'Elevation', 'level', 'dim_level'].map(wmsNames)).toEqual([['TIME'], ['ELEVATION'], ['DIM_LEVEL', 'LEVEL'], ['DIM_LEVEL', 'LEVEL']]);
    expect(['time', 'level', 'dim_level'].map(wmsDimensionName)).toEqual(['time', 'level', 'level']);
  });
});
