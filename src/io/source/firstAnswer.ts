import { GatewayError } from '../../errors.ts';

/** Several places where the same can be had. */
export interface FirstAnswer<Place> {
  /**
   * Asks the places in turn until one answers. Those that were in trouble lately come last.
   * @throws the first place's GatewayError UPSTREAM_* when all are in trouble; at once whatever else `ask` throws, and the
   *   signal's reason
   */
  ask<T>(signal: AbortSignal, ask: (place: Place) => Promise<T>): Promise<T>;
}

/** How long a place in trouble is asked last, milliseconds: the others' users should not wait for its time-out at each request. */
const AVOIDED_MS = 60_000;

/** @param places the preferred one first, at least one */
export function createFirstAnswer<Place>(places: readonly Place[], avoidedMs: number = AVOIDED_MS): FirstAnswer<Place> {
  const inTroubleUntil = new Map<Place, number>();

  function inOrder(): readonly Place[] {
    const now = Date.now();
    const avoided = (place: Place): boolean => (inTroubleUntil.get(place) ?? 0) > now;
    return [...places.filter((place) => !avoided(place)), ...places.filter(avoided)];
  }

  return {
    async ask(signal, ask) {
      let first: unknown;
      for (const place of inOrder()) {
        try {
          const answer = await ask(place);
          inTroubleUntil.delete(place);
          return answer;
        } catch (error) {
          signal.throwIfAborted();
          if (!isUpstreamTrouble(error)) throw error;
          inTroubleUntil.set(place, Date.now() + avoidedMs);
          first ??= error;
        }
      }
      throw first;
    },
  };
}

/** Whether an error says that an upstream failed, not that we asked for nonsense. */
export function isUpstreamTrouble(error: unknown): error is GatewayError {
  return error instanceof GatewayError && (error.code === 'UPSTREAM_FAILED' || error.code === 'UPSTREAM_TIMEOUT');
}
