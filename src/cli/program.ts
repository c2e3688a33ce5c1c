import { readFileSync } from 'node:fs';
import { Command, CommanderError } from 'commander';
import { GatewayError } from '../errors.ts';
import { checkCommand } from './check.ts';
import { EXIT, type ExitCode } from './exit.ts';
import { exportCommand } from './export.ts';
import { gridsCommand } from './grids.ts';
import { initCommand } from './init.ts';
import { serveCommand } from './serve.ts';

/** Columns of every help text, whatever the terminal, so that docs/cli shows what --help prints. */
const HELP_WIDTH = 110;

/** What a command ends with; set by its action. */
export interface Outcome {
  exitCode: ExitCode;
}

/** The command line with all its commands. Actions write their exit code into `outcome`. */
export function createProgram(outcome: Outcome): Command {
  const program = new Command('hips-gateway')
    .description('A bridge between HiPS (IVOA) and WMS / WMTS / XYZ (OGC), for the planets and the sky.')
    .version(packageVersion(), '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .helpCommand('help [command]', 'print the help of a command')
    .addHelpText('after', '\nExit codes: 0 done, 1 failed, 2 wrong usage or configuration.');
  const commands = [serveCommand(outcome), checkCommand(outcome), gridsCommand(outcome), initCommand(outcome), exportCommand(outcome)];
  for (const command of commands) program.addCommand(command.helpOption('-h, --help', 'print this help'));
  for (const command of [program, ...program.commands]) command.configureHelp({ helpWidth: HELP_WIDTH }).exitOverride();
  return program;
}

/** Runs one command line (without node and script). Never throws. */
export async function runCli(args: readonly string[]): Promise<ExitCode> {
  const outcome: Outcome = { exitCode: EXIT.done };
  try {
    await createProgram(outcome).parseAsync(args, { from: 'user' });
    return outcome.exitCode;
  } catch (error) {
    return report(error);
  }
}

/** Commander has already printed what it throws, help and version included. */
function report(error: unknown): ExitCode {
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.done : EXIT.usage;
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  return error instanceof GatewayError && error.code === 'CONFIG_INVALID' ? EXIT.usage : EXIT.failed;
}

function packageVersion(): string {
  const text = readFileSync(new URL('../../package.json', import.meta.url), 'utf8');
  return (JSON.parse(text) as { readonly version: string }).version;
}
