/** Aborts at the first SIGINT (Ctrl-C) or SIGTERM; a second one ends the process at once, as without a handler. `forget` stops listening. */
export function interruption(): { readonly signal: AbortSignal; forget(): void } {
  const controller = new AbortController();
  const stop = (): void => {
    forget();
    controller.abort(new Error('interrupted'));
  };
  const forget = (): void => void process.off('SIGINT', stop).off('SIGTERM', stop);
  process.on('SIGINT', stop).on('SIGTERM', stop);
  return { signal: controller.signal, forget };
}
