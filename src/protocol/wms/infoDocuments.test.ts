import { describe, expect, it } from 'vitest';
import { childrenOf, readXml } from '../readXml.ts';
import { joinInfo } from './infoDocuments.ts';

/** Dangers: a word of one upstream lost beside another's, namespaces that change their meaning, a document called what it is not, members that reach prototypes. */
const document = (contentType: string, text: string) => ({ contentType, text });
const of = (contentType: string, ...texts: readonly string[]) => joinInfo(texts.map((text) => document(contentType, text)), contentType);

describe('what several upstreams say', () => {
  it('texts: one below the other, empty ones left out', () => expect(of('text/plain', 'a', '', 'b')).toEqual(document('text/plain', 'a\nb')));

  it('HTML: in the body of the first', () => {
    const { contentType, text } = of('text/html', '<html><head><title>1</title></head><BODY class="x"><p>a</p></BODY></html>', '<html><head><style>p{}</style></head><body bgcolor="#fff"><p>b</p></body></html>', '<p>c</p>', '<title>\u0130\u0130\u0130</title><body>d</body>');
    expect(contentType).toBe('text/html');
    expect(text).toBe('<html><head><title>1</title></head><BODY class="x"><p>a</p><p>b</p><p>c</p>d</BODY></html>');
  });

  it('JSON: member by member, lists one after the other', () => {
    const { text } = of('application/json', '{"type":"FeatureCollection","features":[1],"crs":{"a":1}}', '{"type":"FeatureCollection","features":[2,3],"crs":{"b":2}}');
    expect(JSON.parse(text)).toEqual({ type: 'FeatureCollection', features: [1, 2, 3], crs: { a: 1, b: 2 } });
  });

  it('JSON: no member is a prototype', () => {
    const { text } = of('application/json', '{"a":{}}', '{"a":{"__proto__":{"polluted":1}},"__proto__":{"polluted":1}}');
    expect(text).toContain('"__proto__"');
    expect(({} as { polluted?: number }).polluted).toBeUndefined();
  });

  it('XML: below one root, each in its own namespace', () => {
    const one = '<?xml version="1.0" encoding="ISO-8859-1"?><!-- said --><msGMLOutput xmlns:gml="http://www.opengis.net/gml"><a gml:id="1">&lt;&#228;</a></msGMLOutput>';
    const other = '<r:Result xmlns:r="urn:r" xmlns:gml="urn:other"><gml:b><![CDATA[<c>]]></gml:b><d/></r:Result>';
    const { contentType, text } = of('application/vnd.ogc.gml', one, other);
    expect(contentType).toBe('application/vnd.ogc.gml');
    expect(text).toMatch(/^<\?xml version="1.0" encoding="UTF-8"\?>\n<msGMLOutput xmlns:gml="http:\/\/www.opengis.net\/gml">/);
    expect(text).toContain('<a gml:id="1">&lt;&#228;</a>');
    expect(text).toMatch(/<gml:b xmlns:r="urn:r" xmlns:gml="urn:other"><!\[CDATA\[<c>\]\]><\/gml:b>/);
    expect(readXml(text).children.map(({ name }) => name)).toEqual(['a', 'b', 'd']);
    expect(childrenOf(readXml(text), 'a')[0]!.text).toBe('<ä');
  });

  it('one document: as it came, declared to be UTF-8', () => {
    expect(of('text/xml', '<?xml version="1.0" encoding="ISO-8859-1"?>\n<a><!-- b --> </a>').text).toBe('<?xml version="1.0" encoding="UTF-8"?>\n<a><!-- b --> </a>');
    expect(of('application/json', '{"a": 1.10}').text).toBe('{"a": 1.10}');
  });

  it('of several kinds: as text', () => {
    expect(joinInfo([document('text/html', '<script>'), document('application/json', '{}')], 'text/html')).toEqual(document('text/plain', '<script>\n{}'));
  });

  it.each([
    ['application/geo+json', 'application/json', '{}', 'application/geo+json'],
    ['text/xml', 'application/vnd.ogc.gml', '<a/>', 'text/xml'],
    ['application/json', 'text/html', '<p>', 'text/html'],
    ['text/html', 'image/svg+xml', '<svg/>', 'text/xml'],
    ['text/html', 'application/javascript', 'alert(1)', 'text/plain'],
    ['text/html', '', 'a', 'text/plain'],
  ])('asked for %s, got %s: called by one of four names', (asked, said, text, contentType) => {
    expect(joinInfo([document(said, text)], asked).contentType).toBe(contentType);
  });

  it.each([['application/json', '{"a":'], ['application/json', '']])('no %s: an error', (contentType, text) => {
    expect(() => of(contentType, text)).toThrow(expect.objectContaining({ code: 'UPSTREAM_FAILED' }));
  });
  it.each(['<body', '</body', '<body>', '</body>', '<', '</body '])('megabytes of %s: joined at once', (piece) => {
    const page = piece.repeat(Math.ceil(4e6 / piece.length));
    const startedAt = performance.now();
    of('text/html', page, page);
    expect(performance.now() - startedAt).toBeLessThan(1000);
  });

  it.each([
    ['application/json', '{"a":'.repeat(200_000) + '1' + '}'.repeat(200_000)],
    ['text/xml', '<a>'.repeat(200_000) + '</a>'.repeat(200_000)],
  ])('%s that is nested endlessly: an error', (contentType, text) => {
    expect(() => of(contentType, text, text)).toThrow(expect.objectContaining({ code: 'UPSTREAM_FAILED' }));
  });

  it('no XML beside another: an error', () => expect(() => of('text/xml', '<a/>', 'nonsense')).toThrow(expect.objectContaining({ code: 'UPSTREAM_FAILED' })));
});
