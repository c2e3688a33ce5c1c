import { gridsOf, oneLine, srsOf, type Starter, type StarterLayer, type YamlValue } from './starter.ts';

/** What the file is made from and where it will lie. */
export interface StarterAbout {
  /** The address or file as it was given. */
  readonly from: string;
  /** `globals.cache.base_dir`. */
  readonly baseDir: string;
}

/** A starter configuration as a YAML file. The same input gives the same text. */
export function starterYaml({ title, layers, leftOut }: Starter, { from, baseDir }: StarterAbout): string {
  const named = uniquelyNamed(layers);
  const frames = [...new Map(named.map(({ frame }) => [frame.id, frame])).values()];
  const srs = [...new Set(frames.flatMap(srsOf))].toSorted((a, b) => Number(isAlias(a)) - Number(isAlias(b)));
  return [
    `# Made by \`hips-gateway init ${oneLine(withoutSecrets(from))}\`.`,
    '# `hips-gateway check --report` says what each option does; all options: docs/configuration.md.',
    ...leftOut.map((line) => `# Left out: ${oneLine(line)}`),
    '',
    'services:',
    '  demo:                 # /demo/',
    '  hips:                 # /hips/{layer}/, for Aladin and others',
    '  wms:                  # /service?',
    `    srs: ${flow(srs)}`,
    `    md: {title: ${flow(title === '' ? (named[0]?.title ?? 'Maps') : title)}}`,
    '  wmts:                 # /wmts/1.0.0/WMTSCapabilities.xml',
    '  tms:                  # /tms/1.0.0/, /tiles/{layer}/{grid}/{z}/{x}/{y}.png',
    '',
    'layers:',
    ...named.flatMap(layerLines),
    '',
    'caches:',
    ...named.flatMap(({ name, frame }) => [`  ${name}_tiles:`, ...(gridsOf(frame).length === 0 ? [] : [`    grids: ${flow(gridsOf(frame))}`]), `    sources: ${flow([name])}`]),
    '',
    'sources:',
    ...named.flatMap(sourceLines),
    '',
    'globals:',
    `  cache: {base_dir: ${flow(baseDir)}}    # tiles, and what was read from elsewhere; may be deleted at any time`,
    '',
  ].join('\n');
}

/** Passwords stand in the source only, once. */
function withoutSecrets(address: string): string {
  return address.replace(/^(https?:\/\/)[^/@]*@/i, '$1');
}

function isAlias(srs: string): boolean {
  return srs === 'EPSG:4326' || srs === 'CRS:84';
}

/** moon, moon_2, moon_3 */
function uniquelyNamed(layers: readonly StarterLayer[]): readonly StarterLayer[] {
  const taken = new Set<string>();
  return layers.map((layer) => {
    let name = layer.name;
    for (let n = 2; taken.has(name) || taken.has(`${name}_tiles`); n++) name = `${layer.name}_${n}`;
    taken.add(name).add(`${name}_tiles`);
    return { ...layer, name };
  });
}

function layerLines({ name, title, abstract, dimensions = {}, hips }: StarterLayer): readonly string[] {
  const md = { ...(abstract === '' ? {} : { abstract }), ...(Object.keys(hips).length === 0 ? {} : { hips }) };
  return [
    `  - name: ${flow(name)}`,
    `    title: ${flow(title)}`,
    `    sources: ${flow([`${name}_tiles`])}`,
    ...(Object.keys(dimensions).length === 0 ? [] : ['    dimensions:', ...Object.entries(dimensions).map(([dimension, value]) => `      ${dimension}: ${flow(value)}`)]),
    ...(Object.keys(md).length === 0 ? [] : ['    md:', ...Object.entries(md).map(([key, value]) => `      ${key}: ${flow(value)}${key === 'hips' && 'hips_order' in hips ? '    # how deep the HiPS goes: each order halves the pixels' : ''}`)]),
  ];
}

function sourceLines({ name, source, remarks }: StarterLayer): readonly string[] {
  return [
    ...remarks.map((line) => `  # ${oneLine(line)}`),
    `  ${name}:`,
    ...Object.entries(source).map(([key, value]) => `    ${key}: ${flow(value)}`),
  ];
}

/** A value in YAML's flow style. */
function flow(value: YamlValue): string {
  if (typeof value === 'string') return scalar(value);
  if (Array.isArray(value)) return `[${(value as readonly YamlValue[]).map(flow).join(', ')}]`;
  if (typeof value === 'object') return `{${Object.entries(value).map(([key, one]) => `${key}: ${flow(one)}`).join(', ')}}`;
  return String(value);
}

/** Words that YAML or people take for something else. */
const SPECIAL = /^(?:true|false|yes|no|on|off|null|y|n)$/i;

/** Plain where nothing could be misread, else in quotes; `${` would be a variable. */
function scalar(text: string): string {
  const escaped = text.replaceAll('${', () => '$${');
  const isPlain = /^(?:\.{0,2}\/)?[A-Za-z][\w.+-]*(?:[ /][\w.+-]+)*$/.test(escaped) && !SPECIAL.test(escaped);
  return isPlain ? escaped : `'${escaped.replaceAll("'", "''")}'`;
}
