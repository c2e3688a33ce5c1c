import { describe, expect, it } from 'vitest';
import { escapeXml } from './xml.ts';

describe('escapeXml', () => {
  it('escapes the five special characters, the ampersand once', () => {
    expect(escapeXml(`<a b="c" d='e'> &amp;`)).toBe('&lt;a b=&quot;c&quot; d=&apos;e&apos;&gt; &amp;amp;');
  });

  it('replaces what XML 1.0 forbids, so that a title cannot break a document', () => {
    expect(escapeXml('a\u0000b\u001bc\ufffed\ud800e')).toBe('a\ufffdb\ufffdc\ufffdd\ufffde');
  });

  it('leaves tabs, line ends and other scripts alone', () => {
    expect(escapeXml('Lune\t\r\nМісяць 😀')).toBe('Lune\t\r\nМісяць 😀');
  });
});
