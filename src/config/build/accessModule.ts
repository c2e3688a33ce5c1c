import { pathToFileURL } from 'node:url';
import type { CrsRegistry } from '../../geometry/crs/registry.ts';
import type { AccessRequest, Limit, Permission, Verdict } from '../../service/access/types.ts';
import { bothLimits, readAccessLimit } from './accessLimit.ts';

/** What a module of the operator is called with. */
export interface ModuleQuestion extends AccessRequest {
  /** First step of the path: 'service', 'wmts', 'tiles', 'hips', ... */
  readonly service: string;
  /** Names of all layers. */
  readonly layers: readonly string[];
}

type Ask = (question: ModuleQuestion) => unknown;

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function permissionOf(name: string, said: unknown, everywhere: Limit | null, registry: CrsRegistry): Permission {
  if (!isRecord(said)) throw new Error(`the authorization module says of the layer '${name}' no object {map, featureinfo, tile}`);
  const limit = bothLimits(readAccessLimit(said['limited_to'], registry), everywhere);
  return { map: said['map'] === true, featureinfo: said['featureinfo'] === true, tile: said['tile'] === true, limit };
}

/** What a module answered, as in MapProxy. @throws Error for anything else, so that a mistake opens nothing */
export function readVerdict(answer: unknown, registry: CrsRegistry): Verdict {
  if (!isRecord(answer)) throw new Error('the authorization module answered no object {authorized}');
  const everywhere = readAccessLimit(answer['limited_to'], registry);
  if (everywhere !== null && answer['authorized'] !== 'partial') throw new Error("the authorization module limits what is not 'partial' to a geometry: nothing is shown");
  switch (answer['authorized']) {
    case 'full':
    case 'none':
    case 'unauthenticated':
      return { kind: answer['authorized'] };
    case 'partial': {
      const layers = answer['layers'];
      if (!isRecord(layers)) throw new Error("the authorization module answered 'partial' without layers");
      return { kind: 'partial', isAnonymous: false, layers: new Map(Object.entries(layers).map(([name, said]) => [name, permissionOf(name, said, everywhere, registry)])) };
    }
    default:
      throw new Error(`the authorization module answered '${String(answer['authorized'])}': authorized is full, partial, none or unauthenticated`);
  }
}

/** Loads the module of a path. @throws Error when it cannot be loaded or exports no function by default */
export async function loadAccessModule(path: string, layers: readonly string[], registry: CrsRegistry): Promise<(request: AccessRequest) => Promise<Verdict>> {
  const loaded = (await import(pathToFileURL(path).href)) as { readonly default?: unknown };
  if (typeof loaded.default !== 'function') throw new Error(`${path} exports no function by default`);
  const ask = loaded.default as Ask;
  return async (request) => readVerdict(await ask({ ...request, service: /^\/+([^/?]*)/.exec(request.url)?.[1] ?? '', layers }), registry);
}
