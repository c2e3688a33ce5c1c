import { clipped } from '../../io/source/coveredSource.ts';
import { createSharpCodec } from '../../raster/codec/sharp.ts';
import type { Codec } from '../../raster/codec/types.ts';
import type { CrsRegistry } from '../../geometry/crs/registry.ts';
import type { Access, AccessRequest, Pictures, Verdict } from '../../service/access/types.ts';
import type { ConfigPath } from '../issue.ts';
import type { AuthorizationConfig, LayerConfig, LoadedConfig } from '../types.ts';
import { createKeys, verdictFor } from './accessKeys.ts';
import { readAccessLimit } from './accessLimit.ts';
import { loadAccessModule } from './accessModule.ts';
import { configError } from './context.ts';
import { registryOf } from './registry.ts';

const PLACE: ConfigPath = ['server', 'authorization'];

function namesOf(layers: readonly LayerConfig[]): readonly string[] {
  return layers.flatMap(({ name, layers: below }) => [...(name === null ? [] : [name]), ...namesOf(below)]);
}

/** Headers that can change a verdict; '*' where a module may look at any. */
function headersOf({ header, module }: AuthorizationConfig): readonly string[] {
  return module === null ? ['authorization', header.toLowerCase()] : ['*'];
}

/** Cut pictures are white outside where the format knows no transparency, as blank tiles are. */
function picturesBy(codec: Codec): Pictures {
  return {
    decode: (bytes) => codec.decode(bytes),
    clip: clipped,
    encode: (raster, format) => codec.encode(raster, format, { quality: 90, background: 0xffffff }),
  };
}

/** The library is read where there are tokens only. */
async function tokensOf(jwt: NonNullable<AuthorizationConfig['jwt']>, authorization: AuthorizationConfig, registry: CrsRegistry, loaded: LoadedConfig): Promise<(request: AccessRequest) => Promise<Verdict | null>> {
  const { createTokens } = await import('./accessTokens.ts');
  return createTokens(jwt, authorization, loaded.config.layers, registry).catch((error: unknown) => {
    throw configError({ loaded }, [...PLACE, 'jwt'], error instanceof Error ? error.message : String(error));
  });
}

/** Who may see what; null = everybody everything. @throws ConfigError for a key that is none, and a module that cannot be loaded */
export async function buildAccess(loaded: LoadedConfig): Promise<Access | null> {
  const { server, layers } = loaded.config;
  const { authorization } = server;
  if (authorization === null) return null;
  const names = namesOf(layers);
  const registry = registryOf(loaded.config);
  const limits = authorization.keys.map(({ limited_to }) => readAccessLimit(limited_to, registry));
  const keyed = createKeys(authorization, limits, layers);
  const ask = authorization.module === null ? null : await loadAccessModule(authorization.module, names, registry).catch((error: unknown) => {
    throw configError({ loaded }, [...PLACE, 'module'], error instanceof Error ? error.message : String(error));
  });
  const tokens = authorization.jwt === null ? null : await tokensOf(authorization.jwt, authorization, registry, loaded);
  const anonymous = verdictFor(authorization.anonymous, layers, true);
  return {
    pictures: picturesBy(createSharpCodec({ maxPixels: server.limits.picture_pixels })),
    secretParameter: authorization.parameter,
    headers: headersOf(authorization),
    async authorize(request) {
      const verdict = keyed(request);
      if (verdict !== null && verdict !== 'unknown') return verdict;
      const told = tokens === null ? null : await tokens(request);
      if (told !== null) return told;
      if (ask !== null) return ask(request);
      return verdict === 'unknown' ? { kind: 'unauthenticated' } : anonymous;
    },
  };
}
