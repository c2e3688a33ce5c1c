import { readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import type { ReadSecret } from './yaml/env.ts';

/** No key or password is longer; a path that was meant otherwise is not read into memory. */
const MOST_BYTES = 64 * 1024;

/** Secrets by paths from the folder of a configuration: the text of the file, without the end of its last line. */
export function secretsBeside(file: string): ReadSecret {
  return (name) => {
    const at = path.resolve(path.dirname(file), name.trim());
    const stat = statSync(at, { throwIfNoEntry: false });
    if (stat === undefined) throw new Error(`is not there: ${at}`);
    if (!stat.isFile()) throw new Error(`is no file: ${at}`);
    if (stat.size > MOST_BYTES) throw new Error(`is larger than ${MOST_BYTES} bytes: ${at}`);
    try {
      return readFileSync(at, 'utf8').replace(/\r?\n$/, '');
    } catch (error) {
      throw new Error(`cannot be read: ${(error as NodeJS.ErrnoException).code ?? ''} ${at}`, { cause: error });
    }
  };
}
