import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Writable } from 'node:stream';
import { afterEach, describe, expect, it } from 'vitest';
import { createAccessLog, type AccessLogOptions } from '../../src/server/accessLog.ts';
import { createLive } from '../../src/server/live.ts';
import { createLogger } from '../../src/server/log.ts';
import { loadText } from '../config/loadText.ts';
import { encoded, fakeGateway, fakeLayer } from './support/fakeGateway.ts';

/**
 * The log of requests. Dangers: a line for each tile out of memory, which costs more than the tile; tiles that the short way answers left
 * out of the sample; a slow request that nobody hears of.
 */
let close: (() => Promise<void>) | null = null;
afterEach(async () => {
  await close?.();
  close = null;
});

interface Line {
  readonly msg: string;
  readonly url: string;
  readonly status: number;
  readonly method: string;
  readonly every?: number;
}

async function serve(options: AccessLogOptions, { inMemory = false } = {}): Promise<{ get(path: string): Promise<number>; readonly lines: readonly Line[] }> {
  const lines: Line[] = [];
  const destination = new Writable({
    write(chunk: Buffer, _encoding, done) {
      lines.push(JSON.parse(chunk.toString()) as Line);
      done();
    },
  });
  const logger = createLogger('info', destination);
  const layer = inMemory ? { ...fakeLayer('moon'), tileInMemory: () => encoded('tile') } : fakeLayer('moon');
  const gateway = fakeGateway();
  const hips = { ...gateway.hips!, layers: new Map([['moon', layer]]) };
  const live = await createLive({ ...gateway, hips }, { logger, accessLog: createAccessLog(logger, options) });
  const server: Server = createServer((request, response) => live.handle(request, response, true)).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as AddressInfo;
  close = async () => {
    await live.app.close();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  };
  return {
    lines,
    async get(path) {
      const answer = await fetch(`http://127.0.0.1:${port}${path}`);
      await answer.arrayBuffer();
      return answer.status;
    },
  };
}

const TILE = '/hips/moon/Norder1/Dir0/Npix3.png';

describe('the log of requests', () => {
  it('has none of those that are quick', async () => {
    const { get, lines } = await serve({ slow_ms: 60_000, every: 0 });
    for (const path of [TILE, '/health', '/nothing/here']) await get(path);
    expect(lines).toEqual([]);
  });

  it('has those that take their time', async () => {
    const { get, lines } = await serve({ slow_ms: 1e-6, every: 100 });
    await get(TILE);
    expect(lines).toEqual([expect.objectContaining({ msg: 'slow request', method: 'GET', url: TILE, status: 200, ip: '127.0.0.1', ms: expect.any(Number) })]);
    expect(lines[0]).not.toHaveProperty('every');
  });

  it('has every third of the others, and says so', async () => {
    const { get, lines } = await serve({ slow_ms: 0, every: 3 });
    for (let i = 0; i < 7; i++) await get(i < 4 ? TILE : '/nothing/here');
    expect(lines.map(({ msg, url, status, every }) => [msg, url, status, every])).toEqual([['request', TILE, 200, 3], ['request', '/nothing/here', 404, 3]]);
  });

  it('has tiles that went straight out of memory in its sample', async () => {
    const { get, lines } = await serve({ slow_ms: 0, every: 2 }, { inMemory: true });
    for (let i = 0; i < 4; i++) expect(await get(TILE)).toBe(200);
    expect(lines).toHaveLength(2);
    expect(lines[0]).toMatchObject({ msg: 'request', method: 'GET', url: TILE, status: 200, every: 2 });
  });

  it('is set in the file: slow ones after a second, no sample', () => {
    const yaml = (server: string) => loadText(`services: {hips: }\nlayers: [{name: l, title: L, sources: [s]}]\nsources: {s: {type: wms, req: {url: 'http://x/?', layers: a}}}\n${server}`).config.server.access_log;
    expect(yaml('')).toEqual({ slow_ms: 1000, every: 0 });
    expect(yaml('server: {access_log: {slow_ms: 0, every: 100}}')).toEqual({ slow_ms: 0, every: 100 });
  });
});
