import { once } from 'node:events';
import { Agent, get, type IncomingMessage } from 'node:http';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterEach, describe, expect, it } from 'vitest';
import { createApp } from '../../src/server/app.ts';
import { addressLines } from '../../src/server/addresses.ts';
import { runGateway, type RunningServer } from '../../src/server/running.ts';
import type { HipsLayer } from '../../src/layer/types.ts';
import type { Gateway } from '../../src/service/types.ts';
import { DELIVERY, encoded, fakeGateway, fakeLayer, TROUBLE } from './support/fakeGateway.ts';

const NEVER = `/hips/moon/Norder1/Dir0/Npix${TROUBLE.never}.png`;

const running: RunningServer[] = [];
afterEach(async () => {
  for (const server of running.splice(0)) await server.close();
});

async function start(gateway: Gateway, graceMs = 5000): Promise<RunningServer> {
  const server = await runGateway(gateway, { host: '127.0.0.1', port: 0, logger: null, graceMs });
  running.push(server);
  return { ...server, url: server.url.replace('localhost', '127.0.0.1') };
}

function gatewayOf(layer: HipsLayer, overrides: Partial<Gateway> = {}): Gateway {
  return fakeGateway({ hips: { layers: new Map([[layer.name, layer]]), deliveryOf: () => DELIVERY }, ...overrides });
}

/** A layer that holds one tile in memory, and counts what it is asked for. */
function layerWithMemory(): { readonly layer: HipsLayer; readonly asked: string[] } {
  const asked: string[] = [];
  const base = fakeLayer('moon');
  const inMemory = encoded('tile 3 271', 'image/png');
  const layer: HipsLayer = {
    ...base,
    tile: (order, npix, format, signal) => {
      asked.push(`tile ${order} ${npix}`);
      return base.tile(order, npix, format, signal);
    },
    tileInMemory: (order, npix, format) => {
      asked.push(`memory ${order} ${npix} ${format}`);
      return order === 3 && npix === 271 && format === 'image/png' ? inMemory : undefined;
    },
  };
  return { layer, asked };
}

async function request(url: string, options: object = {}): Promise<{ readonly status: number | undefined; readonly headers: IncomingMessage['headers']; readonly body: string }> {
  const [answer] = (await once(get(url, options), 'response')) as [IncomingMessage];
  return { status: answer.statusCode, headers: answer.headers, body: await text(answer) };
}

describe('the short way of tiles in memory', () => {
  const TILE = '/hips/moon/Norder3/Dir0/Npix271.png';

  it('gives the very answer of the framework', async () => {
    const { layer, asked } = layerWithMemory();
    const app = createApp(gatewayOf(layer), { logger: null });
    const long = await app.inject(TILE);
    await app.close();
    const { url } = await start(gatewayOf(layer));
    asked.length = 0;
    const short = await request(`${url}${TILE}`, { agent: false });
    expect(asked).toEqual(['memory 3 271 image/png']);
    expect([short.status, short.body]).toEqual([long.statusCode, long.body]);
    const { date: _date, connection: _connection, ...headers } = short.headers;
    expect(headers).toEqual(Object.fromEntries(Object.entries(long.headers).filter(([name]) => !['date', 'connection'].includes(name))));
  });

  it.each([
    [TILE, { 'if-none-match': '"tile 3 271"' }, 304],
    [TILE, { 'if-modified-since': 'Wed, 04 Mar 2026 05:06:07 GMT' }, 304],
    [`${TILE}?v=1`, {}, 200],
    ['//hips//moon/Norder3/Dir0/Npix271.png', {}, 200],
    ['/hips/moon/Norder3/Dir0/Npix272.png', {}, 200],
    ['/hips/moon/Norder3/Dir0/Npix271.jpg', {}, 200],
    ['/hips/moon/Norder3/Dir10000/Npix271.png', {}, 404],
    ['/hips/moon/Norder03/Dir0/Npix271.png', {}, 404],
    ['/hips/moon/Norder3/Dir0/Npix271.fits', {}, 404],
    ['/hips/mars/Norder3/Dir0/Npix271.png', {}, 404],
    ['/hips/', {}, 302],
  ])('leaves %s with %j to the framework', async (path, headers, status) => {
    const { url } = await start(gatewayOf(layerWithMemory().layer));
    const answer = await request(`${url}${path}`, { headers, agent: false });
    expect(answer.status).toBe(status);
    expect(answer.headers['access-control-allow-origin']).toBe('*');
  });

  it('is not for POST', async () => {
    const { url } = await start(gatewayOf(layerWithMemory().layer));
    const answer = await fetch(`${url}${TILE}`, { method: 'POST', body: 'x' });
    expect([answer.status, answer.headers.get('allow')]).toEqual([405, 'GET, HEAD, OPTIONS']);
  });

  it('does not send a body to HEAD', async () => {
    const { url } = await start(gatewayOf(layerWithMemory().layer));
    const head = await request(`${url}${TILE}`, { method: 'HEAD', agent: false });
    expect([head.status, head.body, head.headers['content-length']]).toEqual([200, '', '10']);
  });
});

