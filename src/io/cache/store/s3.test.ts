import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startFakeS3, type FakeS3 } from '../../../../test/support/fakeS3.ts';
import { gridKey } from '../gridKey.ts';
import { layoutPath } from '../layout.ts';
import type { TileStore } from '../types.ts';
import { createS3Store, type S3Credentials, type S3StoreOptions } from './s3.ts';

const KEY = gridKey('tiles', { level: 2, col: 3, row: 4 }, 'jpeg');
const CREDENTIALS: S3Credentials = { accessKeyId: 'AKID', secretAccessKey: 'secret', sessionToken: null };

describe('tiles in S3', () => {
  let s3: FakeS3;
  beforeEach(async () => void (s3 = await startFakeS3(['bucket'])));
  afterEach(() => s3.close());

  function open(options: Partial<S3StoreOptions> = {}): TileStore {
    const place = { endpoint: s3.url, bucket: 'bucket', region: 'eu-central-1', prefix: 'moon/g', pathOf: layoutPath('tms', 'tiles') };
    return createS3Store({ ...place, credentials: async () => CREDENTIALS, acl: null, timeoutMs: 2000, ...options });
  }
  const last = () => s3.requests.at(-1)!;

  it("have MapProxy's keys and media types, and are signed for the region", async () => {
    await open().put(KEY, Buffer.from('tile'));
    expect(last().line).toBe('PUT bucket/moon/g/2/3/4.jpeg');
    expect(last().headers['content-type']).toBe('image/jpeg');
    expect(last().headers.authorization).toMatch(/^AWS4-HMAC-SHA256 Credential=AKID\/\d{8}\/eu-central-1\/s3\/aws4_request, SignedHeaders=[a-z0-9;-]*host[a-z0-9;-]*, Signature=[0-9a-f]{64}$/);
    expect(last().headers['x-amz-acl']).toBeUndefined();
  });

  it('without a prefix lie in the bucket itself', async () => {
    await open({ prefix: '' }).put(KEY, Buffer.from('tile'));
    expect([...s3.objects.keys()]).toEqual(['bucket/2/3/4.jpeg']);
  });

  it('get the ACL of the configuration', async () => {
    await open({ acl: 'public-read' }).put(KEY, Buffer.from('tile'));
    expect(last().headers['x-amz-acl']).toBe('public-read');
  });

  it('temporary credentials: every request carries the token, signed', async () => {
    const store = open({ credentials: async () => ({ ...CREDENTIALS, sessionToken: 'token' }) });
    await store.put(KEY, Buffer.from('tile'));
    expect(last().headers.authorization).toContain('x-amz-security-token');
    await store.get(KEY);
    expect(last().headers).toMatchObject({ 'x-amz-security-token': 'token' });
    await store.delete(KEY);
    expect(last().line).toBe('DELETE bucket/moon/g/2/3/4.jpeg');
    expect(s3.objects.size).toBe(0);
  });

  it('without credentials are read unsigned', async () => {
    await open().put(KEY, Buffer.from('tile'));
    expect(Buffer.from((await open({ credentials: async () => null }).get(KEY))!.bytes).toString()).toBe('tile');
    expect(last().headers.authorization).toBeUndefined();
  });

  it('are as old as their object', async () => {
    await open().put(KEY, Buffer.from('tile'));
    const [[name, object]] = [...s3.objects] as [[string, { bytes: Buffer; modified: Date; headers: object }]];
    s3.objects.set(name, { ...object, modified: new Date('2020-01-02T03:04:05Z') } as never);
    expect((await open().get(KEY))!.modified).toEqual(new Date('2020-01-02T03:04:05Z'));
  });

  it.each([403, 500, 503])('trouble (%i) is trouble, not a missing tile (danger: a whole cache fetched again)', async (status) => {
    await open().put(KEY, Buffer.from('tile'));
    s3.failWith = status;
    await expect(open().get(KEY)).rejects.toThrow();
    await expect(open().put(KEY, Buffer.from('x'))).rejects.toThrow();
  });

  it('a bucket that is not there cannot be written to', async () => {
    await expect(open({ bucket: 'nowhere' }).put(KEY, Buffer.from('x'))).rejects.toThrow();
  });
});
