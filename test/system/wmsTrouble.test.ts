import { get } from 'node:http';
import { afterEach, describe, expect, it } from 'vitest';
import type { FastifyInstance } from 'fastify';
import { GatewayError, type ErrorCode } from '../../src/errors.ts';
import { createApp } from '../../src/server/app.ts';
import { runGateway, type RunningServer } from '../../src/server/running.ts';
import type { MapLayer } from '../../src/layer/types.ts';
import type { MapsNode, MapTreeNode } from '../../src/service/types.ts';
import { fakeGateway, SECRET } from './support/fakeGateway.ts';
import { fakeMaps } from './support/fakeMaps.ts';

const MAP = '/service?SERVICE=WMS&VERSION=1.3.0&REQUEST=GetMap&LAYERS=moon&STYLES=&CRS=IAU_2015:30100&BBOX=-90,-180,90,180&WIDTH=8&HEIGHT=4&FORMAT=image/png';
const INFO = `${MAP.replace('GetMap', 'GetFeatureInfo')}&QUERY_LAYERS=moon&INFO_FORMAT=text/plain&I=0&J=0`;

const apps: FastifyInstance[] = [];
const servers: RunningServer[] = [];
afterEach(async () => {
  for (const app of apps.splice(0)) await app.close();
  for (const server of servers.splice(0)) await server.close();
});

function appOver(maps: MapsNode): FastifyInstance {
  const app = createApp(fakeGateway({ maps }), { logger: null });
  apps.push(app);
  return app;
}

function failing(error: unknown): MapsNode {
  return {
    ...fakeMaps(),
    draw: async () => {
      throw error;
    },
  };
}

/** Danger: a source that fails looks like a map without anything on it, is kept as one, or its address is told to the world. */
describe('trouble behind a map', () => {
  it.each<[ErrorCode, number, string]>([
    ['UPSTREAM_FAILED', 502, 'NoApplicableCode'],
    ['UPSTREAM_TIMEOUT', 504, 'NoApplicableCode'],
  ])('%s: %i, an exception that tells nothing of the inside and is not kept', async (code, status, wmsCode) => {
    const answer = await appOver(failing(new GatewayError(code, `GET ${SECRET}: 500`))).inject(MAP);
    expect([answer.statusCode, answer.headers['content-type'], answer.headers['cache-control']]).toEqual([status, 'text/xml; charset=utf-8', 'no-store']);
    expect(answer.body).toContain(`code="${wmsCode}"`);
    expect(answer.body).not.toContain('upstream.internal');
    expect(answer.headers.etag).toBeUndefined();
  });

  it('a bug: 500, an exception that tells nothing of the inside', async () => {
    const answer = await appOver(failing(new TypeError(`cannot read ${SECRET}`))).inject(MAP);
    expect([answer.statusCode, answer.headers['cache-control']]).toEqual([500, 'no-store']);
    expect(answer.body).not.toContain('upstream.internal');
  });

  it('too many source tiles: 400, and the limit is told', async () => {
    const answer = await appOver(failing(new GatewayError('TOO_LARGE', 'the map needs 700 source tiles, more than the allowed 500'))).inject(MAP);
    expect([answer.statusCode, answer.body]).toEqual([400, expect.stringContaining('allowed 500')]);
  });

  it('in a picture it says no more, and is not kept either', async () => {
    const seen: number[] = [];
    const maps = { ...failing(new GatewayError('UPSTREAM_FAILED', SECRET)), encode: async ({ data }: { readonly data: Uint8Array }) => {
      seen.push(data.filter((value) => value === 0).length);
      return new Uint8Array([1]);
    } };
    const answer = await appOver(maps).inject(`${MAP.replace('WIDTH=8&HEIGHT=4', 'WIDTH=300&HEIGHT=40')}&EXCEPTIONS=INIMAGE`);
    expect([answer.statusCode, answer.headers['content-type'], answer.headers['cache-control']]).toEqual([200, 'image/png', 'no-store']);
    expect(seen).toHaveLength(1);
  });

  it('behind GetFeatureInfo: the same', async () => {
    const maps = fakeMaps();
    const layer = maps.roots[0]!.children[0]!.layer!;
    const broken: MapLayer = {
      ...layer,
      info: async () => {
        throw new GatewayError('UPSTREAM_TIMEOUT', SECRET);
      },
    };
    const group = maps.roots[0]!;
    const answer = await appOver({ ...maps, roots: [{ ...group, children: [{ ...group.children[0]!, layer: broken }] }] }).inject(INFO);
    expect([answer.statusCode, answer.headers['cache-control']]).toEqual([504, 'no-store']);
    expect(answer.body).not.toContain('upstream.internal');
  });
});

describe('a client that leaves', () => {
  it('takes the work on its map with it', async () => {
    const aborted = Promise.withResolvers<unknown>();
    const started = Promise.withResolvers<void>();
    const maps: MapsNode = {
      ...fakeMaps(),
      draw: (_layers, _grid, _style, signal) => new Promise((_resolve, reject) => {
        started.resolve();
        signal.addEventListener('abort', () => {
          aborted.resolve(signal.reason);
          reject(signal.reason as Error);
        });
      }),
    };
    const server = await runGateway(fakeGateway({ maps }), { host: '127.0.0.1', port: 0, logger: null, graceMs: 1000 });
    servers.push(server);
    const request = get(server.url.replace('localhost', '127.0.0.1') + MAP).on('error', () => {});
    await started.promise;
    request.destroy();
    await aborted.promise;
  });
});

describe('many layers', () => {
  const COUNT = 200;

  function manyMaps(): MapsNode {
    const maps = fakeMaps();
    const node = maps.roots[0]!.children[0]!;
    const roots = Array.from({ length: COUNT }, (_, i): MapTreeNode => ({ ...node, name: `moon${i}`, layer: { ...node.layer!, name: `moon${i}` } }));
    return { ...maps, roots };
  }

  it(`capabilities of ${COUNT} layers: all there, and ready in a moment once they have been asked for`, async () => {
    const app = appOver(manyMaps());
    const address = '/service?SERVICE=WMS&REQUEST=GetCapabilities';
    expect((await app.inject(address)).body.match(/<Name>moon\d+<\/Name>/g)).toHaveLength(COUNT);
    const times: number[] = [];
    for (let i = 0; i < 5; i++) {
      const startedAt = performance.now();
      await app.inject(address);
      times.push(performance.now() - startedAt);
    }
    expect(Math.min(...times)).toBeLessThan(50);
  });
});
