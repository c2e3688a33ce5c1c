/** What holds for a whole process, and only from its very start. */
type Environment = Readonly<Record<string, string | undefined>>;

/**
 * glibc gives every thread memory of its own to take from, up to eight times the number of processors, and seldom gives any of it back;
 * two do for threads that take megabytes at a time. Threads of another C library do not look at it.
 */
const ARENAS = '2';
/** V8 would let new objects of the serving thread grow to 48 MB before it looks for garbage. Flags that are given come later, and win. */
const YOUNG = '--max-semi-space-size=4';

/**
 * The environment in which a server needs a fifth less memory than in this one; null = this one does, or the command ends soon.
 * Whoever sets MALLOC_ARENA_MAX, to whatever, has chosen, and is left alone.
 * @param args the command line behind the program
 */
export function frugalEnvironment(args: readonly string[], env: Environment, platform: NodeJS.Platform): Environment | null {
  if (platform !== 'linux' || args[0] !== 'serve' || env['MALLOC_ARENA_MAX'] !== undefined) return null;
  return { ...env, MALLOC_ARENA_MAX: ARENAS, NODE_OPTIONS: [YOUNG, env['NODE_OPTIONS'] ?? ''].join(' ').trim() };
}

/**
 * Starts this command anew in the frugal environment, if there is a need: same process, same number, same files. Does not return
 * then. A process that its parent talks to (`fork`) would lose that line and goes on as it is.
 */
export function becomeFrugal(): void {
  const env = frugalEnvironment(process.argv.slice(2), process.env, process.platform);
  if (env === null || process.execve === undefined || process.connected === true) return;
  process.execve(process.execPath, [process.execPath, ...process.execArgv, ...process.argv.slice(1)], env as NodeJS.ProcessEnv);
}