describe('a proxy that serves it below a path', () => {
  const HOST = { host: 'inner', 'x-forwarded-host': 'maps.example', 'x-forwarded-proto': 'https' };

  it.each([
    ['/hips/list', '/maps', 'https://maps.example/maps/hips/moon'],
    ['/maps/hips/list', '/maps', 'https://maps.example/maps/hips/moon'],
    ['/hips/list', '/a/b-c/', 'https://maps.example/a/b-c/hips/moon'],
    ['/a/b-c/hips/list', '/a/b-c', 'https://maps.example/a/b-c/hips/moon'],
    ['/hips/list', '', 'https://maps.example/hips/moon'],
    ['/hips/list', 'maps', 'https://maps.example/hips/moon'],
    ['/hips/list', '/..', 'https://maps.example/hips/moon'],
    ['/hips/list', '/a/../b', 'https://maps.example/hips/moon'],
    ['/hips/list', '//evil.example', 'https://maps.example/hips/moon'],
    ['/hips/list', '/a"b', 'https://maps.example/hips/moon'],
    ['/hips/list', `/${'a'.repeat(256)}`, 'https://maps.example/hips/moon'],
  ])('%s with X-Script-Name %j: addresses begin with %s', async (path, script, wanted) => {
    const { url } = await start(fakeGateway({ trustProxy: true }));
    const { status, body, headers } = await request(`${url}${path}`, { headers: { ...HOST, 'x-script-name': script }, agent: false });
    expect([status, /^hips_service_url *= *(\S+)$/m.exec(body)?.[1]]).toEqual([200, wanted]);
    expect(headers.vary).toMatch(/x-script-name/);
  });

  it('is not believed unless it is to be', async () => {
    const { url } = await start(fakeGateway());
    const { body, headers } = await request(`${url}/hips/list`, { headers: { ...HOST, 'x-script-name': '/maps' }, agent: false });
    expect(/^hips_service_url *= *(\S+)$/m.exec(body)?.[1]).toBe('http://inner/hips/moon');
    expect(String(headers.vary)).not.toMatch(/x-script-name/);
  });

  it('tiles that lie in memory are found, and are the same for everybody', async () => {
    const { layer, asked } = layerWithMemory();
    const { url } = await start(gatewayOf(layer, { trustProxy: true }));
    const { status, headers } = await request(`${url}/maps/hips/moon/Norder3/Dir0/Npix271.png`, { headers: { 'x-script-name': '/maps' }, agent: false });
    expect([status, headers.vary, asked]).toEqual([200, undefined, ['memory 3 271 image/png']]);
  });
});

describe('a client that leaves', () => {
  it('stops the work that was done for it', async () => {
    let signal: AbortSignal | null = null;
    const { url } = await start(fakeGateway({}, (each) => {
      signal = each;
    }));
    const leaving = get(`${url}${NEVER}`);
    leaving.on('error', () => {});
    await expect.poll(() => signal).not.toBeNull();
    expect((signal as unknown as AbortSignal).aborted).toBe(false);
    leaving.destroy();
    await expect.poll(() => (signal as unknown as AbortSignal).aborted).toBe(true);
    expect((await request(`${url}/health`, { agent: false })).status).toBe(200);
  });

  it('does not look like one that was answered', async () => {
    const signals: AbortSignal[] = [];
    const { url } = await start(fakeGateway({}, (each) => void signals.push(each)));
    await request(`${url}/hips/moon/Norder3/Dir0/Npix1.png`, { agent: false });
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(signals.map(({ aborted }) => aborted)).toEqual([false]);
  });
});

