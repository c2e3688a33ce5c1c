import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createApp } from '../../src/server/app.ts';
import { fakeGateway, MODIFIED, SECRET, TROUBLE } from './support/fakeGateway.ts';

const TILE = '/hips/moon/Norder3/Dir0/Npix271.png';
const TEXT = 'text/plain; charset=utf-8';

let app: FastifyInstance;
beforeAll(() => {
  app = createApp(fakeGateway(), { logger: null });
});
afterAll(() => app.close());

describe('a HiPS', () => {
  it.each([
    [TILE, 'tile 3 271', 'image/png'],
    ['/hips/moon/Norder3/Dir0/Npix271.jpg', 'tile 3 271', 'image/jpeg'],
    ['/hips/moon/Norder0/Dir0/Npix11.png', 'tile 0 11', 'image/png'],
    ['/hips/rough%20seas/Norder0/Dir0/Npix0.png', 'tile 0 0', 'image/png'],
    ['/hips/moon/Norder3/Allsky.jpg', 'allsky 3', 'image/jpeg'],
    ['/hips/moon/preview.jpg', 'preview', 'image/jpeg'],
    ['/hips/moon/Moc.fits', 'moc', 'application/fits'],
  ])('serves %s', async (url, body, contentType) => {
    const answer = await app.inject(url);
    expect([answer.statusCode, answer.body]).toEqual([200, body]);
    expect(answer.headers).toMatchObject({
      'content-type': contentType,
      'content-length': String(body.length),
      etag: `"${body}"`,
      'last-modified': 'Wed, 04 Mar 2026 05:06:07 GMT',
      'access-control-allow-origin': '*',
    });
  });

  it('lets tiles be kept for 72 hours, and documents that change with the configuration for minutes', async () => {
    expect((await app.inject(TILE)).headers['cache-control']).toBe('public, max-age=259200');
    for (const file of ['properties', 'Moc.fits', 'metadata.xml', '']) {
      expect((await app.inject(`/hips/moon/${file}`)).headers['cache-control'], file).toBe('public, max-age=300');
    }
  });

  it('does not say that tiles are compressed, nor compress them', async () => {
    const answer = await app.inject({ url: TILE, headers: { 'accept-encoding': 'gzip' } });
    expect(answer.headers['content-encoding']).toBeUndefined();
  });

  it('serves properties as text with the address it was asked under, without slash', async () => {
    const answer = await app.inject({ url: '/hips/rough%20seas/properties', headers: { host: 'maps.example:8080' } });
    expect(answer.headers).toMatchObject({ 'content-type': TEXT, 'last-modified': MODIFIED.toUTCString() });
    expect(answer.body).toMatch(/^hips_service_url *= http:\/\/maps\.example:8080\/hips\/rough%20seas$/m);
  });

  it('serves metadata.xml as XML', async () => {
    const answer = await app.inject('/hips/moon/metadata.xml');
    expect([answer.statusCode, answer.headers['content-type']]).toEqual([200, 'text/xml; charset=utf-8']);
    expect(answer.body).toContain('<VOTABLE');
  });

  it.each(['/hips/list', '/hipslist'])('lists all layers at %s, records apart by one blank line', async (url) => {
    const answer = await app.inject({ url, headers: { host: 'maps.example' } });
    expect([answer.statusCode, answer.headers['content-type']]).toEqual([200, TEXT]);
    const records = answer.body.trimEnd().split('\n\n');
    expect(records.map((record) => /hips_service_url *= (.*)/.exec(record)?.[1])).toEqual([
      'http://maps.example/hips/moon',
      'http://maps.example/hips/rough%20seas',
    ]);
  });
});

