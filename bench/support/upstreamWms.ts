import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import sharp from 'sharp';
import { MOON_JPG } from '../../test/e2e/support/moon.ts';

/** An upstream that costs next to nothing, so that it is never what bounds a run. */
export interface UpstreamWms {
  /** Ready for appending parameters. */
  readonly url: string;
  readonly requests: number;
  close(): Promise<void>;
}

/** JPEG quality of the usual map servers. */
const QUALITY = 90;

/**
 * A WMS on 127.0.0.1 that answers every GetMap with JPEG: real surface of the Moon, made once for each size and then the same
 * for every place, which changes nothing in the work of who asks.
 */
export async function startUpstreamWms(): Promise<UpstreamWms> {
  const pictures = new Map<string, Promise<Buffer>>();
  let requests = 0;
  const answer = async (address: string, response: ServerResponse): Promise<void> => {
    const query = new Map([...new URL(address, 'http://127.0.0.1').searchParams].map(([name, value]) => [name.toUpperCase(), value]));
    const [width, height] = [Number(query.get('WIDTH')), Number(query.get('HEIGHT'))];
    if (query.get('REQUEST') !== 'GetMap' || !(width > 0 && height > 0)) return void response.writeHead(400).end();
    requests++;
    const size = `${width}x${height}`;
    const picture = pictures.get(size) ?? surface(width, height);
    pictures.set(size, picture);
    response.writeHead(200, { 'content-type': 'image/jpeg' }).end(await picture);
  };
  const server = createServer((request, response) => void answer(request.url ?? '/', response)).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/wms?`,
    get requests() {
      return requests;
    },
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

/** The highlands around the centre of the near side, at the picture's own resolution where the size allows it. */
export function surface(width: number, height: number): Promise<Buffer> {
  const [w, h] = [Math.min(width, 3072), Math.min(height, 1536)];
  const part = sharp(MOON_JPG).extract({ left: 1024 - (w >> 2), top: 1024 - (h >> 1), width: w, height: h });
  return part.resize(width, height, { fit: 'fill' }).jpeg({ quality: QUALITY }).toBuffer();
}