describe('stopping', () => {
  /** A layer whose tiles take a while. */
  function slowLayer(ms: number, onReady: () => void): HipsLayer {
    const base = fakeLayer('moon');
    return {
      ...base,
      tile: async (...args) => {
        await new Promise((resolve) => setTimeout(resolve, ms));
        onReady();
        return base.tile(...args);
      },
    };
  }

  it('lets a request under way finish, refuses new ones, and closes the gateway last', async () => {
    const order: string[] = [];
    const layer = slowLayer(200, () => void order.push('tile ready'));
    const server = await start(gatewayOf(layer, { close: async () => void order.push('gateway closed') }));
    const agent = new Agent({ keepAlive: true });
    const answer = request(`${server.url}/hips/moon/Norder3/Dir0/Npix1.png`, { agent });
    await new Promise((resolve) => setTimeout(resolve, 50));
    const closed = server.close();
    await expect(request(`${server.url}/health`, { agent: false })).rejects.toThrow(/ECONNREFUSED|ECONNRESET/);
    const reply = await answer;
    expect([reply.status, reply.body]).toEqual([200, 'tile 3 1']);
    const began = performance.now();
    await closed;
    expect(performance.now() - began).toBeLessThan(1000); // though the agent would keep its connection
    expect(order).toEqual(['tile ready', 'gateway closed']);
    agent.destroy();
  });

  it('does not wait for connections that are merely open', async () => {
    const server = await start(fakeGateway());
    const agent = new Agent({ keepAlive: true });
    await request(`${server.url}/health`, { agent });
    const began = performance.now();
    await server.close();
    expect(performance.now() - began).toBeLessThan(1000);
    agent.destroy();
  });

  it('cuts what has not finished after the grace period', async () => {
    const server = await start(fakeGateway(), 100);
    const stuck = request(`${server.url}${NEVER}`, { agent: false });
    stuck.catch(() => {});
    await new Promise((resolve) => setTimeout(resolve, 50));
    const began = performance.now();
    await server.close();
    expect(performance.now() - began).toBeLessThan(1500);
    await expect(stuck).rejects.toThrow();
  });

  it('twice is once', async () => {
    let times = 0;
    const server = await start(fakeGateway({ close: async () => void (times += 1) }));
    await Promise.all([server.close(), server.close()]);
    expect(times).toBe(1);
  });
});

describe('starting', () => {
  it('says which port is taken and how to choose another, and closes the gateway', async () => {
    const first = await start(fakeGateway());
    let closed = false;
    const port = Number(new URL(first.url).port);
    const second = runGateway(fakeGateway({ close: async () => void (closed = true) }), { host: '127.0.0.1', port, logger: null, graceMs: 100 });
    await expect(second).rejects.toMatchObject({ code: 'CONFIG_INVALID', message: expect.stringMatching(/in use.*--port/) });
    expect(closed).toBe(true);
  });

  it('prints one listening line, the demo and every HiPS', () => {
    expect(addressLines(fakeGateway(), 'http://localhost:8080')).toEqual([
      'listening on http://localhost:8080',
      '  demo  http://localhost:8080/demo/',
      '  HiPS  http://localhost:8080/hips/moon/',
      '  HiPS  http://localhost:8080/hips/rough%20seas/',
    ]);
  });

  it('answers what is no HTTP with 400 and lives on', async () => {
    const { url } = await start(fakeGateway());
    const socket = connect(Number(new URL(url).port), '127.0.0.1');
    socket.end('NONSENSE\r\n\r\n');
    expect(await text(socket)).toMatch(/^HTTP\/1\.1 400 /);
    expect((await request(`${url}/health`, { agent: false })).status).toBe(200);
  });
});
