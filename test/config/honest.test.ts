import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { type JsonSchema, configJsonSchema } from '../../scripts/docs/jsonSchema.ts';

/*
 * Does the schema tell the truth about what has an effect? By the names of the options: one that counts must occur in the code
 * outside the rooms that only describe and hand on; one marked as pending must not occur in the composition root.
 */

const SRC = fileURLToPath(new URL('../../src', import.meta.url));
const DESCRIBES = /^config[/\\](?:schema|resolve|check)[/\\]|^config[/\\](?:types|resolve)\.ts$|\.test\.ts$/;
const BUILDS = /^config[/\\]build(?:\.ts$|[/\\])/;

function wordsOf(isWanted: (name: string) => boolean): ReadonlySet<string> {
  const files = readdirSync(SRC, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts') && isWanted(name));
  return new Set(files.flatMap((name) => readFileSync(path.join(SRC, name), 'utf8').match(/\w+/g) ?? []));
}

interface Option {
  readonly path: string;
  readonly name: string;
  readonly isPending: boolean;
}

function optionsOf(schema: JsonSchema, at: string): Option[] {
  const own = Object.entries(schema.properties ?? {}).flatMap(([name, option]): Option[] => {
    if (option['x-inert'] !== undefined) return [];
    const here = `${at}.${name}`;
    if (option['x-pending'] !== undefined) return [{ path: here, name, isPending: true }];
    const inside = optionsOf(option, here);
    return inside.length === 0 ? [{ path: here, name, isPending: false }] : inside;
  });
  const nested = [...(schema.anyOf ?? []), ...(schema.oneOf ?? []), ...(schema.items === undefined ? [] : [schema.items])];
  const members = typeof schema.additionalProperties === 'object' ? [schema.additionalProperties] : [];
  return [...own, ...[...nested, ...members].flatMap((inner) => optionsOf(inner, at))];
}

const SCHEMA = configJsonSchema();
const OPTIONS = [...optionsOf(SCHEMA, ''), ...optionsOf(SCHEMA.$defs?.['layer'] ?? {}, 'layers[]')];

/** Read while the configuration is loaded and completed, or told apart by the schema alone. */
const READ_WHILE_LOADING: ReadonlySet<string> = new Set(['datasource', 'polygons_srs', 'ogr_datasource', 'ogr_where', 'ogr_srs', 'parts', '$schema', 'enabled', 'hips_tile_format', 'md', 'tries', 'cache_dir', 'use_grid_names', 'directory_permissions', 'file_permissions', 'include_grid_name', 'weeks', 'days', 'hours', 'minutes', 'paletted']);
/** Words that occur everywhere whatever they mean. */
const COMMON_WORDS: ReadonlySet<string> = new Set(['ogcapi', 'format', 'name', 'grids', 'cache', 'map', 'featureinfo', 'image', 'resampling_method', 'transparent', 'formats', 'srs', 'wms', 'wmts', 'tms', 'demo', 'bbox_srs', 'min_res', 'max_res', 'min_scale', 'max_scale', 'request_format']);

describe('the schema tells the truth', () => {
  it('options that count are read somewhere', () => {
    const words = wordsOf((name) => !DESCRIBES.test(name));
    const unread = OPTIONS.filter(({ name, isPending }) => !isPending && !words.has(name) && !READ_WHILE_LOADING.has(name));
    expect(unread.map((option) => option.path), 'mark them with notYet() or inert() in src/config/schema').toEqual([]);
  });

  it('options that are read are not called pending', () => {
    const words = wordsOf((name) => BUILDS.test(name));
    const read = OPTIONS.filter(({ name, isPending }) => isPending && words.has(name) && !COMMON_WORDS.has(name));
    expect(read.map((option) => option.path), 'take notYet() away in src/config/schema').toEqual([]);
  });
});
