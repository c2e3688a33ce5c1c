import { createProgram } from '../../src/cli/program.ts';

/** Help of every command, by the name of its file in docs/cli. */
export function cliHelpTexts(): ReadonlyMap<string, string> {
  const program = createProgram({ exitCode: 0 });
  return new Map([program, ...program.commands].map((command) => [`${command.name()}.txt`, command.helpInformation()]));
}
