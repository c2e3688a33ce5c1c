import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { type JsonSchema, configJsonSchema } from '../../scripts/docs/jsonSchema.ts';

/*
 * Does the schema tell the truth about what has an effect? By the names of the options: one that counts must occur in the code
 * outside the rooms that only describe and hand on.
 */

const SRC = fileURLToPath(new URL('../../src', import.meta.url));
const DESCRIBES = /^config[/\\](?:schema|resolve|check)[/\\]|^config[/\\](?:types|resolve)\.ts$|\.test\.ts$/;

function wordsOf(isWanted: (name: string) => boolean): ReadonlySet<string> {
  const files = readdirSync(SRC, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts') && isWanted(name));
  return new Set(files.flatMap((name) => readFileSync(path.join(SRC, name), 'utf8').match(/\w+/g) ?? []));
}

interface Option {
  readonly path: string;
  readonly name: string;
}

function optionsOf(schema: JsonSchema, at: string): Option[] {
  const own = Object.entries(schema.properties ?? {}).flatMap(([name, option]): Option[] => {
    if (option['x-inert'] !== undefined) return [];
    const here = `${at}.${name}`;
    const inside = optionsOf(option, here);
    return inside.length === 0 ? [{ path: here, name }] : inside;
  });
  const nested = [...(schema.anyOf ?? []), ...(schema.oneOf ?? []), ...(schema.items === undefined ? [] : [schema.items])];
  const members = typeof schema.additionalProperties === 'object' ? [schema.additionalProperties] : [];
  return [...own, ...[...nested, ...members].flatMap((inner) => optionsOf(inner, at))];
}

const SCHEMA = configJsonSchema();
const OPTIONS = [...optionsOf(SCHEMA, ''), ...optionsOf(SCHEMA.$defs?.['layer'] ?? {}, 'layers[]')];

/** Read while the configuration is loaded and completed, or told apart by the schema alone. */
const READ_WHILE_LOADING: ReadonlySet<string> = new Set(['datasource', 'polygons_srs', 'ogr_datasource', 'ogr_where', 'ogr_srs', 'parts', '$schema', 'enabled', 'hips_tile_format', 'md', 'tries', 'cache_dir', 'use_grid_names', 'directory_permissions', 'file_permissions', 'include_grid_name', 'weeks', 'days', 'hours', 'minutes', 'paletted']);

describe('the schema tells the truth', () => {
  it('options that count are read somewhere', () => {
    const words = wordsOf((name) => !DESCRIBES.test(name));
    const unread = OPTIONS.filter(({ name }) => !words.has(name) && !READ_WHILE_LOADING.has(name));
    expect(unread.map((option) => option.path), 'mark them with inert() in src/config/schema').toEqual([]);
  });
});
