import { statSync } from 'node:fs';
import { chmod } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import { makeFolder, type Permissions } from '../folder.ts';

export interface ConnectionOptions<Statements> {
  readonly file: string;
  /** How long to wait while other processes write, milliseconds. */
  readonly timeoutMs: number;
  /**
   * Write-ahead log: readers and a writer do not wait for each other. 'whileOpen' leaves a single file behind, which read-only
   * media and other programs can open. Network file systems have no such logs: 'never'.
   */
  readonly wal: 'always' | 'whileOpen' | 'never';
  readonly permissions: Permissions;
  /** Makes what a new file lacks, and what is missing for writing in an older one; in a transaction, before the first write. */
  complete(db: DatabaseSync): void;
  /** Called once for each time that the file is opened; undefined when it has no tables yet. */
  prepare(db: DatabaseSync): Statements | undefined;
}

/** A SQLite file, opened when it is first needed. */
export interface Connection<Statements> {
  /** undefined when there is no file, or nothing in it. Never makes one. */
  read<T>(work: (statements: Statements) => T): Promise<T | undefined>;
  /** Makes the file and its tables if need be. `work` may run again after it met a locked file: one statement, or a transaction. */
  write<T>(work: (statements: Statements) => T): Promise<T>;
  close(): void;
}

interface Opened<Statements> {
  readonly db: DatabaseSync;
  readonly inode: number | null;
  readonly statements: Statements | undefined;
  readonly isComplete: boolean;
}

type Sqlite = typeof import('node:sqlite');

/** SQLite's own wait holds up the whole process: it is kept short, longer waits are ours. */
const BLOCKING_WAIT_MS = 2;
const FIRST_PAUSE_MS = 4;
const LONGEST_PAUSE_MS = 100;
/** SQLITE_BUSY and SQLITE_LOCKED, the lowest byte of the extended codes. */
const LOCKED_CODES: readonly unknown[] = [5, 6];

/**
 * Work on a SQLite file that other processes read, write and remove too: a locked file is tried again until the time is over,
 * a removed or replaced one is opened anew (tiles written into a file without a name would be lost).
 */
export function createConnection<Statements>(options: ConnectionOptions<Statements>): Connection<Statements> {
  const { file, permissions, timeoutMs } = options;
  let opened: Opened<Statements> | null = null;

  function close(): void {
    if (opened !== null) closeFile(opened, options);
    opened = null;
  }

  function openedFor(sqlite: Sqlite, isWrite: boolean): Opened<Statements> {
    if (opened !== null && inodeOf(file) === opened.inode && (isWrite ? opened.isComplete : opened.statements !== undefined)) return opened;
    close();
    opened = openFile(sqlite, options, isWrite);
    return opened;
  }

  return {
    async read(work) {
      if (inodeOf(file) === null) return undefined;
      const sqlite = await import('node:sqlite');
      return patiently(timeoutMs, () => {
        const { statements } = openedFor(sqlite, false);
        return statements === undefined ? undefined : work(statements);
      });
    },
    async write(work) {
      const sqlite = await import('node:sqlite');
      const isNew = inodeOf(file) === null;
      if (isNew) await makeFolder(dirname(file), permissions.directory);
      const done = await patiently(timeoutMs, () => work(openedFor(sqlite, true).statements!));
      if (isNew && permissions.file !== null) await chmod(file, permissions.file);
      return done;
    },
    close,
  };
}

function inodeOf(file: string): number | null {
  return statSync(file, { throwIfNoEntry: false })?.ino ?? null;
}

function openFile<Statements>({ DatabaseSync }: Sqlite, options: ConnectionOptions<Statements>, isWrite: boolean): Opened<Statements> {
  const db = new DatabaseSync(options.file, { timeout: BLOCKING_WAIT_MS });
  try {
    if (isWrite) completeFile(db, options);
    return { db, inode: inodeOf(options.file), statements: options.prepare(db), isComplete: isWrite };
  } catch (error) {
    db.close();
    throw error;
  }
}

/** With the log, a crash of the machine may lose the last tiles, never damage older ones; a crash of the process loses none. */
function completeFile<Statements>(db: DatabaseSync, { wal, complete }: ConnectionOptions<Statements>): void {
  inTransaction(db, () => complete(db));
  if (wal !== 'never') db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL');
}

/** All or nothing, holding off other writers. */
export function inTransaction<T>(db: DatabaseSync, work: () => T): T {
  db.exec('BEGIN IMMEDIATE');
  try {
    const done = work();
    db.exec('COMMIT');
    return done;
  } catch (error) {
    if (db.isTransaction) db.exec('ROLLBACK');
    throw error;
  }
}

/** The last to leave takes the log back into the file; while others are there the file stays as it is. */
function closeFile<Statements>({ db, isComplete }: Opened<Statements>, { wal }: ConnectionOptions<Statements>): void {
  try {
    if (isComplete && wal === 'whileOpen') db.exec('PRAGMA journal_mode = DELETE');
  } catch (error) {
    if (!isLocked(error)) throw error;
  } finally {
    db.close();
  }
}

async function patiently<T>(timeoutMs: number, work: () => T): Promise<T> {
  const end = performance.now() + timeoutMs;
  for (let pause = FIRST_PAUSE_MS; ; pause = Math.min(pause * 2, LONGEST_PAUSE_MS)) {
    try {
      return work();
    } catch (error) {
      if (!isLocked(error) || performance.now() + pause > end) throw error;
    }
    await sleep(pause);
  }
}

function isLocked(error: unknown): boolean {
  return error instanceof Error && 'errcode' in error && LOCKED_CODES.includes(Number(error.errcode) & 0xff);
}
