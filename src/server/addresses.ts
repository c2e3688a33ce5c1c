import type { Gateway } from '../service/types.ts';

/** What is printed when the server is up: where it listens, its pages, and the address of every layer. One line each. */
export function addressLines(gateway: Gateway, localUrl: string): readonly string[] {
  const url = gateway.publicUrl ?? localUrl;
  const hips = [...(gateway.hips?.layers.keys() ?? [])].map((name) => `  HiPS  ${url}/hips/${encodeURIComponent(name)}/`);
  return [`listening on ${localUrl}`, `  demo  ${url}/demo/`, ...hips];
}
