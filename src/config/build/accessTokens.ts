import { createLocalJWKSet, importSPKI, jwtVerify, type JSONWebKeySet, type JWTPayload, type JWTVerifyGetKey, type JWTVerifyOptions } from 'jose';
import type { CrsRegistry } from '../../geometry/crs/registry.ts';
import type { AccessRequest, Verdict } from '../../service/access/types.ts';
import type { AuthorizationConfig, LayerConfig } from '../types.ts';
import { readAccessLimit } from './accessLimit.ts';
import { carriedSecrets, verdictFor } from './accessKeys.ts';

type TokensConfig = NonNullable<AuthorizationConfig['jwt']>;

/** Three parts of base64url: a JSON Web Signature in its compact form (RFC 7515, section 7.1). */
const COMPACT = /^[\w-]+\.[\w-]+\.[\w-]+$/;
/** Signatures by a key pair; never `none`, and never a public key taken for a secret. */
const PUBLIC_ALGORITHMS: readonly string[] = ['RS256', 'PS256', 'ES256', 'ES384', 'EdDSA'];

type Key = JWTVerifyGetKey | Awaited<ReturnType<typeof importSPKI>> | Uint8Array;

/** @throws Error for a key that is none */
async function keyOf({ secret, public_key, jwks }: TokensConfig): Promise<{ readonly key: Key; readonly algorithms: string[] }> {
  if (secret !== null) return { key: new TextEncoder().encode(secret), algorithms: ['HS256'] };
  if (jwks !== null) return { key: createLocalJWKSet(JSON.parse(jwks) as JSONWebKeySet), algorithms: [...PUBLIC_ALGORITHMS] };
  if (public_key === null) throw new Error('one of secret, public_key and jwks is needed');
  for (const algorithm of PUBLIC_ALGORITHMS) {
    const key = await importSPKI(public_key, algorithm).catch(() => null);
    if (key !== null) return { key, algorithms: [algorithm] };
  }
  throw new Error('public_key is no public key in PEM (BEGIN PUBLIC KEY)');
}

/** The layers that a token names: a list, words, or '*'. Anything else names none. */
function layersOf(payload: JWTPayload, claim: string): '*' | readonly string[] {
  const said = payload[claim];
  const names = typeof said === 'string' ? said.split(' ') : Array.isArray(said) ? said.filter((name): name is string => typeof name === 'string') : [];
  return names.includes('*') ? '*' : names;
}

/** Someone who may see nothing is not somebody unknown. @throws where the claim of the part is none, so that a mistake opens nothing */
function verdictOf(payload: JWTPayload, { layers_claim, limited_to_claim }: TokensConfig, layers: readonly LayerConfig[], registry: CrsRegistry): Verdict {
  const verdict = verdictFor(layersOf(payload, layers_claim), layers, false, readAccessLimit(payload[limited_to_claim], registry));
  return verdict.kind === 'partial' && verdict.layers.size === 0 ? { kind: 'none' } : verdict;
}

/**
 * The verdict of the JSON Web Token of a request (RFC 7519); null = it carries none. The signature, `exp` (which must be there), `nbf`, and where
 * they are configured `iss` and `aud`, must be right, and the part that it is limited to must be one: else `unauthenticated`.
 * @throws Error for a key that is none
 */
export async function createTokens(config: TokensConfig, { header, parameter }: AuthorizationConfig, layers: readonly LayerConfig[], registry: CrsRegistry): Promise<(request: AccessRequest) => Promise<Verdict | null>> {
  const { key, algorithms } = await keyOf(config);
  const { issuer, audience } = config;
  const options: JWTVerifyOptions = { algorithms, requiredClaims: ['exp'], ...(issuer === null ? {} : { issuer }), ...(audience === null ? {} : { audience }) };
  const verify = async (token: string): Promise<Verdict> => {
    const { payload } = await (typeof key === 'function' ? jwtVerify(token, key, options) : jwtVerify(token, key, options));
    return verdictOf(payload, config, layers, registry);
  };
  return async (request) => {
    const [token] = carriedSecrets(request, header, parameter).filter((secret) => COMPACT.test(secret));
    if (token === undefined) return null;
    return verify(token).catch((): Verdict => ({ kind: 'unauthenticated' }));
  };
}
