import { describe, expect, it } from 'vitest';
import { element, optionalText, textElement, writeXml } from './element.ts';

describe('writeXml', () => {
  it('escapes text and attributes, leaves out what is null, closes what is empty', () => {
    const root = element('a', { x: '"<&', y: null, z: undefined }, null, [textElement('b', '<'), null], element('c', { n: 1 }), optionalText('d', ''));
    expect(writeXml(root)).toBe('<?xml version="1.0" encoding="UTF-8"?>\n<a x="&quot;&lt;&amp;">\n  <b>&lt;</b>\n  <c n="1"/>\n</a>\n');
  });

  it('writes numbers so that they read back the same, zero without sign', () => {
    expect(writeXml(textElement('n', -0))).toContain('<n>0</n>');
    expect(writeXml(textElement('n', 0.1 + 0.2))).toContain('<n>0.30000000000000004</n>');
  });
});
