import { describe, expect, it } from 'vitest';
import { WMS_VERSIONS } from './types.ts';
import { negotiateVersion } from './version.ts';

describe('negotiateVersion', () => {
  it.each([
    [null, '1.3.0'],
    ['1.3.0', '1.3.0'],
    ['1.1.1', '1.1.1'],
    ['1.3', '1.3.0'],
    ['1.2.0', '1.1.1'],
    ['1.1.10', '1.1.1'],
    ['1.1.0', '1.1.1'],
    ['1.0.0', '1.1.1'],
    ['0.0.0', '1.1.1'],
    ['100.0.0', '1.3.0'],
  ])('%s -> %s', (asked, answered) => {
    expect(negotiateVersion(asked, WMS_VERSIONS)).toBe(answered);
  });

  it.each(['x', '1.3.0.0', '1..3', '-1', '1.3a'])("refuses '%s'", (asked) => {
    expect(() => negotiateVersion(asked, WMS_VERSIONS)).toThrow(expect.objectContaining({ code: 'INVALID_PARAMETER', locator: 'VERSION' }));
  });

  it.each([
    ['1.1.1', '1.3.0', '1.1.1'],
    ['1.1.1', null, '1.1.1'],
    ['1.3.0', '1.1.1', '1.3.0'],
    ['1.3.0', null, '1.3.0'],
  ] as const)('only %s spoken, %s asked -> %s', (spoken, asked, answered) => {
    expect(negotiateVersion(asked, [spoken])).toBe(answered);
  });
});
