import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ALADIN_JAR } from './hipsLint.ts';
import { run } from './process.ts';

export interface DesktopRun {
  /** The picture that the script saved as out.png. */
  readonly picture: Buffer;
  /** What Aladin printed. */
  readonly text: string;
}

/**
 * Runs Aladin Desktop with a script under a virtual display. The script saves `out.png` and ends with `quit`. -local keeps it from
 * looking for CDS's own services; `home` (its caches) is the caller's so that two runs can share it.
 */
export async function aladinDesktop(script: readonly string[], home: string): Promise<DesktopRun> {
  const folder = await mkdtemp(join(tmpdir(), 'hips-gateway-aladin-'));
  try {
    const scriptFile = join(folder, 'script.ajs');
    await writeFile(scriptFile, `${script.join('\n')}\n`);
    const aladin = ['java', `-Duser.home=${home}`, '-jar', ALADIN_JAR, '-nogui', '-local', '-planet', `-scriptfile=${scriptFile}`];
    const text = await run('xvfb-run', ['-a', '-s', '-screen 0 1280x1024x24', ...aladin], 240_000, { cwd: folder });
    return { picture: await readFile(join(folder, 'out.png')), text };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
