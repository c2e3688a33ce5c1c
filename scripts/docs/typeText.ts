import type { JsonSchema } from './jsonSchema.ts';

const TYPES: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'number',
  integer: 'whole number',
  boolean: 'true or false',
  object: 'map',
  null: 'nothing',
};

/** What may be written, in a few words: 'whole number, from 1', '`sw`, `nw`', 'list of text'. */
export function typeText(schema: JsonSchema): string {
  const { enum: values, const: only, prefixItems, items, additionalProperties: members } = schema;
  const alternatives = schema.anyOf ?? schema.oneOf;
  if (schema['x-type'] !== undefined) return schema['x-type'];
  if (values !== undefined) return values.map((value) => `\`${String(value)}\``).join(', ');
  if (only !== undefined) return `\`${String(only)}\``;
  if (alternatives !== undefined) return unique(alternatives.map(typeText)).join(' or ');
  if (prefixItems !== undefined) return `[${prefixItems.map(typeText).join(', ')}]`;
  if (schema.$ref !== undefined) return schema.$ref.replace('#/$defs/', '');
  if (items !== undefined) return `list of ${typeText(items)}`;
  if (schema.properties === undefined && typeof members === 'object' && members.properties === undefined) return `map from text to ${typeText(members)}`;
  const types = typeof schema.type === 'string' ? [schema.type] : (schema.type ?? []);
  return `${types.map((type) => TYPES[type] ?? type).join(' or ') || 'anything'}${rangeText(schema)}`;
}

function rangeText({ minimum, maximum, exclusiveMinimum }: JsonSchema): string {
  const from = minimum !== undefined ? ` from ${minimum}` : exclusiveMinimum !== undefined ? ` above ${exclusiveMinimum}` : '';
  return `${from}${maximum === undefined ? '' : ` to ${maximum}`}`;
}

function unique(texts: readonly string[]): readonly string[] {
  return [...new Set(texts)];
}