describe('addresses as clients write them', () => {
  it.each([
    '/hips/moon//Norder3/Dir0/Npix271.png', // Aladin Lite with a survey address that ends in a slash
    '//hips///moon//Norder3//Dir0/Npix271.png',
    '/hips/moon/Norder3/Dir0/Npix271.png?v=2460000', // Stellarium
    '/hips/moon/Norder3/Dir0/Npix271.png?a=%E0%A4%A&//x',
    '/hips/moon/%4Eorder3/Dir0/Npix271.png',
  ])('%s is the tile', async (url) => {
    const answer = await app.inject(url);
    expect([answer.statusCode, answer.body]).toEqual([200, 'tile 3 271']);
  });

  it('//Moc.fits is the MOC', async () => {
    expect((await app.inject('/hips/moon//Moc.fits')).body).toBe('moc');
  });

  it.each([
    ['/hips/moon', '../hips/moon/', '/hips/moon/'],
    ['/hips/rough%20seas?x=1', '../hips/rough%20seas/', '/hips/rough%20seas/'],
    ['//hips//moon', '../../../hips/moon/', '/hips/moon/'],
    ['/hips/', '../', '/'],
    ['/hips', './', '/'],
    ['/demo', './demo/', '/demo/'],
  ])('%s leads to its page, by a relative address that survives a proxy prefix', async (url, location, target) => {
    const answer = await app.inject(url);
    expect(answer.statusCode).toBeGreaterThanOrEqual(301);
    expect(answer.statusCode).toBeLessThanOrEqual(302);
    expect(answer.headers['location']).toBe(location);
    expect(new URL(location, `http://host/prefix${url}`).pathname).toBe(`/prefix${target}`);
    expect(answer.headers['access-control-allow-origin']).toBe('*');
  });
});

describe('wrong addresses (404, text/plain, kept for a while)', () => {
  it.each([
    ['/hips/mars/properties', '/hips/list'],
    ['/hips/mars', '/hips/list'],
    ['/hips/__proto__/properties', '/hips/list'],
    ['/hips/moon/Norder4/Dir0/Npix0.png', 'hips_order = 3'],
    ['/hips/moon/Norder30/Dir0/Npix0.png', 'Norder30'],
    ['/hips/moon/Norder0/Dir0/Npix12.png', 'Npix12'],
    ['/hips/moon/Norder0/Dir0/Npix-1.png', 'Npix'],
    ['/hips/moon/Norder0/Dir0/Npix1e1.png', 'Npix'],
    ['/hips/moon/Norder0/Dir10000/Npix0.png', 'Dir0'],
    ['/hips/moon/Norder0/Dir0/Npix0.webp', 'png, jpg'],
    ['/hips/moon/Norder0/Dir0/Npix0.fits', 'png, jpg'],
    ['/hips/moon/Norder0/Dir0/Npix0.exe', 'png, jpg'],
    ['/hips/moon/Norder3/Allsky.webp', 'png, jpg'],
    ['/hips/moon/Norder4/Allsky.png', 'Norder4'],
    ['/hips/moon/metadata.txt', 'metadata.txt'],
    ['/hips/moon/..%2f..%2fetc/passwd', 'etc/passwd'],
    ['/hips/moon/%2e%2e%2fproperties', 'properties'],
    ['/hips/moon/properties%00', 'properties'],
    ['/hips/moon/list', 'no file of a HiPS'],
    [`/hips/moon/Norder1/Dir0/Npix${TROUBLE.outside}.png`, 'outside the coverage'],
    ['/hips/moon/%E0%A4%A', 'nothing at this address'],
    ['/hips/%', 'nothing at this address'],
    ['/nowhere', 'nothing at this address'],
    ['/wp-login.php', 'nothing at this address'],
    [`/hips/${'x'.repeat(5000)}/properties`, '/hips/list'],
  ])('%s', async (url, said) => {
    const answer = await app.inject(url);
    expect([answer.statusCode, answer.headers['content-type']]).toEqual([404, TEXT]);
    expect(answer.body).toContain(said);
    expect(answer.headers).toMatchObject({
      'access-control-allow-origin': '*',
      'cache-control': 'public, max-age=300',
      'x-content-type-options': 'nosniff',
      'content-length': String(Buffer.byteLength(answer.body)),
    });
    expect(answer.headers['etag']).toBeUndefined();
  });
});

