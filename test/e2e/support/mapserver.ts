import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** One request to the map server, upper-case parameter names. */
export type WmsRequest = ReadonlyMap<string, string>;

export interface MapServer {
  /** Address of the WMS, ready for appending parameters. */
  readonly url: string;
  /** Every request since the start or since the last clear(). */
  readonly requests: WmsRequest[];
  /** Lets the server die: connections are cut, its port closed. */
  die(): Promise<void>;
  /** Back on the same port. */
  revive(): Promise<void>;
  stop(): Promise<void>;
}

/**
 * MapServer as a WMS 1.1.1 and 1.3.0 with one layer: a world map in degrees, longitude -180..180. MapServer 8.0 knows EPSG codes
 * only, so the CGI runner lets it take `IAU_2015:30100` (degrees on the Moon, same axis order in both versions) for EPSG:4326.
 */
export async function startMapServer(layer: string, image: string): Promise<MapServer> {
  const folder = await mkdtemp(join(tmpdir(), 'hips-gateway-mapserver-'));
  await writeFile(join(folder, 'world.map'), mapText(layer, image));
  await writeFile(join(folder, 'mapserver.conf'), 'CONFIG ENV END MAPS END PLUGINS END END\n');
  const requests: WmsRequest[] = [];
  const answer = (request: IncomingMessage, response: ServerResponse): void => {
    const query = new URL(request.url ?? '/', 'http://localhost').searchParams;
    requests.push(new Map([...query].map(([name, value]) => [name.toUpperCase(), value])));
    runCgi(folder, query, response);
  };
  let server = await listen(answer, 0);
  const { port } = server.address() as AddressInfo;
  const die = async (): Promise<void> => {
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  };
  return {
    url: `http://127.0.0.1:${port}/wms?`,
    requests,
    die,
    revive: async () => {
      server = await listen(answer, port);
    },
    stop: async () => {
      if (server.listening) await die();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function listen(answer: (request: IncomingMessage, response: ServerResponse) => void, port: number): Promise<Server> {
  const server = createServer(answer).listen(port, '127.0.0.1');
  await once(server, 'listening');
  return server;
}

/** Runs mapserv for one request (RFC 3875: the request in the environment, header lines and body on stdout). */
function runCgi(folder: string, query: URLSearchParams, response: ServerResponse): void {
  const known = [...query].map(([name, value]): [string, string] => [name, /^[CS]RS$/i.test(name) ? value.replace('IAU_2015:30100', 'EPSG:4326') : value]);
  const env = {
    ...process.env,
    REQUEST_METHOD: 'GET',
    QUERY_STRING: new URLSearchParams(known).toString(),
    MS_MAPFILE: join(folder, 'world.map'),
    MAPSERVER_CONFIG_FILE: join(folder, 'mapserver.conf'),
  };
  const child = spawn('mapserv', [], { env, stdio: ['ignore', 'pipe', 'ignore'] });
  const chunks: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
  response.on('close', () => child.kill());
  child.on('error', () => response.writeHead(500).end());
  child.on('close', () => {
    const output = Buffer.concat(chunks);
    const end = output.indexOf('\r\n\r\n');
    const type = /^Content-Type: *(.+)$/im.exec(output.subarray(0, Math.max(end, 0)).toString('latin1'))?.[1];
    if (end < 0 || type === undefined) response.writeHead(500).end();
    else response.writeHead(200, { 'content-type': type.trim() }).end(output.subarray(end + 4));
  });
}

function mapText(layer: string, image: string): string {
  return `MAP
  NAME world
  SIZE 512 256
  MAXSIZE 8192
  EXTENT -180 -90 180 90
  IMAGETYPE png
  OUTPUTFORMAT NAME png DRIVER "AGG/PNG" MIMETYPE "image/png" IMAGEMODE RGB FORMATOPTION "COMPRESSION=1" END
  PROJECTION "init=epsg:4326" END
  WEB METADATA
    "wms_title" "world" "wms_srs" "EPSG:4326 CRS:84" "wms_enable_request" "*" "wms_onlineresource" "http://127.0.0.1/wms?"
  END END
  LAYER
    NAME "${layer}"
    TYPE RASTER
    STATUS ON
    DATA "${image}"
    EXTENT -180 -90 180 90
    PROJECTION "init=epsg:4326" END
    PROCESSING "RESAMPLE=BILINEAR"
    METADATA "wms_title" "${layer}" END
  END
END
`;
}
