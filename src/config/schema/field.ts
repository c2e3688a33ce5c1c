import { z } from 'zod';
import type { Plain } from '../yaml/tree.ts';

/**
 * What the schema says about an option beside its type. `x-` names are ours; JSON Schema readers skip them.
 * - `x-inert`: MapProxy's option is accepted and changes nothing here, and why
 * - `x-approximated`: it is honoured, with this difference from MapProxy
 * - `x-approximated-for`: the values, or members of a list, that differ, where not all do; none = its default only
 * - `x-type`: what may be written, in words, where the reference would otherwise be hard to read
 * - `x-default`: what counts when it is absent, where that is no fixed value
 */
export interface FieldNotes {
  readonly description?: string;
  readonly 'x-inert'?: string;
  readonly 'x-approximated'?: string;
  readonly 'x-approximated-for'?: readonly Plain[];
  readonly 'x-default'?: string;
  readonly 'x-type'?: string;
}

export function notesOf(schema: z.ZodType): FieldNotes {
  return (schema.meta() ?? {}) as FieldNotes;
}

export function required<S extends z.ZodType>(schema: S, description: string): S {
  return schema.meta({ description });
}

/** An option whose absence means something: null inside. `fallback` says what, for the reference. */
export function absent<S extends z.ZodType>(schema: S, description: string, fallback?: string) {
  return schema
    .optional()
    .transform((value): z.output<S> | null => value ?? null)
    .meta({ description, ...(fallback === undefined ? {} : { 'x-default': fallback }) });
}

export function byDefault<S extends z.ZodType>(schema: S, value: z.input<S>, description: string) {
  return schema.prefault(value as never).meta({ description });
}

/** A section that may be left out or empty, all of whose options have defaults. */
export function section<S extends z.ZodObject>(schema: S, description: string) {
  return schema.prefault({} as never).meta({ description });
}

/** A service: absent = null = off, `name:` alone = on with every default. */
export function service<S extends z.ZodObject>(schema: S, notes: FieldNotes) {
  return schema
    .nullable()
    .optional()
    .transform((value): z.output<S> | null => (value === undefined ? null : (value ?? (schema.parse({}) as z.output<S>))))
    .meta({ ...notes });
}

/** An option of MapProxy without effect here. */
export function inert(why: string, description: string) {
  return z.unknown().optional().meta({ description, 'x-inert': why });
}

/**
 * Adds a difference from MapProxy to an option that is honoured. Call it last.
 * @param values those that differ, where not all do; [] = its default only, so that nobody who writes it is told
 */
export function approximated<S extends z.ZodType>(schema: S, difference: string, values?: readonly Plain[]): S {
  return schema.meta({ ...notesOf(schema), 'x-approximated': difference, ...(values === undefined ? {} : { 'x-approximated-for': values }) });
}

/** An optional map from names to values of one kind; absent = empty. */
export function named<S extends z.ZodType>(schema: S, description: string) {
  return z.record(z.string(), schema).prefault({}).meta({ description });
}
