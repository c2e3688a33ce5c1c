import type { TileStore } from './types.ts';

/**
 * Gives stores of which only the last ones used stay open: a cache has one for each choice of values of its dimensions, which may be
 * thousands, each with files of its own. One that was closed opens again when it is asked.
 * @param most how many stay open; each of them must bear to be used after close()
 */
export function createFewOpen(most: number): (store: TileStore) => TileStore {
  const open = new Set<TileStore>();
  const use = (store: TileStore): void => {
    open.delete(store);
    open.add(store); // the last used is last
    if (open.size <= most) return;
    const [oldest] = open;
    open.delete(oldest!);
    oldest!.close().catch(() => {}); // what it could not bring to the disk it says when it is asked again
  };
  /** Counted when it is done: one that was closed while it waited has opened again. */
  const counted = <T>(store: TileStore, work: Promise<T>): Promise<T> => work.finally(() => use(store));
  return (store) => ({
    get: (key) => counted(store, store.get(key)),
    put: (key, bytes) => counted(store, store.put(key, bytes)),
    delete: (key) => counted(store, store.delete(key)),
    close: () => (open.delete(store), store.close()),
  });
}
