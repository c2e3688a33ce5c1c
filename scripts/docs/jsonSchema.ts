import { z } from 'zod';
import { configSchema } from '../../src/config/schema/config.ts';

/** A part of a JSON Schema, as far as it is used here. */
export interface JsonSchema {
  readonly type?: string | readonly string[];
  readonly description?: string;
  readonly default?: unknown;
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: JsonSchema | boolean;
  readonly items?: JsonSchema;
  readonly prefixItems?: readonly JsonSchema[];
  readonly anyOf?: readonly JsonSchema[];
  readonly oneOf?: readonly JsonSchema[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: number;
  readonly $ref?: string;
  readonly $defs?: Readonly<Record<string, JsonSchema>>;
  readonly 'x-inert'?: string;
  readonly 'x-approximated'?: string;
  readonly 'x-default'?: string;
  readonly 'x-type'?: string;
}

/** What people may write, for editors. Options without effect are marked as deprecated, which editors strike through. */
export function configJsonSchema(): JsonSchema {
  const schema = z.toJSONSchema(configSchema, { io: 'input', override: ({ jsonSchema }) => tidy(jsonSchema) });
  return { ...schema, title: 'Configuration of hips-gateway' } as JsonSchema;
}

/** The file config/schema.json. */
export function jsonSchemaText(): string {
  return `${JSON.stringify(configJsonSchema(), null, 2)}\n`;
}

function tidy(schema: z.core.JSONSchema.BaseSchema): void {
  if (schema.maximum === Number.MAX_SAFE_INTEGER) delete schema.maximum;
  if (schema.minimum === Number.MIN_SAFE_INTEGER) delete schema.minimum;
  if (JSON.stringify(schema.default) === '{}') delete schema.default;
  if (schema['x-inert'] !== undefined) schema['deprecated'] = true;
  delete schema['x-approximated-for'];
}
