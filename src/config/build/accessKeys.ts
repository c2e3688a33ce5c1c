import { createHash, timingSafeEqual } from 'node:crypto';
import type { AccessRequest, Limit, Permission, Verdict } from '../../service/access/types.ts';
import type { AuthorizationConfig, LayerConfig } from '../types.ts';

/** Names of layers in the configuration; '*' = all. */
type Names = AuthorizationConfig['anonymous'];

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

/** What those may see to whom a part of these layers is open. @param limit null = all of them */
export function verdictFor(names: Names, layers: readonly LayerConfig[], isAnonymous: boolean, limit: Limit | null = null): Verdict {
  if (names === '*' && limit === null) return { kind: 'full' };
  if (names.length === 0) return isAnonymous ? { kind: 'unauthenticated' } : { kind: 'none' };
  const permission: Permission = { map: true, featureinfo: true, tile: true, limit };
  const open = names === '*' ? layers.flatMap(namesBelow) : expanded(names, layers);
  return { kind: 'partial', isAnonymous, layers: new Map(open.map((name) => [name, permission])) };
}

/** The secrets that a request carries: there may be several, one of which is somebody else's. */
export function carriedSecrets({ url, headers }: AccessRequest, header: string, parameter: string): readonly string[] {
  const mark = url.indexOf('?');
  const query = [...new URLSearchParams(mark < 0 ? '' : url.slice(mark + 1))].flatMap(([name, value]) => (name.toLowerCase() === parameter.toLowerCase() ? [value] : []));
  const own = headers[header.toLowerCase()];
  const bearer = /^Bearer +(\S+)$/i.exec(String(headers['authorization'] ?? ''))?.[1];
  return [...query, ...(typeof own === 'string' ? [own] : []), ...(bearer === undefined ? [] : [bearer])];
}

/**
 * The verdict of the API key of a request; null = it carries none, 'unknown' = one that is not on the list. Digests are compared, all of
 * them and in constant time: how long it takes tells nothing about a key.
 * @param limits of the keys, in their order
 */
export function createKeys({ keys, header, parameter }: AuthorizationConfig, limits: readonly (Limit | null)[], layers: readonly LayerConfig[]): (request: AccessRequest) => Verdict | 'unknown' | null {
  const known = keys.map(({ key, layers: names }, i) => ({ digest: digest(key), verdict: verdictFor(names, layers, false, limits[i] ?? null) }));
  return (request) => {
    const secrets = carriedSecrets(request, header, parameter).map(digest);
    if (secrets.length === 0) return null;
    const matches = known.filter((one) => secrets.map((secret) => timingSafeEqual(secret, one.digest)).includes(true));
    return matches[0]?.verdict ?? 'unknown';
  };
}
