import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { outputMatch, type Running, start, stop } from './process.ts';

/** The checkout under test. */
export const ROOT = join(import.meta.dirname, '../../..');

/** The command line as `npm start` runs it; HIPS_GATEWAY_CLI names another one, e.g. the built dist/cli/main.js. */
const CLI = process.env['HIPS_GATEWAY_CLI'] ?? join(ROOT, 'src/cli/main.ts');

export interface Gateway {
  /** http://localhost:PORT, no slash at the end. */
  readonly url: string;
  /** A new folder of this gateway: its working directory, its caches. Removed by stop(). */
  readonly folder: string;
  readonly process: Running;
  /** Ends the gateway and resolves with its exit code. */
  stop(signal?: NodeJS.Signals): Promise<number | NodeJS.Signals>;
}

/** What to serve: the demo of the package, a configuration file, what `serve` takes in its place with its options, or the text of a configuration. */
export type Served = { readonly demo: true } | { readonly file: string } | { readonly args: readonly string[] } | { readonly text: string };

/** Starts the real command line (the file `cli`) on a free port and waits for its address line. */
export async function startGateway(served: Served, cli: string = CLI): Promise<Gateway> {
  const folder = await mkdtemp(join(tmpdir(), 'hips-gateway-e2e-'));
  const file = await configuration(served, folder);
  const process_ = start(process.execPath, [cli, 'serve', ...file, '--port', '0'], { cwd: folder });
  const close = async (signal: NodeJS.Signals = 'SIGINT'): Promise<number | NodeJS.Signals> => {
    const code = await stop(process_, signal);
    await rm(folder, { recursive: true, force: true });
    return code;
  };
  try {
    const [, port] = await outputMatch(process_, /listening on http:\/\/localhost:(\d+)/, 30_000);
    return { url: `http://localhost:${port}`, folder, process: process_, stop: close };
  } catch (error) {
    await close('SIGKILL');
    throw error;
  }
}

async function configuration(served: Served, folder: string): Promise<string[]> {
  if ('demo' in served) return [];
  if ('file' in served) return [served.file];
  if ('args' in served) return [...served.args];
  const path = join(folder, 'config.yaml');
  await writeFile(path, served.text);
  return [path];
}

/** GETs an address of the gateway; throws when the answer is not 200. */
export async function getBytes(url: string): Promise<Uint8Array> {
  const answer = await fetch(url);
  if (answer.status !== 200) throw new Error(`${url}: ${answer.status} ${await answer.text()}`);
  return new Uint8Array(await answer.arrayBuffer());
}
