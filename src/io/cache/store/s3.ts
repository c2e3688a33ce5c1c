import type { S3mini } from 's3mini';
import { GatewayError } from '../../../errors.ts';
import type { TileKey, TileStore } from '../types.ts';

/** null = requests are not signed: for buckets that anybody may read. */
export interface S3Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  /** Of temporary credentials. */
  readonly sessionToken: string | null;
}

export interface S3StoreOptions {
  /** 'https://s3.eu-central-1.amazonaws.com', 'http://minio:9000'; the bucket becomes part of the path. */
  readonly endpoint: string;
  readonly bucket: string;
  readonly region: string;
  /** Asked once, with the first tile. */
  credentials(): Promise<S3Credentials | null>;
  /** What all keys begin with, without slashes at its ends; '' = nothing. */
  readonly prefix: string;
  /** Where a key lies below the prefix; throws for keys that are none. */
  pathOf(key: TileKey): string;
  /** Canned ACL of new objects ('public-read'); null = the bucket's. */
  readonly acl: string | null;
  readonly timeoutMs: number;
}

const PRESIGNED_SECONDS = 60;

/**
 * MapProxy's `s3` cache: one object per tile, '{prefix}/{path}'. A put replaces the whole object or fails. The age of a tile is
 * the object's, to the second.
 */
export function createS3Store(options: S3StoreOptions): TileStore {
  const { prefix, pathOf, acl } = options;
  const nameOf = (key: TileKey): string => [prefix, pathOf(key)].filter((part) => part !== '').join('/');
  let client: Promise<Client> | null = null;
  const connected = (): Promise<Client> => (client ??= connect(options));
  return {
    async get(key) {
      const name = nameOf(key);
      const { s3, headers } = await connected();
      const response = await s3.getObjectResponse(name, {}, headers as never); // any header may be given here
      if (response === null) return undefined;
      const modified = Date.parse(response.headers.get('last-modified') ?? '');
      return { bytes: new Uint8Array(await response.arrayBuffer()), modified: new Date(Number.isNaN(modified) ? 0 : modified) };
    },
    async put(key, bytes) {
      const name = nameOf(key);
      const { s3, headers } = await connected();
      const aclHeader = acl === null ? {} : { 'x-amz-acl': acl };
      await s3.putObject(name, Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length), mediaTypeOf(key), undefined, { ...aclHeader, ...headers }, bytes.length);
    },
    async delete(key) {
      const name = nameOf(key);
      const { s3, headers } = await connected();
      const token = headers['x-amz-security-token'];
      if (token === undefined) await s3.deleteObject(name);
      else await deleteWithToken(await s3.getPresignedUrl('DELETE' as 'PUT', name, PRESIGNED_SECONDS, { 'X-Amz-Security-Token': token }), options.timeoutMs);
    },
    close: async () => {},
  };
}

interface Client {
  readonly s3: S3mini;
  /** Signed with every request. */
  readonly headers: { readonly 'x-amz-security-token'?: string };
}

async function connect({ endpoint, bucket, region, credentials, timeoutMs }: S3StoreOptions): Promise<Client> {
  const { S3mini: S3 } = await loadClient();
  const given = await credentials();
  const s3 = new S3({
    endpoint: `${endpoint.replace(/\/+$/, '')}/${bucket}`,
    region,
    accessKeyId: given?.accessKeyId ?? '',
    secretAccessKey: given?.secretAccessKey ?? '',
    requestAbortTimeout: timeoutMs,
  });
  return { s3, headers: given?.sessionToken == null ? {} : { 'x-amz-security-token': given.sessionToken } };
}

async function loadClient(): Promise<typeof import('s3mini')> {
  try {
    return await import('s3mini');
  } catch (cause) {
    throw new GatewayError('CONFIG_INVALID', "caches of `type: s3` need the package 's3mini': npm install s3mini", { locator: 'caches', cause });
  }
}

/** Other calls of the client can sign a token with their headers, its delete cannot; its signed addresses work for any method. */
async function deleteWithToken(address: string, timeoutMs: number): Promise<void> {
  const response = await fetch(address, { method: 'DELETE', signal: AbortSignal.timeout(timeoutMs) });
  await response.body?.cancel();
  if (!response.ok && response.status !== 404) throw new Error(`S3 answered ${response.status} to a DELETE`);
}

const MEDIA_TYPES: Readonly<Record<string, string>> = { png: 'image/png', jpeg: 'image/jpeg', jpg: 'image/jpeg', webp: 'image/webp' };

function mediaTypeOf({ extension }: TileKey): string {
  return MEDIA_TYPES[extension] ?? 'application/octet-stream';
}
