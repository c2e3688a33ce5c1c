import { packError, unpackError, type WireError } from './wireError.ts';

/** One end of a two-way line between threads: a Worker or a MessagePort. */
export interface Line {
  postMessage(message: unknown): void;
  on(event: 'message', listener: (message: unknown) => void): unknown;
}

/** Answers one question. What it returns is copied: views of bytes should own their whole buffer, or all of it is copied. */
export type Answerer<Q, A> = (question: Q, signal: AbortSignal) => Promise<A>;

/** Both ends can ask and answer: Q and A are the questions and answers this end sends out and gets back. */
export interface Rpc<Q, A> {
  /** Rejects with the other side's error, or with the signal's reason; the other side is told to stop. */
  ask(question: Q, signal: AbortSignal): Promise<A>;
  /** Rejects everything still open: the other side is gone. */
  fail(error: Error): void;
}

type Message =
  | { readonly kind: 'ask'; readonly id: number; readonly question: unknown }
  | { readonly kind: 'stop'; readonly id: number }
  | { readonly kind: 'answer'; readonly id: number; readonly value: unknown }
  | { readonly kind: 'error'; readonly id: number; readonly error: WireError };

interface Open {
  resolve(value: unknown): void;
  reject(error: unknown): void;
}

/**
 * Puts questions and answers on a line. The listener that it adds lives as long as the line.
 * @param sent hears of each answer that is on its way as a copy: what it consists of may be given back
 */
export function createRpc<Q, A, TheirQ, TheirA>(line: Line, answerer: Answerer<TheirQ, TheirA>, sent: (answer: TheirA) => void = () => {}): Rpc<Q, A> {
  const open = new Map<number, Open>();
  const working = new Map<number, AbortController>();
  let next = 0;

  const answer = async (id: number, question: TheirQ): Promise<void> => {
    const control = new AbortController();
    working.set(id, control);
    try {
      const value = await answerer(question, control.signal);
      line.postMessage({ kind: 'answer', id, value } satisfies Message);
      sent(value);
    } catch (error) {
      line.postMessage({ kind: 'error', id, error: packError(error) } satisfies Message);
    } finally {
      working.delete(id);
    }
  };

  const settle = (id: number, how: (one: Open) => void): void => {
    const one = open.get(id);
    open.delete(id);
    if (one !== undefined) how(one);
  };

  line.on('message', (raw) => {
    const message = raw as Message;
    if (message.kind === 'ask') void answer(message.id, message.question as TheirQ);
    else if (message.kind === 'stop') working.get(message.id)?.abort();
    else if (message.kind === 'answer') settle(message.id, (one) => one.resolve(message.value));
    else settle(message.id, (one) => one.reject(unpackError(message.error)));
  });

  return {
    ask(question, signal) {
      signal.throwIfAborted();
      const id = next++;
      return new Promise<A>((resolve, reject) => {
        const onAbort = (): void => {
          line.postMessage({ kind: 'stop', id } satisfies Message);
          settle(id, (one) => one.reject(signal.reason));
        };
        signal.addEventListener('abort', onAbort, { once: true });
        const done = (): void => signal.removeEventListener('abort', onAbort);
        open.set(id, {
          resolve: (value) => (done(), resolve(value as A)),
          reject: (error) => (done(), reject(error as Error)),
        });
        line.postMessage({ kind: 'ask', id, question } satisfies Message);
      });
    },
    fail(error) {
      for (const id of open.keys()) settle(id, (one) => one.reject(error));
    },
  };
}
