import { afterEach, describe, expect, it } from 'vitest';
import { startUpstream, type Upstream } from '../../../test/contract/upstreamServer.ts';
import { crsOf } from '../../geometry/crs/registry.ts';
import { standardSet } from '../../geometry/pyramid/standardSets.ts';
import { GatewayError } from '../../errors.ts';
import { createHttpClient } from '../net/http.ts';
import { matrixSetTiling } from './matrixTiling.ts';
import { tileBytes } from './tile.ts';
import { statusOf } from './upstreamError.ts';

const http = createHttpClient({ tries: 1 });
const never = new AbortController().signal;
const tile = matrixSetTiling(standardSet('WorldCRS84Quad', crsOf)!).tiles.patchAt(0, 0, 0, 0)!;
const GIF = Buffer.from('GIF89a');

let upstream: Upstream | null = null;
afterEach(async () => {
  await upstream?.close();
  upstream = null;
});

async function ask(status: number, type: string, body: Uint8Array | string) {
  upstream = await startUpstream((_, response) => response.writeHead(status, { 'content-type': type }).end(body));
  return tileBytes({ http, addressOf: () => `${upstream!.url}/t` }).fetch(tile, never);
}

describe('tiles with an address each', () => {
  it.each([
    [404, 'text/html', '<h1>none</h1>'],
    [410, 'text/plain', 'gone'],
    [204, 'image/png', ''],
    [200, 'image/png', ''],
    [404, 'image/png', GIF],
  ])('takes %i %s for: nothing there', async (status, type, body) => {
    expect(await ask(status, type, body)).toBeNull();
  });

  it.each([
    [200, 'text/html', 'Please log in', 'UPSTREAM_FAILED'],
    [403, 'application/xml', '<Error>denied</Error>', 'UPSTREAM_FAILED'],
    [500, 'image/gif', GIF, 'UPSTREAM_FAILED'],
    [504, 'text/plain', 'slow', 'UPSTREAM_TIMEOUT'],
  ])('takes %i %s for a failure that says its status (danger: an error kept as a hole in the map)', async (status, type, body, code) => {
    const error: unknown = await ask(status, type, body).then(() => null, (thrown: unknown) => thrown);
    expect(error).toMatchObject({ code });
    expect(statusOf(error as GatewayError)).toBe(status);
  });

  it('trusts the bytes, not the header', async () => {
    expect(await ask(200, 'application/octet-stream', GIF)).toMatchObject({ contentType: 'image/gif' });
  });

  it('knows no status where there was no answer', () => {
    expect(statusOf(new GatewayError('UPSTREAM_FAILED', 'no connection', { cause: new Error('ECONNREFUSED') }))).toBeNull();
  });
});
