import { describe, expect, it } from 'vitest';
import { linkedAddress, withParameters } from './address.ts';

describe('addresses of requests', () => {
  it.each([
    ['http://h/p', 'http://h/p?A=1&b=x%20y'],
    ['http://h/p?map=/a.map&', 'http://h/p?map=/a.map&A=1&b=x%20y'],
    ['http://h/p?a=9&B=7&c=%2F#top', 'http://h/p?c=%2F&A=1&b=x%20y'],
  ])('%s: own parameters stay, those that are set are replaced', (url, expected) => {
    expect(withParameters(url, { A: 1, b: 'x y' })).toBe(expected);
  });
});

describe('addresses that upstreams write', () => {
  it.each([
    ['/t/{TileMatrix}/{TileRow}', 'https://h.org/t/{TileMatrix}/{TileRow}'],
    ['t.png', 'https://h.org/a/t.png'],
    ['https://tiles.cdn.net/x', 'https://tiles.cdn.net/x'],
    ['http://h.org/x', 'http://h.org/x'],
  ])('%s is followed', (href, expected) => {
    expect(linkedAddress(href, 'https://h.org/a/doc.xml')).toBe(expected);
  });

  it.each([
    'http://localhost/x', 'http://127.0.0.1:6379/', 'http://10.1.2.3/x', 'http://192.168.0.1/', 'http://172.20.0.2/', 'http://169.254.169.254/latest/meta-data/',
    'http://[::1]/', 'http://[fd00::1]/', 'http://metadata/', 'http://db.internal/', 'file:///etc/passwd', 'http://0x7f000001/', 'http://2130706433/',
  ])('%s is not (danger: an upstream that looks into the operator\'s own network)', (href) => {
    expect(() => linkedAddress(href, 'https://h.org/a/doc.xml')).toThrow();
  });

  it('an upstream in the private network may name itself', () => {
    expect(linkedAddress('http://10.1.2.3:81/x', 'http://10.1.2.3:81/doc')).toBe('http://10.1.2.3:81/x');
    expect(() => linkedAddress('http://10.1.2.3:82/x', 'http://10.1.2.3:81/doc')).toThrow();
  });
});
