import { Command } from 'commander';
import { EXIT } from './exit.ts';
import type { Outcome } from './program.ts';

interface CheckOptions {
  readonly strict?: boolean;
  readonly report?: boolean;
}

/** `hips-gateway check CONFIG` */
export function checkCommand(outcome: Outcome): Command {
  return new Command('check')
    .description('Check a configuration and list every mistake with its file, line and column.')
    .argument('<config>', 'configuration file, MapProxy YAML')
    .option('--strict', 'count warnings as mistakes (default: off)')
    .option('--report', 'list every option that the file uses: honoured, approximated or inert, and why (default: off)')
    .action(async (config: string, options: CheckOptions) => {
      outcome.exitCode = await check(config, options);
    });
}

async function check(file: string, { strict = false, report = false }: CheckOptions): Promise<Outcome['exitCode']> {
  const { loadConfig } = await import('../config/load.ts');
  const { issueLines, shownFile, withConfigIssues } = await import('./printIssues.ts');
  return withConfigIssues(async () => {
    const { options, warnings } = loadConfig(file);
    if (report) process.stdout.write((await import('./optionReport.ts')).reportLines(options));
    process.stderr.write(issueLines(warnings, 'warning: '));
    process.stdout.write(`${shownFile(file)}: no mistakes, ${warnings.length} warnings\n`);
    return strict && warnings.length > 0 ? EXIT.usage : EXIT.done;
  });
}
