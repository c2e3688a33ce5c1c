import { type ChildProcess, spawn } from 'node:child_process';

/** A running program and everything it wrote so far. */
export interface Running {
  readonly child: ChildProcess;
  /** stdout and stderr interleaved, as text. */
  output(): string;
  /** Resolves with the exit code, or with the signal's name when a signal ended the program. */
  readonly ended: Promise<number | NodeJS.Signals>;
}

export interface StartOptions {
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
}

/** Starts a program without a standard input and collects its output. */
export function start(command: string, args: readonly string[], options: StartOptions = {}): Running {
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], ...options });
  let text = '';
  const collect = (chunk: Buffer): void => {
    text += chunk.toString('utf8');
  };
  child.stdout.on('data', collect);
  child.stderr.on('data', collect);
  const ended = new Promise<number | NodeJS.Signals>((resolve) => {
    child.on('error', (error) => {
      text += `${command}: ${error.message}\n`;
      resolve(127);
    });
    child.on('close', (code, signal) => resolve(code ?? signal ?? 1));
  });
  return { child, output: () => text, ended };
}

/** Runs a program to its end, at most `timeoutMs`, and returns its output; throws with the output when it fails. */
export async function run(command: string, args: readonly string[], timeoutMs: number, options: StartOptions = {}): Promise<string> {
  const running = start(command, args, options);
  const timer = setTimeout(() => running.child.kill('SIGKILL'), timeoutMs);
  const code = await running.ended;
  clearTimeout(timer);
  if (code !== 0) throw new Error(`${command} ended with ${code}:\n${running.output()}`);
  return running.output();
}

/** Asks a program to stop with `signal`, insists after 10 s, and returns how it ended. */
export async function stop(running: Running, signal: NodeJS.Signals = 'SIGTERM'): Promise<number | NodeJS.Signals> {
  if (running.child.exitCode === null) running.child.kill(signal);
  const timer = setTimeout(() => running.child.kill('SIGKILL'), 10_000);
  const code = await running.ended;
  clearTimeout(timer);
  return code;
}

/** Waits until `pattern` occurs in a program's output; throws with the output when it ends before or takes too long. */
export async function outputMatch(running: Running, pattern: RegExp, timeoutMs: number): Promise<RegExpExecArray> {
  let alive = true;
  void running.ended.then(() => {
    alive = false;
  });
  const until = performance.now() + timeoutMs;
  for (;;) {
    const match = pattern.exec(running.output());
    if (match) return match;
    if (!alive || performance.now() > until) throw new Error(`no ${String(pattern)} in the output:\n${running.output()}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
