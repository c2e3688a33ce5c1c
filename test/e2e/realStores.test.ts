import { mkdtemp, rm, utimes } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { layoutPath, type DirectoryLayout } from '../../src/io/cache/layout.ts';
import { createRedisStore, type RedisStoreOptions } from '../../src/io/cache/store/redis.ts';
import { createS3Store, type S3Credentials } from '../../src/io/cache/store/s3.ts';
import type { TileStore } from '../../src/io/cache/types.ts';
import { bytes, describeTileStores, key, OWN } from '../contract/tileStoreSuite.ts';
import { freePort } from '../support/freePort.ts';
import { getBytes, ROOT, startGateway } from './support/gateway.ts';
import { MOON_JPG } from './support/moon.ts';
import { outputMatch, run, type Running, start, stop } from './support/process.ts';

/**
 * Stores in servers of others: Redis from Debian, and moto, which checks the signature of every request as Amazon does. The suite is that of the unit
 * tests, whose servers were written beside the stores. Danger: a store and its double agree with each other, and with nobody else.
 */
const PASSWORD = 'secret';
let folder: string;
let redis: Running;
let redisPort: number;
let s3: Running;
let s3Url: string;
let credentials: S3Credentials;

/** One request after the other: in several threads moto stumbles over objects that are written at the same time. */
const MOTO = `
import sys
from moto.server import DomainDispatcherApplication, create_backend_app
from werkzeug.serving import run_simple
run_simple('127.0.0.1', int(sys.argv[1]), DomainDispatcherApplication(create_backend_app), threaded=False)
`;

function startRedis(): Running {
  return start('redis-server', ['--port', String(redisPort), '--bind', '127.0.0.1', '--requirepass', PASSWORD, '--save', '', '--dir', folder]);
}

/** A key that is allowed everything, made before anything is checked. */
async function accessKey(): Promise<S3Credentials> {
  const ask = async (parameters: Readonly<Record<string, string>>): Promise<string> => {
    const authorization = 'AWS4-HMAC-SHA256 Credential=x/20260101/us-east-1/iam/aws4_request, SignedHeaders=host, Signature=x';
    const answer = await fetch(s3Url, { method: 'POST', headers: { authorization }, body: new URLSearchParams({ Version: '2010-05-08', UserName: 'gateway', ...parameters }) });
    expect(answer.status, JSON.stringify(parameters)).toBe(200);
    return answer.text();
  };
  await ask({ Action: 'CreateUser' });
  await ask({ Action: 'PutUserPolicy', PolicyName: 'all', PolicyDocument: JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: 's3:*', Resource: '*' }] }) });
  const made = await ask({ Action: 'CreateAccessKey' });
  const value = (name: string): string => new RegExp(`<${name}>([^<]+)</${name}>`).exec(made)![1]!;
  return { accessKeyId: value('AccessKeyId'), secretAccessKey: value('SecretAccessKey'), sessionToken: null };
}

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'hips-gateway-stores-'));
  redisPort = await freePort();
  redis = startRedis();
  const s3Port = await freePort();
  s3Url = `http://127.0.0.1:${s3Port}`;
  s3 = start(path.join(ROOT, '.cache/peers/moto/bin/python'), ['-c', MOTO, String(s3Port)], { cwd: folder });
  await Promise.all([outputMatch(redis, /Ready to accept connections/, 20_000), outputMatch(s3, /Running on/, 30_000)]);
  expect((await fetch(`${s3Url}/bucket`, { method: 'PUT', body: '<CreateBucketConfiguration><LocationConstraint>eu-central-1</LocationConstraint></CreateBucketConfiguration>' })).status).toBe(200);
  credentials = await accessKey();
  expect((await fetch(`${s3Url}/moto-api/reset-auth`, { method: 'POST', body: '0' })).status).toBe(200); // from now on
});
afterAll(async () => {
  await Promise.all([redis, s3].map((server) => (server === undefined ? undefined : stop(server))));
  await rm(folder, { recursive: true, force: true });
});

/** Each test has keys of its own. */
let prefixes = 0;

function redisStore(options: Partial<RedisStoreOptions> = {}): TileStore {
  return createRedisStore({ host: '127.0.0.1', port: redisPort, db: 3, username: null, password: PASSWORD, prefix: `p${prefixes++}`, ttlSeconds: 3600, tls: { cert: null, key: null, ca: null }, own: OWN, ...options });
}

