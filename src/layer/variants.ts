import { keyOfValues, type Values } from '../protocol/dimensions.ts';

/** Something that exists for each choice of values: made when it is first used, given up when others were used since. */
export interface Variants<T> {
  /** Works with the one for these values, which stays as long as the work takes. Values that make no difference are left out of account. */
  use<R>(values: Values, work: (one: T) => Promise<R>): Promise<R>;
  /** Gives up all that are not in use. */
  close(): Promise<void>;
}

/** The same one whatever the values. */
export function theOnly<T>(one: T): Variants<T> {
  return { use: (_values, work) => work(one), close: () => Promise.resolve() };
}

/** One that was made, and what is to be done when it is given up. */
export interface Made<T> {
  readonly one: T;
  /** What others would share with a successor is given up before it returns its promise. */
  dispose(): Promise<void>;
}

export interface VariantsOptions<T> {
  /** The one for the default values, which stays. */
  readonly first: { readonly values: Values; readonly one: T };
  /** Those of some values that make a difference, missing ones being the defaults. */
  complete(values: Values): Values;
  make(values: Values): Promise<Made<T>>;
  /** Those that stay although nobody uses them. */
  readonly most: number;
}

interface Held<T> {
  readonly made: Promise<Made<T>>;
  /** null until it is made, and where that failed. */
  done: Made<T> | null;
  users: number;
}

/** Variants made on demand. Clients may name any values, so that only the last ones used are kept. */
export function createVariants<T>({ first, complete, make, most }: VariantsOptions<T>): Variants<T> {
  const held = new Map<string, Held<T>>();
  const firstKey = keyOfValues(first.values);
  const trim = async (limit: number): Promise<void> => {
    const idle = [...held].filter(([, { users }]) => users === 0).slice(0, Math.max(0, held.size - limit));
    for (const [key] of idle) held.delete(key);
    await Promise.all(idle.map(([, { done }]) => done?.dispose()));
  };
  const heldFor = (key: string, values: Values): Held<T> => {
    const one = held.get(key) ?? { made: make(values), done: null, users: 0 };
    held.delete(key);
    held.set(key, one); // the youngest is last
    return one;
  };
  const settled = async (key: string, one: Held<T>): Promise<T> => {
    try {
      one.done = await one.made;
      return one.done.one;
    } catch (error) {
      if (held.get(key) === one) held.delete(key); // tried again when it is asked for again
      throw error;
    }
  };
  return {
    async use(values, work) {
      const all = complete(values);
      const key = keyOfValues(all);
      if (key === firstKey) return work(first.one);
      const one = heldFor(key, all);
      one.users++;
      try {
        return await work(await settled(key, one));
      } finally {
        one.users--;
        await trim(most);
      }
    },
    close: () => trim(0),
  };
}

/** Works with several at once, each for its own values. */
export function useAll<T, R>(wanted: readonly { readonly variants: Variants<T>; readonly values: Values }[], work: (all: readonly T[]) => Promise<R>): Promise<R> {
  const [first, ...others] = wanted;
  if (first === undefined) return work([]);
  return first.variants.use(first.values, (one) => useAll(others, (rest) => work([one, ...rest])));
}
