import { createHash, timingSafeEqual } from 'node:crypto';
import type { AccessRequest, Permission, Verdict } from '../../service/access/types.ts';
import type { AuthorizationConfig, LayerConfig } from '../types.ts';

/** Names of layers in the configuration; '*' = all. */
type Names = AuthorizationConfig['anonymous'];

const ALL: Permission = { map: true, featureinfo: true, tile: true, limit: null };

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

function namesBelow({ name, layers }: LayerConfig): readonly string[] {
  return [...(name === null ? [] : [name]), ...layers.flatMap(namesBelow)];
}

/** A group stands for all that is in it. */
function expanded(names: readonly string[], layers: readonly LayerConfig[]): readonly string[] {
  return layers.flatMap((layer) => (layer.name !== null && names.includes(layer.name) ? namesBelow(layer) : expanded(names, layer.layers)));
}

/** What those may see to whom these layers are open. */
export function verdictFor(names: Names, layers: readonly LayerConfig[], isAnonymous: boolean): Verdict {
  if (names === '*') return { kind: 'full' };
  if (names.length === 0) return isAnonymous ? { kind: 'unauthenticated' } : { kind: 'none' };
  return { kind: 'partial', isAnonymous, layers: new Map(expanded(names, layers).map((name) => [name, ALL])) };
}

/** The secrets that a request carries: there may be several, one of which is somebody else's. */
export function carriedSecrets({ url, headers }: AccessRequest, header: string, parameter: string): readonly string[] {
  const mark = url.indexOf('?');
  const query = new URLSearchParams(mark < 0 ? '' : url.slice(mark + 1)).getAll(parameter);
  const own = headers[header.toLowerCase()];
  const bearer = /^Bearer +(\S+)$/i.exec(String(headers['authorization'] ?? ''))?.[1];
  return [...query, ...(typeof own === 'string' ? [own] : []), ...(bearer === undefined ? [] : [bearer])];
}

/**
 * The verdict of the API key of a request; null = it carries none, 'unknown' = one that is not on the list. Digests are compared, all of
 * them and in constant time: how long it takes tells nothing about a key.
 */
export function createKeys({ keys, header, parameter }: AuthorizationConfig, layers: readonly LayerConfig[]): (request: AccessRequest) => Verdict | 'unknown' | null {
  const known = keys.map(({ key, layers: names }) => ({ digest: digest(key), verdict: verdictFor(names, layers, false) }));
  return (request) => {
    const secrets = carriedSecrets(request, header, parameter).map(digest);
    if (secrets.length === 0) return null;
    const matches = known.filter((one) => secrets.map((secret) => timingSafeEqual(secret, one.digest)).includes(true));
    return matches[0]?.verdict ?? 'unknown';
  };
}
