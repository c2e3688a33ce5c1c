import { createServer, type Socket } from 'node:net';
import type { AddressInfo } from 'node:net';

/** A Redis server in this process: strings with times to live, databases, passwords. Speaks RESP 2. */
export interface FakeRedis {
  readonly port: number;
  /** Keys of a database and their values. */
  readonly keys: (db?: number) => ReadonlyMap<string, Buffer>;
  /** Names of the commands received, in capitals. */
  readonly commands: readonly string[];
  /** Drops all connections and refuses new ones; resume() takes them again. */
  stop(): Promise<void>;
  resume(): Promise<void>;
  close(): Promise<void>;
}

interface Value {
  readonly bytes: Buffer;
  /** Milliseconds since 1970; null = stays. */
  readonly until: number | null;
}

interface Session {
  db: number;
  isIn: boolean;
}

type Reply = Buffer | string | number | null | Error;

export async function startFakeRedis({ password = null as string | null } = {}): Promise<FakeRedis> {
  const databases = new Map<number, Map<string, Value>>();
  const commands: string[] = [];
  const sockets = new Set<Socket>();
  const databaseOf = (db: number): Map<string, Value> => {
    const found = databases.get(db) ?? new Map<string, Value>();
    databases.set(db, found);
    return found;
  };
  const server = createServer((socket) => {
    const session: Session = { db: 0, isIn: password === null };
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => {});
    readCommands(socket, (words) => {
      const name = words[0]!.toString().toUpperCase();
      commands.push(name);
      write(socket, answer(name, words.slice(1), session, password, databaseOf(session.db)));
    });
  });
  const listen = (port: number): Promise<void> => new Promise((resolve) => server.listen(port, '127.0.0.1', resolve));
  const stop = (): Promise<void> => {
    for (const socket of sockets) socket.destroy();
    return new Promise((resolve) => server.close(() => resolve()));
  };
  await listen(0);
  const { port } = server.address() as AddressInfo;
  return {
    port,
    commands,
    keys: (db = 0) => new Map([...databaseOf(db)].map(([key, { bytes }]) => [key, bytes])),
    stop,
    resume: () => listen(port),
    close: () => (server.listening ? stop() : Promise.resolve()),
  };
}

function alive(database: Map<string, Value>, key: string): Value | undefined {
  const value = database.get(key);
  if (value !== undefined && value.until !== null && value.until <= Date.now()) database.delete(key);
  return database.get(key);
}

function answer(name: string, words: readonly Buffer[], session: Session, password: string | null, database: Map<string, Value>): Reply {
  const [first = '', second, option, amount] = words.map(String);
  if (name === 'AUTH') {
    session.isIn = (second ?? first) === password;
    return session.isIn ? 'OK' : new Error('WRONGPASS invalid username-password pair');
  }
  if (!session.isIn) return new Error('NOAUTH Authentication required.');
  switch (name) {
    case 'SELECT':
      session.db = Number(first);
      return 'OK';
    case 'GET':
      return alive(database, first)?.bytes ?? null;
    case 'SET':
      database.set(first, { bytes: words[1]!, until: option?.toUpperCase() === 'PX' ? Date.now() + Number(amount) : null });
      return 'OK';
    case 'MSET':
      for (let i = 0; i < words.length; i += 2) database.set(words[i]!.toString(), { bytes: words[i + 1]!, until: null });
      return 'OK';
    case 'PTTL': {
      const value = alive(database, first);
      return value === undefined ? -2 : value.until === null ? -1 : value.until - Date.now();
    }
    case 'DEL':
      return words.filter((key) => database.delete(key.toString())).length;
    case 'INFO':
      return Buffer.from('redis_version:7.0.15\r\nloading:0\r\n');
    case 'CLIENT':
    case 'QUIT':
      return 'OK';
    default:
      return new Error(`ERR unknown command '${name}'`);
  }
}

function write(socket: Socket, reply: Reply): void {
  if (reply === null) socket.write('$-1\r\n');
  else if (typeof reply === 'string') socket.write(`+${reply}\r\n`);
  else if (typeof reply === 'number') socket.write(`:${reply}\r\n`);
  else if (reply instanceof Error) socket.write(`-${reply.message}\r\n`);
  else socket.write(Buffer.concat([Buffer.from(`$${reply.length}\r\n`), reply, Buffer.from('\r\n')]));
}

/** Arrays of bulk strings, as clients send them. */
function readCommands(socket: Socket, handle: (words: readonly Buffer[]) => void): void {
  let pending = Buffer.alloc(0);
  socket.on('data', (data) => {
    pending = Buffer.concat([pending, data]);
    for (let next = parse(pending); next !== null; next = parse(pending)) {
      pending = pending.subarray(next.end);
      handle(next.words);
    }
  });
}

/** null = not all of it is there yet. */
function parse(data: Buffer): { readonly words: readonly Buffer[]; readonly end: number } | null {
  const line = (from: number): { readonly count: number; readonly end: number } | null => {
    const at = data.indexOf('\r\n', from);
    return at < 0 ? null : { count: Number(data.toString('latin1', from + 1, at)), end: at + 2 };
  };
  const head = line(0);
  if (head === null) return null;
  const words: Buffer[] = [];
  let at = head.end;
  for (let i = 0; i < head.count; i++) {
    const size = line(at);
    if (size === null || data.length < size.end + size.count + 2) return null;
    words.push(data.subarray(size.end, size.end + size.count));
    at = size.end + size.count + 2;
  }
  return { words, end: at };
}
