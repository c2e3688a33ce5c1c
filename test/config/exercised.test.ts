import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { configJsonSchema, type JsonSchema } from '../../scripts/docs/jsonSchema.ts';

/**
 * Every option that does something is written down by at least one test (or one of the ready configurations, which tests load). Danger: an
 * option in the reference that nobody has ever tried.
 */
const ROOT = path.join(import.meta.dirname, '../..');
const TEXTS = [...filesBelow('src', /\.test\.ts$/), ...filesBelow('test', /\.(ts|yaml)$/), ...filesBelow('config', /\.yaml$/)].filter((file) => file !== import.meta.filename);
const WRITTEN = TEXTS.map((file) => readFileSync(file, 'utf8')).join('\n');

function filesBelow(folder: string, wanted: RegExp): string[] {
  return readdirSync(path.join(ROOT, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && wanted.test(entry.name))
    .map((entry) => path.join(entry.parentPath, entry.name));
}

/** Options with their paths, those without effect and all below them left out. */
function optionsBelow(schema: JsonSchema, at: string, seen: ReadonlySet<JsonSchema>): Map<string, string> {
  const found = new Map<string, string>();
  if (seen.has(schema)) return found;
  const deeper = new Set([...seen, schema]);
  const add = (below: JsonSchema, where: string): void => optionsBelow(below, where, deeper).forEach((name, place) => found.set(place, name));
  for (const [name, option] of Object.entries(schema.properties ?? {})) {
    if (option['x-inert'] !== undefined) continue;
    found.set(`${at}.${name}`, name);
    add(option, `${at}.${name}`);
  }
  for (const below of [schema.items, ...(schema.anyOf ?? []), ...(schema.oneOf ?? []), ...(schema.prefixItems ?? [])]) if (below !== undefined) add(below, at);
  if (typeof schema.additionalProperties === 'object') add(schema.additionalProperties, `${at}.*`);
  return found;
}

describe('every option is exercised', () => {
  const options = optionsBelow(configJsonSchema(), '', new Set());
  it('there are options', () => expect(options.size).toBeGreaterThan(300));

  it.each([...new Set(options.values())])('%s', (name) => {
    const written = new RegExp(String.raw`(?<![\w.-])${name.replace('$', String.raw`\$`)}['"]?\s*:`);
    expect(written.test(WRITTEN), [...options].filter(([, each]) => each === name).map(([place]) => place).join()).toBe(true);
  });
});
