import { describe, expect, it } from 'vitest';
import { childAt, childrenOf, numbersIn, readXml, textAt } from './readXml.ts';

describe('documents of upstreams', () => {
  const root = readXml(
    '<?xml version="1.0"?><!DOCTYPE R SYSTEM "http://nowhere.invalid/x.dtd"><!-- c -->' +
      '<w:R xmlns:w="u" version="1.0.0"><ows:Title>A &amp; B &#228; <![CDATA[<C>]]></ows:Title>' +
      '<Get xlink:href="http://h/?a=1&amp;b=2"/><L><I> one </I></L><L><I>two</I></L></w:R>',
  );

  it('are read without prefixes, entities undone', () => {
    expect(root.name).toBe('R');
    expect(root.attributes['version']).toBe('1.0.0');
    expect(textAt(root, 'Title')).toBe('A & B ä<C>');
    expect(childAt(root, 'Get')?.attributes['href']).toBe('http://h/?a=1&b=2');
    expect(childrenOf(root, 'L').map((layer) => textAt(layer, 'I'))).toEqual(['one', 'two']);
    expect(textAt(root, 'No', 'Such')).toBe('');
  });

  it.each(['', 'hello', '<a><b></a>', '{"a": 1}', '<html><p>x</html>'])('refuses %j as no XML (danger: an error page read as an empty service)', (text) => {
    expect(() => readXml(text)).toThrow(/not an XML document/);
  });

  it('does not swell (danger: a few bytes that fill the memory)', () => {
    const levels = Array.from({ length: 20 }, (_, i) => `<!ENTITY e${i + 1} "${`&e${i};`.repeat(10)}">`).join('');
    const bomb = `<!DOCTYPE r [<!ENTITY e0 "boom">${levels}]><r>&e20;</r>`;
    const length = (() => {
      try {
        return readXml(bomb).text.length;
      } catch {
        return 0;
      }
    })();
    expect(length).toBeLessThan(200_000);
  });

  it('reads numbers however they are separated', () => {
    expect(numbersIn(' -180.0 90\n1e3,5 ')).toEqual([-180, 90, 1000, 5]);
  });
});
