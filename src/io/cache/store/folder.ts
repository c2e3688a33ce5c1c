import { chmod, mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';

/** Modes of what is created; null = what the process's umask leaves. */
export interface Permissions {
  readonly directory: number | null;
  readonly file: number | null;
}

export const PERMISSIONS_OF_PROCESS: Permissions = Object.freeze({ directory: null, file: null });

/** Makes a folder and those above it where they are missing; each new one gets the mode. */
export async function makeFolder(folder: string, mode: number | null): Promise<void> {
  const first = await mkdir(folder, { recursive: true });
  if (first === undefined || mode === null) return;
  for (let made = folder; made.length >= first.length; made = dirname(made)) await chmod(made, mode);
}
