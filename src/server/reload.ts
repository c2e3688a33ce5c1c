import { unwatchFile, watchFile } from 'node:fs';

/** A configuration that can be read again while the server goes on. */
export interface Reloader {
  /** Reads it again; while that goes on, further calls wait for one more turn together. */
  reload(): Promise<{ readonly done: boolean; readonly text: string }>;
  /** Reloads whenever one of the files changes. */
  watch(): void;
  /** Watches no more. */
  close(): void;
}

export interface ReloaderOptions {
  /** Reads the files and takes over what they say. Throws what is wrong with them, and then nothing has changed. */
  takeOver(): Promise<void>;
  /** Those that were read last. */
  files(): readonly string[];
  /** What an operator is told of a failure. */
  describe(error: unknown): string;
  /** Hears how each reload went. */
  onDone(): void;
  onFailed(error: unknown): void;
}

/** Files are looked at this often: editors and mounted volumes replace them in ways that the system does not always tell. */
const LOOK_MS = 500;

export function createReloader({ takeOver, files, describe, onDone, onFailed }: ReloaderOptions): Reloader {
  let watched: readonly string[] = [];
  let running: ReturnType<Reloader['reload']> | null = null;
  let again: ReturnType<Reloader['reload']> | null = null;

  const once = async (): ReturnType<Reloader['reload']> => {
    try {
      await takeOver();
      onDone();
      if (watched.length > 0) watchAll();
      return { done: true, text: 'the configuration was read again and is served' };
    } catch (error) {
      onFailed(error);
      return { done: false, text: `${describe(error)}\nthe configuration before this one is still served` };
    }
  };
  const reload = (): ReturnType<Reloader['reload']> => {
    if (running === null) {
      running = once().finally(() => (running = null));
      return running;
    }
    again ??= running.then(() => {
      again = null;
      return reload();
    });
    return again;
  };
  const changed = (now: { mtimeMs: number; size: number }, before: { mtimeMs: number; size: number }): void => {
    if (now.mtimeMs !== before.mtimeMs || now.size !== before.size) void reload();
  };
  const close = (): void => {
    for (const file of watched) unwatchFile(file, changed);
    watched = [];
  };
  const watchAll = (): void => {
    close();
    watched = files();
    for (const file of watched) watchFile(file, { interval: LOOK_MS, persistent: false }, changed);
  };
  return { reload, watch: watchAll, close };
}
