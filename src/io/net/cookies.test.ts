import { describe, expect, it } from 'vitest';
import { createCookieJar } from './cookies.ts';

/** Dangers: a session that an upstream asks for is not kept; a cookie goes to another host, path or an open line; an upstream fills the memory. */
const at = (url: string): URL => new URL(url);

describe('cookies', () => {
  it('go back to their host, with their value only', () => {
    const jar = createCookieJar();
    jar.take(at('http://a.example/wms'), ['sid=a=b; Path=/; HttpOnly', 'lang="de"']);
    expect(jar.headerFor(at('http://a.example/wms?x'))).toBe('sid=a=b; lang="de"');
    expect(jar.headerFor(at('http://a.example:81/'))).toBe('sid=a=b; lang="de"');
    expect(jar.headerFor(at('http://b.a.example/wms'))).toBeNull();
    expect(jar.headerFor(at('http://example/wms'))).toBeNull();
  });

  it.each([
    ['/maps', '/maps', true], ['/maps', '/maps/wms', true], ['/maps', '/mapserver', false], ['/maps/', '/maps/wms', true], ['/maps/', '/maps', false], ['/', '/x', true],
  ])('with the path %s go to %s: %s', (path, asked, isSent) => {
    const jar = createCookieJar();
    jar.take(at('http://h/elsewhere/x'), `s=1; path=${path}`);
    expect(jar.headerFor(at(`http://h${asked}`)) !== null).toBe(isSent);
  });

  it('without a path belong to the folder of what was asked', () => {
    const jar = createCookieJar();
    jar.take(at('http://h/cgi-bin/mapserv?map=x'), 's=1');
    expect([jar.headerFor(at('http://h/cgi-bin/other')), jar.headerFor(at('http://h/'))]).toEqual(['s=1', null]);
  });

  it('that are secure never go over an open line, nor come from one', () => {
    const jar = createCookieJar();
    jar.take(at('https://h/'), 's=1; Secure');
    jar.take(at('http://h/'), 't=1; Secure');
    expect([jar.headerFor(at('https://h/')), jar.headerFor(at('http://h/'))]).toEqual(['s=1', null]);
  });

  it('end when they are said to, and when they are taken back', () => {
    let now = Date.UTC(2026, 0, 1);
    const jar = createCookieJar(() => now);
    jar.take(at('http://h/'), ['a=1; Max-Age=60', 'b=1; Expires=Thu, 01 Jan 2026 00:01:40 GMT', 'c=1; Max-Age=100; Expires=Thu, 01 Jan 1970 00:00:00 GMT', 'd=1']);
    expect(jar.headerFor(at('http://h/'))).toBe('a=1; b=1; c=1; d=1');
    now += 60_000;
    expect(jar.headerFor(at('http://h/'))).toBe('b=1; c=1; d=1');
    jar.take(at('http://h/'), ['d=; Max-Age=0', 'b=2']);
    expect(jar.headerFor(at('http://h/'))).toBe('c=1; b=2');
  });

  it('are bounded', () => {
    const jar = createCookieJar();
    jar.take(at('http://h/'), Array.from({ length: 80 }, (_, i) => `c${i}=1`));
    jar.take(at('http://h/'), `big=${'x'.repeat(5000)}`);
    expect(jar.headerFor(at('http://h/'))!.split('; ')).toHaveLength(50);
    for (let i = 0; i < 200; i++) jar.take(at(`http://h${i}/`), 's=1');
    expect([jar.headerFor(at('http://h/')), jar.headerFor(at('http://h199/'))]).toEqual([null, 's=1']);
  });

  it.each(['', '=1', 'nothing', ' =x; path=/'])('%j is none', (line) => {
    const jar = createCookieJar();
    jar.take(at('http://h/'), line);
    expect(jar.headerFor(at('http://h/'))).toBeNull();
  });
});
