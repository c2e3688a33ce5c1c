import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import sharp from 'sharp';
import { startUpstream, type Upstream } from '../../contract/upstreamServer.ts';
import { freePort } from '../../support/freePort.ts';
import { ROOT, startGateway } from './gateway.ts';
import { start, stop } from './process.ts';

/** MapProxy and the gateway with one configuration each of the same words, over upstreams that draw the same and remember what they were asked. */
export interface Program {
  /** http://127.0.0.1:PORT */
  readonly url: string;
  /** Its caches: {folder}/cache_data */
  readonly folder: string;
  readonly upstream: Upstream;
  /** What it wrote so far. */
  output(): string;
  close(): Promise<void>;
}

/** Environments of scripts/e2e-mapproxy.sh: MapProxy 7.0.0 from PyPI (or Debian's 1.15), and 6.0.1 with mapproxy_hips 0.3.1, the newest pair that works together. */
export type Environment = 'mapproxy' | 'mapproxy_hips';

function mapproxyOf(environment: Environment): string {
  const venv = path.join(ROOT, '.cache/peers', environment, 'bin/mapproxy-util');
  return environment === 'mapproxy' && !existsSync(venv) ? 'mapproxy-util' : venv;
}

/** Colours by place, in the numbers of whatever plane is asked for: smooth, different along each axis, no symmetry. */
function colourAt(x: number, y: number, size: number): readonly [number, number, number] {
  const wave = (v: number, phase: number): number => Math.round(127.5 + 110 * Math.sin(v + phase));
  const k = (2 * Math.PI) / size;
  return [wave(3 * k * x, 0.3), wave(2 * k * y, 1.1), wave(k * (x + 2 * y), 2)];
}

/** Parameters of a request, names in upper case. */
export type Query = ReadonlyMap<string, string>;

export interface Said {
  readonly type: string;
  readonly body: string | Uint8Array;
  /** Default 200. */
  readonly status?: number;
}

/** A WMS, and tiles at /{z}/{x}/{y}.png (TMS numbers of a square grid around (0, 0)). */
export async function startDrawing({ isBroken, say }: Required<Pick<Circumstances, 'isBroken' | 'say'>>): Promise<Upstream> {
  return startUpstream(async (request, response) => {
    const address = new URL(request.url ?? '/', 'http://x');
    const query = new Map([...address.searchParams].map(([name, value]) => [name.toUpperCase(), value]));
    if (isBroken(query)) return response.writeHead(500).end();
    const said = await say(query, address.pathname);
    if (said !== undefined) return response.writeHead(said.status ?? 200, { 'content-type': said.type }).end(said.body);
    const tile = /^\/(\d+)\/(\d+)\/(\d+)\.png$/.exec(address.pathname);
    const half = 20037508.342789244;
    const side = tile === null ? 0 : (2 * half) / 2 ** Number(tile[1]);
    const bbox = tile === null ? query.get('BBOX')!.split(',').map(Number) : [Number(tile[2]) * side - half, Number(tile[3]) * side - half, (Number(tile[2]) + 1) * side - half, (Number(tile[3]) + 1) * side - half];
    const [minX, minY, maxX, maxY] = bbox as [number, number, number, number];
    const [width, height] = tile === null ? [Number(query.get('WIDTH')), Number(query.get('HEIGHT'))] : [256, 256];
    const size = Math.max(Math.abs(maxX), Math.abs(minX), Math.abs(minY), Math.abs(maxY)) > 1000 ? 40e6 : 360;
    const data = new Uint8Array(width * height * 3);
    for (let i = 0; i < width * height; i++) {
      const x = minX + (((i % width) + 0.5) / width) * (maxX - minX);
      const y = maxY - ((Math.floor(i / width) + 0.5) / height) * (maxY - minY);
      data.set(colourAt(x, y, size), i * 3);
    }
    return response.writeHead(200, { 'content-type': 'image/png' }).end(await sharp(data, { raw: { width, height, channels: 3 } }).png().toBuffer());
  });
}