function s3Store(layout: DirectoryLayout, own: Partial<S3Credentials> = {}): TileStore {
  const place = { endpoint: s3Url, bucket: 'bucket', region: 'eu-central-1', prefix: `p ${prefixes++}/ü+=&`, pathOf: layoutPath(layout, 'moon') };
  return createS3Store({ ...place, credentials: async () => ({ ...credentials, ...own }), acl: null, timeoutMs: 10_000 });
}

describeTileStores([
  ['redis-server', () => redisStore()],
  ['redis-server, without a time to live', () => redisStore({ ttlSeconds: 0 })],
  ['moto', () => s3Store('tms')],
  ['moto, tc', () => s3Store('tc')],
]);

describe('redis-server', () => {
  it('lets tiles go after their time, and what is not allowed in fails', async () => {
    const store = redisStore({ ttlSeconds: 0.5 });
    await store.put(key('1/2/3'), bytes('tile'));
    expect(Date.now() - (await store.get(key('1/2/3')))!.modified.getTime()).toBeLessThan(400);
    await new Promise((resolve) => setTimeout(resolve, 700));
    expect(await store.get(key('1/2/3'))).toBeUndefined();
    await store.close();
    const stranger = redisStore({ password: 'wrong' });
    await expect(stranger.get(key('1/2/3'))).rejects.toThrow();
    await stranger.close();
  });

  it('may go and come back (danger: a cache that is lost until the next start)', async () => {
    const store = redisStore();
    await store.put(key('a'), bytes('before'));
    await stop(redis);
    await expect(store.get(key('a'))).rejects.toThrow();
    redis = startRedis();
    await outputMatch(redis, /Ready to accept connections/, 20_000);
    await expect.poll(() => store.put(key('a'), bytes('after')).then(() => 'stored', () => 'failed'), { timeout: 10_000 }).toBe('stored');
    expect(Buffer.from((await store.get(key('a')))!.bytes).toString()).toBe('after');
    await store.close();
  });
});

describe('moto', () => {
  it('refuses another secret: signatures are checked', async () => {
    const store = s3Store('tms', { secretAccessKey: 'somebody else' });
    await expect(store.put(key('1/2/3'), bytes('tile'))).rejects.toThrow();
    await expect(store.get(key('1/2/3'))).rejects.toThrow();
  });
});

describe('a gateway over both', () => {
  it('keeps its tiles there, and a second one reads them without its source', async () => {
    const yaml = (picture: string): string => `
services: {tms: }
layers: [{name: in_redis, title: R, sources: [in_redis]}, {name: in_s3, title: S, sources: [in_s3]}]
caches:
  in_redis: {grids: [MOON_GEOGRAPHIC], sources: [moon], cache: {type: redis, port: ${redisPort}, password: ${PASSWORD}}}
  in_s3: {grids: [MOON_GEOGRAPHIC], sources: [moon], cache: {type: s3, bucket_name: bucket, endpoint_url: '${s3Url}', region_name: eu-central-1}}
sources: {moon: {type: image, url: '${picture}', srs: 'IAU_2015:30100', bbox: [-180, -90, 180, 90]}}
`;
    const environment = { AWS_ACCESS_KEY_ID: credentials.accessKeyId, AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey };
    Object.assign(process.env, environment);
    const black = path.join(folder, 'black.png');
    await sharp({ create: { width: 64, height: 32, channels: 3, background: 'black' } }).png().toFile(black);
    await utimes(black, new Date(0), new Date(0)); // tiles older than their picture are made anew
    try {
      const tiles = new Map<string, Uint8Array>();
      for (const picture of [MOON_JPG, black]) {
        const gateway = await startGateway({ text: yaml(picture) });
        try {
          for (const layer of ['in_redis', 'in_s3']) {
            const tile = await getBytes(`${gateway.url}/tiles/${layer}/MOON_GEOGRAPHIC/2/3/1.png`);
            expect(Buffer.compare(tile, tiles.get(layer) ?? tile), layer).toBe(0);
            tiles.set(layer, tile);
          }
        } finally {
          await gateway.stop();
        }
      }
      expect(Math.max(...(await sharp(tiles.get('in_s3')!).stats()).channels.map(({ max }) => max))).toBeGreaterThan(100);
      expect(await run('redis-cli', ['-p', String(redisPort), '-a', PASSWORD, '--no-auth-warning', 'keys', '*'], 10_000)).toMatch(/in_redis_MOON_GEOGRAPHIC-\d+-\d+-\d+/);
    } finally {
      for (const name of Object.keys(environment)) delete process.env[name];
    }
  });
});