describe('trouble', () => {
  it.each([
    ['tooLarge', 400, '500', 'public, max-age=300'],
    ['upstreamFailed', 502, 'The source of this layer could not be read.', 'no-store'],
    ['upstreamTimeout', 504, 'The source of this layer did not answer in time.', 'no-store'],
    ['bug', 500, 'Internal error', 'no-store'],
    ['frameMismatch', 500, 'Internal error', 'no-store'],
  ] as const)('%s is answered with %i and nothing internal', async (trouble, status, said, cacheControl) => {
    const answer = await app.inject(`/hips/moon/Norder1/Dir0/Npix${TROUBLE[trouble]}.png`);
    expect([answer.statusCode, answer.headers['content-type']]).toEqual([status, TEXT]);
    expect(answer.body).toContain(said);
    expect(JSON.stringify([answer.headers, answer.body])).not.toMatch(/upstream\.internal|secret|\.ts|mars/);
    expect(answer.headers).toMatchObject({ 'access-control-allow-origin': '*', 'cache-control': cacheControl });
    expect(answer.headers['etag']).toBeUndefined();
  });

  it('is logged in full, once', async () => {
    const lines: string[] = [];
    const { createLogger } = await import('../../src/server/log.ts');
    const logged = createApp(fakeGateway(), { logger: createLogger('info', { write: (line) => void lines.push(line) }) });
    await logged.inject(`/hips/moon/Norder1/Dir0/Npix${TROUBLE.upstreamFailed}.png`);
    await logged.inject(TILE);
    await logged.inject('/hips/mars/properties');
    await logged.close();
    expect(lines).toHaveLength(1);
    expect(lines[0]).toContain(SECRET);
    expect(lines[0]).toContain('Npix22.png');
  });
});

describe('methods', () => {
  it.each([TILE, '/hips/moon/', '/hips/moon/properties', '/hips/moon/Moc.fits', '/hips/list', '/', '/health', '/web/style.css'])(
    'HEAD %s says what GET would, without a body',
    async (url) => {
      const get = await app.inject(url);
      const head = await app.inject({ method: 'HEAD', url });
      expect([head.statusCode, head.body]).toEqual([200, '']);
      expect({ ...head.headers, date: '' }).toEqual({ ...get.headers, date: '' });
      expect(head.headers['content-length']).toBe(String(get.rawPayload.length));
    },
  );

  it('HEAD of what is not there is 404 without a body', async () => {
    const head = await app.inject({ method: 'HEAD', url: '/hips/moon/Norder9/Dir0/Npix0.png' });
    expect([head.statusCode, head.body, head.headers['access-control-allow-origin']]).toEqual([404, '', '*']);
  });

  it.each([TILE, '/hips/moon/', '/hips/list', '/', '/nowhere'])('OPTIONS %s is a preflight that allows', async (url) => {
    const answer = await app.inject({
      method: 'OPTIONS', url, headers: { origin: 'http://elsewhere', 'access-control-request-method': 'GET', 'access-control-request-headers': 'range' },
    });
    expect([answer.statusCode, answer.body]).toEqual([204, '']);
    expect(answer.headers).toMatchObject({
      'access-control-allow-origin': '*', 'access-control-allow-methods': 'GET, HEAD, OPTIONS', 'access-control-allow-headers': 'range',
    });
  });

  it.each(['POST', 'PUT', 'PATCH', 'DELETE'] as const)('%s is refused with 405 and Allow, whatever it carries', async (method) => {
    for (const payload of [undefined, 'x']) {
      const headers = payload === undefined ? {} : { 'content-type': 'application/odd' };
      const answer = await app.inject({ method, url: TILE, headers, ...(payload === undefined ? {} : { payload }) });
      expect([answer.statusCode, answer.headers['allow']]).toEqual([405, 'GET, HEAD, OPTIONS']);
      expect(answer.headers['access-control-allow-origin']).toBe('*');
    }
  });
});

