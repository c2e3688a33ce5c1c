import type { ServerResponse } from 'node:http';

/** A signal that fires when the client leaves before its answer is complete, so that no work is done for nobody. */
export function clientSignal(response: ServerResponse): AbortSignal {
  const controller = new AbortController();
  response.once('close', () => {
    if (!response.writableFinished) controller.abort();
  });
  return controller.signal;
}
