import { Agent, request } from 'undici';

/** What came of many requests. */
export interface Served {
  /** Milliseconds from asking to the last byte, in the order of asking. */
  readonly latencies: readonly number[];
  readonly wallMs: number;
  readonly bytes: number;
}

/** Requests under way at once when nothing else is said: enough to keep two processors busy. */
export const DEFAULT_CLIENTS = 4;

/** GETs every path once, `clients` at a time over connections that stay open. @throws at the first answer that is not 200 */
export async function getAll(url: string, paths: readonly string[], clients: number = DEFAULT_CLIENTS): Promise<Served> {
  const dispatcher = new Agent({ connections: clients, headersTimeout: 120_000, bodyTimeout: 120_000 });
  const latencies: number[] = [];
  let bytes = 0;
  let next = 0;
  const start = performance.now();
  const client = async (): Promise<void> => {
    for (let i = next++; i < paths.length; i = next++) {
      const from = performance.now();
      bytes += await get(url + paths[i]!, dispatcher);
      latencies[i] = performance.now() - from;
    }
  };
  try {
    await Promise.all(Array.from({ length: clients }, client));
    return { latencies, wallMs: performance.now() - start, bytes };
  } finally {
    await dispatcher.destroy();
  }
}

async function get(url: string, dispatcher: Agent): Promise<number> {
  const { statusCode, body } = await request(url, { dispatcher });
  if (statusCode !== 200) throw new Error(`${url}: ${statusCode} ${(await body.text()).slice(0, 200)}`);
  let bytes = 0;
  for await (const chunk of body) bytes += (chunk as Buffer).length;
  return bytes;
}