describe('conditional requests', () => {
  const etag = '"tile 3 271"';
  it.each([
    [{ 'if-none-match': etag }, 304],
    [{ 'if-none-match': `W/${etag}` }, 304],
    [{ 'if-none-match': `"other", ${etag}` }, 304],
    [{ 'if-none-match': '*' }, 304],
    [{ 'if-none-match': '"other"' }, 200],
    [{ 'if-modified-since': 'Wed, 04 Mar 2026 05:06:07 GMT' }, 304], // the very second: our milliseconds must not count
    [{ 'if-modified-since': 'Thu, 05 Mar 2026 00:00:00 GMT' }, 304],
    [{ 'if-modified-since': 'Wed, 04 Mar 2026 05:06:06 GMT' }, 200],
    [{ 'if-modified-since': 'yesterday' }, 200],
    [{ 'if-none-match': '"other"', 'if-modified-since': 'Thu, 05 Mar 2026 00:00:00 GMT' }, 200], // the tag decides
  ])('%j gets %i', async (headers, status) => {
    const answer = await app.inject({ url: TILE, headers });
    expect(answer.statusCode).toBe(status);
    expect(answer.headers).toMatchObject({
      'access-control-allow-origin': '*', etag, 'last-modified': 'Wed, 04 Mar 2026 05:06:07 GMT', 'cache-control': 'public, max-age=259200',
    });
    expect(answer.body).toBe(status === 304 ? '' : 'tile 3 271');
  });

  it.each(['/hips/moon/properties', '/hips/list', '/hips/moon/', '/', '/web/style.css', '/hips/moon/Moc.fits'])('%s is spared when unchanged', async (url) => {
    const first = await app.inject(url);
    const again = await app.inject({ url, headers: { 'if-none-match': String(first.headers['etag']) } });
    expect([first.statusCode, again.statusCode, again.body]).toEqual([200, 304, '']);
  });

  it('properties under another host have another tag, so that no cache mixes them', async () => {
    const tags = await Promise.all(['a', 'b'].map(async (host) => (await app.inject({ url: '/hips/moon/properties', headers: { host } })).headers['etag']));
    expect(tags[0]).not.toBe(tags[1]);
  });
});

describe('the public address', () => {
  async function serviceUrl(overrides: Parameters<typeof fakeGateway>[0], headers: Record<string, string>): Promise<string | undefined> {
    const other = createApp(fakeGateway(overrides), { logger: null });
    const { body } = await other.inject({ url: '/hips/moon/properties', headers });
    await other.close();
    return /hips_service_url *= (.*)/.exec(body)?.[1];
  }

  it('is the configured one where there is one', async () => {
    expect(await serviceUrl({ publicUrl: 'https://maps.example/gateway' }, { host: 'inner:8080' })).toBe('https://maps.example/gateway/hips/moon');
  });

  it.each(['evil.example/path', 'user@evil.example', 'a b', 'evil.example?', 'x"y', ''])('is not made of the malformed Host %j', async (host) => {
    expect(await serviceUrl({}, { host })).toMatch(/^http:\/\/(?:127\.0\.0\.1|localhost)(?::\d+)?\/hips\/moon$/);
  });

  it('takes X-Forwarded-* from a trusted proxy only', async () => {
    const headers = { host: 'inner:8080', 'x-forwarded-host': 'maps.example', 'x-forwarded-proto': 'https' };
    expect(await serviceUrl({}, headers)).toBe('http://inner:8080/hips/moon');
    expect(await serviceUrl({ trustProxy: true }, headers)).toBe('https://maps.example/hips/moon');
  });
});

