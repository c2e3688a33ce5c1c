/** Lets whatever else waits in this thread have its turn, the news that the client has left among it. @throws the signal's reason */
export function breathe(signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    setImmediate(() => (signal.aborted ? reject(signal.reason as Error) : resolve()));
  });
}
