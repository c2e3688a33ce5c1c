import { readFileSync, readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { cliHelpTexts } from '../../scripts/docs/cliHelp.ts';
import { configJsonSchema, jsonSchemaText } from '../../scripts/docs/jsonSchema.ts';
import { referenceText } from '../../scripts/docs/reference.ts';

function file(name: string): string {
  return readFileSync(new URL(`../../${name}`, import.meta.url), 'utf8');
}

describe('generated files are current (else run node scripts/generateDocs.ts)', () => {
  it('config/schema.json', () => {
    expect(file('config/schema.json')).toBe(jsonSchemaText());
  });

  it('docs/configuration.md', () => {
    expect(file('docs/configuration.md')).toBe(referenceText());
  });

  it.each([...cliHelpTexts()])('docs/cli/%s', (name, text) => {
    expect(file(`docs/cli/${name}`)).toBe(text);
  });

  it('docs/cli has no command that does not exist', () => {
    expect(readdirSync(new URL('../../docs/cli', import.meta.url)).sort()).toEqual([...cliHelpTexts().keys()].sort());
  });
});

describe('the schema', () => {
  it('describes every option', () => {
    const bare: string[] = [];
    visit(configJsonSchema(), '', bare);
    expect(bare).toEqual([]);
  });
});

interface Node {
  readonly properties?: Readonly<Record<string, Node>>;
  readonly description?: string;
  readonly [key: string]: unknown;
}

function visit(node: unknown, path: string, bare: string[]): void {
  if (typeof node !== 'object' || node === null) return;
  const { properties = {}, ...rest } = node as Node;
  for (const [name, option] of Object.entries(properties)) {
    if (option.description === undefined) bare.push(`${path}.${name}`);
    visit(option, `${path}.${name}`, bare);
  }
  for (const [key, value] of Object.entries(rest)) visit(value, `${path}/${key}`, bare);
}
