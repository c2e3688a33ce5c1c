import { GatewayError } from '../../errors.ts';

/** Of the layers of a node, those that exist but may not be seen: the error that naming one of them gets, else null. */
export type Refusal = (layer: string) => GatewayError | null;

/** Throws where a layer may not be seen. To be asked before saying that there is no such layer. */
export function refuse({ refusal }: { readonly refusal?: Refusal }, layer: string): void {
  const error = refusal?.(layer) ?? null;
  if (error !== null) throw error;
}

/** @param isAnonymous nobody said who asks: 401, which clients answer with who they are, not 403 */
export function refusalError(layer: string, isAnonymous: boolean): GatewayError {
  return isAnonymous
    ? new GatewayError('UNAUTHENTICATED', `layer '${layer}' is not for everybody: say who you are`, { locator: 'layer' })
    : new GatewayError('FORBIDDEN', `layer '${layer}' is not for you`, { locator: 'layer' });
}
