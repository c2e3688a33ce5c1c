import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** An S3-compatible server in this process, path style: GET, HEAD, PUT, DELETE and listing of objects. Signatures are not checked. */
export interface FakeS3 {
  /** 'http://127.0.0.1:1234' */
  readonly url: string;
  /** 'bucket/key' -> object. */
  readonly objects: Map<string, StoredObject>;
  /** Requests received: 'PUT bucket/key', with their headers. */
  readonly requests: { readonly line: string; readonly headers: IncomingMessage['headers'] }[];
  /** Answers every request with this status; null = works. */
  failWith: number | null;
  close(): Promise<void>;
}

interface StoredObject {
  readonly bytes: Buffer;
  readonly modified: Date;
  readonly headers: IncomingMessage['headers'];
}

export async function startFakeS3(buckets: readonly string[]): Promise<FakeS3> {
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => handle(request, Buffer.concat(chunks), response));
  });
  const fake: FakeS3 = {
    url: '',
    objects: new Map(),
    requests: [],
    failWith: null,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };

  function handle(request: IncomingMessage, body: Buffer, response: ServerResponse): void {
    const { pathname, searchParams } = new URL(request.url!, fake.url);
    const place = decodeURIComponent(pathname.slice(1));
    const bucket = place.split('/')[0]!;
    fake.requests.push({ line: `${request.method} ${place}`, headers: request.headers });
    if (fake.failWith !== null) return fail(response, fake.failWith, 'SlowDown');
    if (!buckets.includes(bucket)) return fail(response, 404, 'NoSuchBucket');
    if (searchParams.has('list-type')) return list(response, bucket, searchParams.get('prefix') ?? '');
    if (request.method === 'PUT') {
      fake.objects.set(place, { bytes: body, modified: new Date(), headers: request.headers });
      return void response.writeHead(200, { etag: etagOf(body) }).end();
    }
    if (request.method === 'DELETE') {
      fake.objects.delete(place);
      return void response.writeHead(204).end();
    }
    const found = fake.objects.get(place);
    if (found === undefined) return fail(response, 404, 'NoSuchKey');
    response.writeHead(200, { 'content-length': found.bytes.length, 'last-modified': found.modified.toUTCString(), etag: etagOf(found.bytes) });
    response.end(request.method === 'HEAD' ? undefined : found.bytes);
  }

  function list(response: ServerResponse, bucket: string, prefix: string): void {
    const keys = [...fake.objects.keys()].filter((place) => place.startsWith(`${bucket}/${prefix}`)).map((place) => place.slice(bucket.length + 1));
    const contents = keys.sort().map((key) => `<Contents><Key>${key}</Key></Contents>`).join('');
    response.writeHead(200, { 'content-type': 'application/xml' }).end(`<ListBucketResult><IsTruncated>false</IsTruncated>${contents}</ListBucketResult>`);
  }

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return Object.assign(fake, { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` });
}

function fail(response: ServerResponse, status: number, code: string): void {
  response.writeHead(status, { 'content-type': 'application/xml' }).end(`<Error><Code>${code}</Code><Message>${code}</Message></Error>`);
}

function etagOf(bytes: Buffer): string {
  return `"${createHash('md5').update(bytes).digest('hex')}"`;
}
