import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { cliHelpTexts } from './docs/cliHelp.ts';
import { jsonSchemaText } from './docs/jsonSchema.ts';
import { referenceText } from './docs/reference.ts';

/** Writes what is generated from the code: config/schema.json, docs/configuration.md, docs/cli/*.txt. Tests prove them current. */
const root = fileURLToPath(new URL('..', import.meta.url));
const generated = new Map([
  ['config/schema.json', jsonSchemaText()],
  ['docs/configuration.md', referenceText()],
  ...[...cliHelpTexts()].map(([name, text]) => [`docs/cli/${name}`, text] as const),
]);
for (const [name, text] of generated) {
  const file = path.join(root, name);
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, text);
}
