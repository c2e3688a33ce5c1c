import { pathToFileURL } from 'node:url';
import type { AccessRequest, Permission, Verdict } from '../../service/access/types.ts';

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

/** A limit that cannot be kept must not be passed over. */
function refuseLimits(answer: Readonly<Record<string, unknown>>, of: string): void {
  if (answer['limited_to'] !== undefined && answer['limited_to'] !== null) throw new Error(`the authorization module limits ${of} to a geometry, which cannot be done yet: nothing is shown`);
}

function permissionOf(name: string, said: unknown): Permission {
  if (!isRecord(said)) throw new Error(`the authorization module says of the layer '${name}' no object {map, featureinfo, tile}`);
  refuseLimits(said, `the layer '${name}'`);
  return { map: said['map'] === true, featureinfo: said['featureinfo'] === true, tile: said['tile'] === true };
}

/** What a module answered, as in MapProxy. @throws Error for anything else, so that a mistake opens nothing */
export function readVerdict(answer: unknown): Verdict {
  if (!isRecord(answer)) throw new Error('the authorization module answered no object {authorized}');
  refuseLimits(answer, 'everything');
  switch (answer['authorized']) {
    case 'full':
    case 'none':
    case 'unauthenticated':
      return { kind: answer['authorized'] };
    case 'partial': {
      const layers = answer['layers'];
      if (!isRecord(layers)) throw new Error("the authorization module answered 'partial' without layers");
      return { kind: 'partial', isAnonymous: false, layers: new Map(Object.entries(layers).map(([name, said]) => [name, permissionOf(name, said)])) };
    }
    default:
      throw new Error(`the authorization module answered '${String(answer['authorized'])}': authorized is full, partial, none or unauthenticated`);
  }
}

/** Loads the module of a path. @throws Error when it cannot be loaded or exports no function by default */
export async function loadAccessModule(path: string, layers: readonly string[]): Promise<(request: AccessRequest) => Promise<Verdict>> {
  const loaded = (await import(pathToFileURL(path).href)) as { readonly default?: unknown };
  if (typeof loaded.default !== 'function') throw new Error(`${path} exports no function by default`);
  const ask = loaded.default as Ask;
  return async (request) => readVerdict(await ask({ ...request, service: /^\/+([^/?]*)/.exec(request.url)?.[1] ?? '', layers }));
}
