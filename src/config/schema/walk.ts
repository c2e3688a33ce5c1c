import type { z } from 'zod';
import { type FieldNotes, notesOf } from './field.ts';
import type { ConfigPath } from '../issue.ts';
import type { Plain } from '../yaml/tree.ts';

/** The parts of zod's definitions that are looked at here. */
interface Definition {
  readonly type: string;
  readonly innerType?: z.ZodType;
  readonly in?: z.ZodType;
  readonly getter?: () => z.ZodType;
  readonly shape?: Readonly<Record<string, z.ZodType>>;
  readonly catchall?: z.ZodType;
  readonly element?: z.ZodType;
  readonly valueType?: z.ZodType;
  readonly options?: readonly z.ZodType[];
  readonly discriminator?: string;
  readonly values?: readonly unknown[];
}

const WRAPPERS: ReadonlySet<string> = new Set(['optional', 'nullable', 'default', 'prefault', 'pipe', 'lazy', 'readonly']);

function definitionOf(schema: z.ZodType): Definition {
  return schema.def as unknown as Definition;
}

/** The schema without the wrappers that make it optional, give it a default or transform its result. */
export function unwrap(schema: z.ZodType): z.ZodType {
  const definition = definitionOf(schema);
  if (!WRAPPERS.has(definition.type)) return schema;
  const inner = definition.innerType ?? definition.in ?? definition.getter?.();
  return inner === undefined ? schema : unwrap(inner);
}

/** The alternative of a union that data of this shape is meant for; other schemas as they are, unwrapped. */
function alternativeFor(schema: z.ZodType, data: Plain | undefined): z.ZodType | undefined {
  const bare = unwrap(schema);
  const { options, discriminator } = definitionOf(bare);
  if (options === undefined) return bare;
  const found = options.map(unwrap).find((option) => (discriminator === undefined ? fits(option, data) : isNamed(option, discriminator, data)));
  return found === undefined ? undefined : alternativeFor(found, data);
}

function isNamed(option: z.ZodType, discriminator: string, data: Plain | undefined): boolean {
  const literal = definitionOf(option).shape?.[discriminator];
  const given = isMap(data) ? data[discriminator] : undefined;
  return literal !== undefined && (definitionOf(unwrap(literal)).values ?? []).includes(given);
}

function fits(option: z.ZodType, data: Plain | undefined): boolean {
  const { type } = definitionOf(option);
  if (Array.isArray(data)) return type === 'array' || type === 'tuple';
  if (isMap(data)) return type === 'object' || type === 'record';
  return type === typeof data;
}

export function isMap(data: Plain | undefined): data is { [key: string]: Plain } {
  return typeof data === 'object' && data !== null && !Array.isArray(data);
}

/** The schema of a step into a map or list, and the data there; undefined where the schema names nothing. */
function step(schema: z.ZodType, data: Plain | undefined, key: string | number): z.ZodType | undefined {
  const here = alternativeFor(schema, data);
  if (here === undefined) return undefined;
  const { shape, catchall, element, valueType } = definitionOf(here);
  if (typeof key === 'number') return element;
  if (shape === undefined) return valueType;
  if (Object.hasOwn(shape, key)) return shape[key];
  return catchall === undefined || definitionOf(catchall).type === 'never' ? undefined : catchall;
}

function dataAt(data: Plain | undefined, key: string | number): Plain | undefined {
  if (Array.isArray(data)) return typeof key === 'number' ? data[key] : undefined;
  return isMap(data) && Object.hasOwn(data, key) ? data[String(key)] : undefined;
}

/** Keys that the schema allows in the map at a path; [] where it is no map of fixed keys. */
export function keysAllowedAt(root: z.ZodType, data: Plain, path: ConfigPath): readonly string[] {
  let schema: z.ZodType | undefined = root;
  let here: Plain | undefined = data;
  for (const key of path) {
    schema = schema === undefined ? undefined : step(schema, here, key);
    here = dataAt(here, key);
  }
  const map = schema === undefined ? undefined : alternativeFor(schema, here);
  return Object.keys((map === undefined ? undefined : definitionOf(map).shape) ?? {});
}

/** An option that the data use. */
export interface UsedOption {
  readonly path: ConfigPath;
  readonly value: Plain;
  readonly notes: FieldNotes;
}

/** Every option that the data give a value, in their order: no sections, and nothing inside an inert option. */
export function usedOptions(schema: z.ZodType, data: Plain | undefined, path: ConfigPath = []): UsedOption[] {
  return childrenOf(data).flatMap(([key, value]) => {
    const inner = step(schema, data, key);
    if (inner === undefined) return [];
    const at = [...path, key];
    const notes = notesOf(inner);
    if (notes['x-inert'] !== undefined) return [{ path: at, value, notes }];
    const inside = usedOptions(inner, value, at);
    const isOption = typeof key === 'string' && notes.description !== undefined && inside.length === 0;
    return isOption ? [{ path: at, value, notes }] : inside;
  });
}

function childrenOf(data: Plain | undefined): [string | number, Plain][] {
  if (Array.isArray(data)) return data.map((item, index) => [index, item]);
  return isMap(data) ? Object.entries(data) : [];
}
