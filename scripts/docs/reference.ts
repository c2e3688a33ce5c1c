import { type JsonSchema, configJsonSchema } from './jsonSchema.ts';
import { typeText } from './typeText.ts';

interface Row {
  readonly name: string;
  readonly schema: JsonSchema;
  readonly isRequired: boolean;
}

interface Chapter {
  readonly heading: string;
  readonly intro: string;
  readonly rows: readonly Row[];
}

const INTRO = `# Configuration

<!-- Generated from src/config/schema by scripts/generateDocs.ts; change it there. -->

A configuration is a YAML file in the format of MapProxy, with additions. \`hips-gateway check FILE\` lists every mistake in it with
line and column; editors check it with \`config/schema.json\` when the file begins with

    # yaml-language-server: $schema=https://host/path/to/schema.json

- **Reading.** YAML 1.2, with MapProxy's (PyYAML's) booleans \`yes\`, \`no\`, \`on\`, \`off\`, anchors and merge keys (\`<<\`).
- **Names** that are not listed here are mistakes. MapProxy's options that change nothing here are accepted with a warning that
  says why; the tables list them under "without effect".
- **Absent** options have the default shown; in *italics* it says where the value comes from. A key without a value is absent,
  except under \`services\`, where it switches a service on.
- **Variables.** \`\${NAME}\` is replaced by the environment variable, which must be set; \`\${NAME:-default}\` has a default for an
  unset or empty one; \`$NAME\` is replaced when set; \`\${file:PATH}\` is the text of a file beside the configuration, for secrets;
  \`$\${\` stands for \`\${\`. A variable's value is never read as YAML.
- **Several files.** \`base: [a.yaml, b.yaml]\` lays the file over others: what it says wins, and an earlier base wins over a later
  one. Maps are merged, layers are merged by name, other lists are joined, but \`bbox\`, \`tile_size\`, \`max_output_pixels\`, \`sources\`,
  \`grids\` and \`res\` are replaced; an empty list deletes. \`parts\` may hold anything that anchors refer to.
- **Paths** are relative to the file that is started with.
`;

/** docs/configuration.md: every option with its type, default and meaning. */
export function referenceText(): string {
  const schema = configJsonSchema();
  return [INTRO, ...chapters(schema).map(chapterText)].join('\n');
}

function chapters(schema: JsonSchema): Chapter[] {
  const { services, sources, layers, ...rest } = schema.properties ?? {};
  const definitions = schema.$defs ?? {};
  return [
    ...Object.entries(services?.properties ?? {}).map(([name, service]) => chapter(`services.${name}`, bare(service), service)),
    chapter('layers', bare(definitions['layer'] ?? {}), layers),
    ...sourceChapters(sources),
    ...['caches', 'grids', 'globals', 'server'].map((name) => chapter(name, memberOf(rest[name] ?? {}), rest[name])),
  ];
}

/** Options of all types of source once, then those of each type. */
function sourceChapters(sources: JsonSchema | undefined): Chapter[] {
  const types = alternatives(memberOf(sources ?? {}));
  const [first, ...others] = types;
  const isCommon = (name: string): boolean => others.every((type) => JSON.stringify(type.properties?.[name]) === JSON.stringify(first?.properties?.[name]));
  const common = Object.keys(first?.properties ?? {}).filter(isCommon);
  const typeChapters = types.map((type) => {
    const { type: discriminator } = type.properties ?? {};
    return chapter(`sources: type ${String(discriminator?.const)}`, only(type, (name) => !common.includes(name) && name !== 'type'), discriminator);
  });
  return [...typeChapters, chapter('sources: options of every type', only(first ?? {}, (name) => common.includes(name)), sources)];
}

function only(schema: JsonSchema, keep: (name: string) => boolean): JsonSchema {
  return { ...schema, properties: Object.fromEntries(Object.entries(schema.properties ?? {}).filter(([name]) => keep(name))) };
}

function chapter(heading: string, map: JsonSchema, described: JsonSchema | undefined): Chapter {
  const intro = `${described?.description ?? ''}.`;
  return { heading, intro, rows: rowsOf(map, '') };
}

function rowsOf(map: JsonSchema, prefix: string): Row[] {
  return Object.entries(map.properties ?? {}).flatMap(([name, schema]) => {
    const row = { name: `${prefix}${name}`, schema, isRequired: map.required?.includes(name) === true };
    return [row, ...(schema['x-inert'] === undefined ? inner(schema, row.name) : [])];
  });
}

/** Rows of what a map or a list of maps holds. */
function inner(schema: JsonSchema, name: string): Row[] {
  const list = schema.items;
  if (list?.properties !== undefined) return rowsOf(list, `${name}[].`);
  const members = schema.additionalProperties;
  if (schema.properties === undefined && typeof members === 'object' && members.properties !== undefined) return rowsOf(members, `${name}.NAME.`);
  return alternatives(schema).flatMap((option) => rowsOf(option, `${name}.`));
}

function alternatives(schema: JsonSchema): readonly JsonSchema[] {
  return schema.oneOf ?? (schema.anyOf === undefined ? [schema] : [bare(schema)]);
}

/** A service may be nothing or a map: the map. */
function bare(schema: JsonSchema): JsonSchema {
  return schema.anyOf?.find(({ properties }) => properties !== undefined) ?? schema;
}

/** Sections from names to members: the member; other sections as they are. */
function memberOf(section: JsonSchema): JsonSchema {
  return typeof section.additionalProperties === 'object' ? section.additionalProperties : section;
}

function chapterText({ heading, intro, rows }: Chapter): string {
  const effective = rows.filter(({ schema }) => schema['x-inert'] === undefined);
  const inert = rows.filter(({ schema }) => schema['x-inert'] !== undefined);
  return [
    `## ${heading}\n\n${intro}\n`,
    table('| option | type | default | meaning |\n|---|---|---|---|', effective.map(optionLine)),
    table('| without effect | why |\n|---|---|', inertLines(inert)),
  ]
    .filter((part) => part !== '')
    .join('\n');
}

function table(head: string, lines: readonly string[]): string {
  return lines.length === 0 ? '' : `${head}\n${lines.join('\n')}\n`;
}

/** One line for each reason. */
function inertLines(rows: readonly Row[]): string[] {
  const byReason = Map.groupBy(rows, ({ schema }) => schema['x-inert'] ?? '');
  return [...byReason].map(([reason, same]) => `| ${same.map(({ name }) => `\`${name}\``).join(', ')} | ${cell(reason)} |`);
}

function optionLine({ name, schema, isRequired }: Row): string {
  const { 'x-approximated': difference } = schema;
  const meaning = `${schema.description ?? ''}${difference === undefined ? '' : ` (differs from MapProxy: ${difference})`}`;
  return `| \`${name}\` | ${cell(typeText(schema))} | ${cell(defaultText(schema, isRequired))} | ${cell(meaning)} |`;
}

function defaultText(schema: JsonSchema, isRequired: boolean): string {
  if (schema['x-default'] !== undefined) return `*${schema['x-default']}*`;
  if (schema.default !== undefined) return `\`${JSON.stringify(schema.default)}\``;
  return isRequired ? '**required**' : '';
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('\n', ' ');
}