/** What a program starts in. */
interface Circumstances {
  /** Whether the upstream is out of order. */
  isBroken?(query: Query): boolean;
  /** What it answers instead of a picture of the place. */
  say?(query: Query, path: string): Said | undefined | Promise<Said | undefined>;
  /** Runs in the folder before the start. */
  before?(folder: string): Promise<unknown>;
  /** Of MapProxy; default that without the plugin. */
  readonly environment?: Environment;
}

/** @param yaml of an upstream's address */
export async function startMapProxy(yaml: (upstream: string) => string, { isBroken = () => false, say = () => undefined, before = async () => {}, environment = 'mapproxy' }: Circumstances = {}): Promise<Program> {
  const folder = await mkdtemp(path.join(tmpdir(), 'hips-gateway-mapproxy-'));
  const upstream = await startDrawing({ isBroken, say });
  await writeFile(path.join(folder, 'mapproxy.yaml'), yaml(upstream.url));
  await before(folder);
  const port = await freePort();
  const running = start(mapproxyOf(environment), ['serve-develop', 'mapproxy.yaml', '-b', `127.0.0.1:${port}`], { cwd: folder });
  const close = async (): Promise<void> => {
    await stop(running, 'SIGINT');
    await upstream.close();
    await rm(folder, { recursive: true, force: true });
  };
  for (let tries = 0; ; tries++) {
    const status = await fetch(`http://127.0.0.1:${port}/`).then((answer) => answer.status, () => 0);
    if (status === 200) return { url: `http://127.0.0.1:${port}`, folder, upstream, output: running.output, close };
    if (tries > 200 || running.child.exitCode !== null) {
      await close();
      throw new Error(`MapProxy does not answer:\n${running.output()}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

export async function startOurs(yaml: (upstream: string) => string, { isBroken = () => false, say = () => undefined, before = async () => {} }: Circumstances = {}): Promise<Program> {
  const upstream = await startDrawing({ isBroken, say });
  const folder = await mkdtemp(path.join(tmpdir(), 'hips-gateway-beside-'));
  await writeFile(path.join(folder, 'mapproxy.yaml'), yaml(upstream.url));
  await before(folder);
  const gateway = await startGateway({ file: path.join(folder, 'mapproxy.yaml') });
  return {
    url: gateway.url.replace('localhost', '127.0.0.1'),
    folder,
    upstream,
    output: gateway.process.output,
    async close() {
      await gateway.stop();
      await upstream.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** What upstreams were asked, in words that do not depend on order, case or digits that mean nothing. */
export function questionsOf({ requests }: Upstream): readonly string[] {
  return requests.map((request) => {
    const address = new URL(request, 'http://x');
    const query = new Map([...address.searchParams].map(([name, value]) => [name.toUpperCase(), value]));
    if (query.size === 0) return address.pathname;
    const bbox = query.get('BBOX')!.split(',').map((value) => Number(Number(value).toPrecision(9))).join(',');
    const isTransparent = (query.get('TRANSPARENT') ?? 'false').toLowerCase(); // the standard's default
    return ['LAYERS', 'SRS', 'WIDTH', 'HEIGHT', 'FORMAT'].map((name) => `${name}=${(query.get(name) ?? '').toLowerCase()}`).join(' ') + ` TRANSPARENT=${isTransparent} TIME=${query.get('TIME') ?? ''} BBOX=${bbox}`;
  }).toSorted();
}

/** Files of tiles below a folder, by their path from there; others (locks, databases' journals) left out. */
export function tilesBelow(folder: string): readonly string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.(?:png|jpeg|jpg)$/.test(entry.name))
    .map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)))
    .toSorted();
}

export async function meanDifference(a: Uint8Array, b: Uint8Array): Promise<number> {
  const [one, two] = await Promise.all([a, b].map((bytes) => sharp(bytes).ensureAlpha().raw().toBuffer({ resolveWithObject: true })));
  if (one!.info.width !== two!.info.width || one!.info.height !== two!.info.height) return Infinity;
  let sum = 0;
  for (let i = 0; i < one!.data.length; i++) sum += Math.abs(one!.data[i]! - two!.data[i]!);
  return sum / one!.data.length;
}

export function fileOf(program: Program, name: string): Uint8Array {
  return readFileSync(path.join(program.folder, 'cache_data', name));
}
