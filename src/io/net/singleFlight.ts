/** Makes concurrent callers with the same key share one piece of work. */
export interface SingleFlight<T> {
  /**
   * Joins the work under way for `key`, or starts it. A caller whose signal aborts leaves with the signal's reason; the work
   * itself (through the signal handed to it) is aborted only when every caller has left. Nothing is remembered after the end,
   * be it good or bad.
   */
  run(key: string, signal: AbortSignal, work: (signal: AbortSignal) => Promise<T>): Promise<T>;
}

interface Flight<T> {
  readonly result: Promise<T>;
  readonly abort: AbortController;
  callers: number;
}

/** An empty table of flights. */
export function createSingleFlight<T>(): SingleFlight<T> {
  const flights = new Map<string, Flight<T>>();

  function start(key: string, work: (signal: AbortSignal) => Promise<T>): Flight<T> {
    const abort = new AbortController();
    const flight: Flight<T> = { result: Promise.resolve().then(() => work(abort.signal)), abort, callers: 0 };
    const land = () => {
      if (flights.get(key) === flight) flights.delete(key);
    };
    flight.result.then(land, land);
    flights.set(key, flight);
    return flight;
  }

  function leave(key: string, flight: Flight<T>, reason: unknown): void {
    flight.callers--;
    if (flight.callers > 0) return;
    // A newcomer must not join work that is being aborted.
    if (flights.get(key) === flight) flights.delete(key);
    flight.abort.abort(reason);
  }

  return {
    run(key, signal, work) {
      if (signal.aborted) return Promise.reject(signal.reason);
      const flight = flights.get(key) ?? start(key, work);
      flight.callers++;
      return new Promise<T>((resolve, reject) => {
        const abandon = () => {
          leave(key, flight, signal.reason);
          reject(signal.reason);
        };
        signal.addEventListener('abort', abandon, { once: true });
        flight.result.then(resolve, reject).finally(() => signal.removeEventListener('abort', abandon));
      });
    },
  };
}