describe('pages', () => {
  it('the page of a HiPS escapes what comes from the configuration and forbids other hosts', async () => {
    const answer = await app.inject({ url: '/hips/moon/', headers: { host: 'maps.example' } });
    expect(answer.headers['content-type']).toBe('text/html; charset=utf-8');
    expect(answer.body).toContain('<h1>The &lt;moon&gt;</h1>');
    expect(answer.body).toContain('USGS &amp; friends');
    expect(answer.body).not.toMatch(/<moon>/);
    expect(answer.body).toContain('load http://maps.example/hips/moon');
    for (const file of ['properties', 'Moc.fits', 'preview.jpg', 'Norder3/Allsky.png']) expect(answer.body).toContain(`href="../../hips/moon/${file}"`);
    expect(answer.headers['content-security-policy']).toContain("default-src 'self'");
    expect(String(answer.headers['content-security-policy'])).not.toMatch(/https?:/);
  });

  it('index.html is the same page', async () => {
    const [page, index] = await Promise.all([app.inject('/hips/moon/'), app.inject('/hips/moon/index.html')]);
    expect(index.body).toBe(page.body);
  });

  it.each(['/', '/hips/moon/', '/hips/moon//', '//hips/rough%20seas/', '/hips/moon/index.html'])(
    'everything that %s links to or loads is there, below a proxy prefix too',
    async (url) => {
      const { body } = await app.inject(url);
      const links = [...body.matchAll(/(?:href|src|data-script)="([^"]+)"/g)].map((match) => match[1] ?? '');
      expect(links.length).toBeGreaterThan(5);
      for (const link of links) {
        const { origin, pathname } = new URL(link, `http://host/prefix${url}`);
        expect([origin, pathname.startsWith('/prefix/')], link).toEqual(['http://host', true]);
        expect((await app.inject(pathname.slice('/prefix'.length))).statusCode, link).toBe(200);
      }
    },
  );

  it('the landing page shows every layer', async () => {
    const { body } = await app.inject('/');
    expect(body).toContain('Fake &lt;gateway&gt;');
    for (const name of ['moon', 'rough%20seas']) expect(body).toContain(`./hips/${name}/preview.jpg`);
  });

  it('without the HiPS service there is a landing page and no HiPS', async () => {
    const bare = createApp(fakeGateway({ hips: null }), { logger: null });
    expect((await bare.inject('/')).statusCode).toBe(200);
    expect((await bare.inject('/hips/list')).statusCode).toBe(404);
    await bare.close();
  });

  it('Aladin Lite comes unmodified from this host, to be kept for good, compressed for those who can', async () => {
    const { body } = await app.inject('/hips/moon/');
    const script = new URL(/data-script="([^"]+)"/.exec(body)?.[1] ?? '', 'http://host/hips/moon/').pathname;
    expect(script).toBe('/vendor/aladin-lite/3.8.2/aladin.js');
    const plain = await app.inject(script);
    const gzipped = await app.inject({ url: script, headers: { 'accept-encoding': 'br, gzip' } });
    const { gunzipSync } = await import('node:zlib');
    expect(plain.headers).toMatchObject({ 'content-type': 'text/javascript; charset=utf-8', 'cache-control': 'public, max-age=31536000, immutable' });
    expect(plain.headers['content-encoding']).toBeUndefined();
    expect(gzipped.headers).toMatchObject({ 'content-encoding': 'gzip', vary: 'accept-encoding' });
    expect(gunzipSync(gzipped.rawPayload).equals(plain.rawPayload)).toBe(true);
    expect(gzipped.headers['etag']).not.toBe(plain.headers['etag']);
    const refused = await app.inject({ url: script, headers: { 'accept-encoding': 'gzip;q=0' } });
    expect(refused.headers['content-encoding']).toBeUndefined();
  });
});

describe('health', () => {
  it.each(['/health', '/ready'])('%s is 200 and not kept', async (url) => {
    const answer = await app.inject(url);
    expect([answer.statusCode, answer.headers['cache-control']]).toEqual([200, 'no-store']);
  });
});
