import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { ROOT } from '../../test/e2e/support/gateway.ts';

/** Path of a program of a virtual environment of install.sh, or null when it is not there. */
export function inEnvironment(environment: 'mapproxy' | 'mapproxy_hips', program: string): string | null {
  return ifThere(join(ROOT, '.cache/peers', environment, 'bin', program));
}

/** Path of a program of the system, or null when it is not there. */
export function onPath(program: string): string | null {
  const folders = [...(process.env['PATH'] ?? '').split(delimiter), '/usr/sbin'];
  return folders.map((folder) => ifThere(join(folder, program))).find((found) => found !== null) ?? null;
}

function ifThere(file: string): string | null {
  return existsSync(file) ? file : null;
}
