import type { ConfigIssue, ConfigPath, Position } from './issue.ts';
import { configSchema } from './schema/config.ts';
import type { FieldNotes } from './schema/field.ts';
import { usedOptions } from './schema/walk.ts';
import { type MapTree, type Plain, keyPositionOf } from './yaml/tree.ts';

/** What becomes of an option that a configuration uses. */
export interface OptionReport extends Position {
  readonly path: ConfigPath;
  readonly status: 'honoured' | 'approximated' | 'inert';
  /** The difference, or why there is no effect; '' when honoured. */
  readonly note: string;
}

/** Every option that the data use, in the order of the file. */
export function reportOptions(data: Plain, tree: MapTree): OptionReport[] {
  return usedOptions(configSchema, data).map(({ path, value, notes }) => {
    const inert = notes['x-inert'];
    const difference = differs(value, notes) ? notes['x-approximated'] : undefined;
    const status = inert !== undefined ? 'inert' : difference !== undefined ? 'approximated' : 'honoured';
    return { ...keyPositionOf(tree, path), path, status, note: inert ?? difference ?? '' };
  });
}

/** Whether the value is one of those for which there is a difference. */
function differs(value: Plain, { 'x-approximated-for': values }: FieldNotes): boolean {
  return values === undefined || (Array.isArray(value) ? value : [value]).some((one) => values.includes(one));
}

/** Options without effect, as warnings. */
export function inertWarnings(options: readonly OptionReport[]): ConfigIssue[] {
  return options
    .filter(({ status }) => status === 'inert')
    .map(({ file, line, column, path, note }) => ({ file, line, column, path, message: `has no effect: ${note}` }));
}
