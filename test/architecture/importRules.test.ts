import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { ADAPTERS, KNOWN_BREACHES, PACKAGES, PURE, ROOMS, SETS, type PackageRule, type Room } from './importRules.ts';

/** Danger: the rooms of docs/architecture.md grow into one: geometry that waits, protocols that know Fastify, services that know sharp. */

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const SRC = path.join(ROOT, 'src');

/** One import of one file. `target` is a path below src/, 'node:fs', or the name of a package. */
interface Import {
  readonly file: string;
  readonly target: string;
  readonly kind: 'own' | 'node' | 'package';
  readonly typesOnly: boolean;
}

function withoutComments(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/(?<=^|\s)\/\/.*$/gm, '');
}

const STATIC = /^[ \t]*(?:import|export)\s+(type\s+)?(?:[^'"`;]*?\bfrom\s+)?['"]([^'"]+)['"]/gm;
const DYNAMIC = /\b(?:import|getBuiltinModule)\(\s*['"]([^'"]+)['"]\s*\)/g;

/** Every import of a module: static, re-exporting, dynamic, and built-in modules that are asked for by name. */
function importsOf(file: string, source: string): readonly Import[] {
  const text = withoutComments(source);
  const found = [
    ...[...text.matchAll(STATIC)].map(([, type, name]) => ({ name: name!, typesOnly: type !== undefined })),
    ...[...text.matchAll(DYNAMIC)].map(([, name]) => ({ name: name!, typesOnly: false })),
  ];
  return found.map(({ name, typesOnly }): Import => {
    if (name.startsWith('.')) return { file, target: path.posix.join(path.posix.dirname(file), name), kind: 'own', typesOnly };
    if (name.startsWith('node:')) return { file, target: name, kind: 'node', typesOnly };
    return { file, target: packageOf(name), kind: 'package', typesOnly };
  });
}

/** 'ol' of 'ol/dist/ol.js', '@scope/name' of '@scope/name/file.js'. */
function packageOf(name: string): string {
  return name.split('/').slice(0, name.startsWith('@') ? 2 : 1).join('/');
}

function lies(file: string, at: string): boolean {
  return file === at || file.startsWith(`${at}/`);
}

function roomOf(file: string): Room | null {
  const fitting = ROOMS.filter(({ path: at }) => lies(file, at));
  return fitting.reduce<Room | null>((best, one) => (best === null || one.path.length > best.path.length ? one : best), null);
}

function ownBreach({ file, target, typesOnly }: Import): string | null {
  const [from, to] = [roomOf(file), roomOf(target)];
  if (from === null) return null; // said once, by the test of the rooms
  if (to === null) return `${file} imports ${target}, which is in no room`;
  const allowed = to === from || from.may.includes(to.path) || (typesOnly && from.mayTypes.includes(to.path));
  const rule = from.mayTypes.includes(to.path) ? `${from.path} may import only types of ${to.path}` : `${from.path} may not import ${to.path}`;
  return allowed ? null : `${file} imports ${target}: ${rule}`;
}

function packageBreach({ file, target, typesOnly }: Import): string | null {
  const rule = PACKAGES.find(({ name }) => name === target);
  if (rule === undefined) return `${file} imports the package ${target}, which nobody may`;
  const places = typesOnly ? [...rule.by, ...rule.typesBy] : rule.by;
  return places.some((at) => lies(file, at)) ? null : `${file} imports the package ${target}, which only ${places.join(', ')} may`;
}

function nodeBreach({ file, target }: Import): string | null {
  const from = roomOf(file);
  return from === null || from.node.includes(target.slice('node:'.length)) ? null : `${file} imports ${target}: ${from.path} may not`;
}

function adapterBreach({ file, target }: Import): string | null {
  const adapterOf = (at: string): string | undefined => (lies(at, 'io/source') ? ADAPTERS.find((word) => new RegExp(`^${word}(?![a-z])`).test(path.basename(at))) : undefined);
  const [from, to] = [adapterOf(file), adapterOf(target)];
  return from === undefined || to === undefined || from === to ? null : `${file} imports ${target}: adapters do not import each other`;
}

function breachesOf(one: Import): readonly string[] {
  if (isKnown(one)) return [];
  const found = one.kind === 'own' ? [ownBreach(one), adapterBreach(one)] : [one.kind === 'node' ? nodeBreach(one) : packageBreach(one)];
  return found.filter((breach) => breach !== null);
}

function isKnown({ file, target }: Import): boolean {
  return KNOWN_BREACHES.some((known) => known.file === file && known.imports === target);
}

/** AssemblyScript lies in folders of this name: it is compiled to WebAssembly and no part of the program. */
const ASSEMBLY = /(?:^|\/)assembly\//;

const WRITTEN = readdirSync(SRC, { recursive: true, encoding: 'utf8' })
  .map((name) => name.split(path.sep).join('/'))
  .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'));
const FILES = WRITTEN.filter((file) => !ASSEMBLY.test(file));
const SOURCES = new Map(FILES.map((file) => [file, readFileSync(path.join(SRC, file), 'utf8')]));
const IMPORTS = [...SOURCES].flatMap(([file, source]) => importsOf(file, source));

describe('the reader of imports', () => {
  it('finds every way to import, whole lines and broken ones, and nothing in comments', () => {
    const source = [
      "import type { A } from './a.ts';",
      "import {\n  b,\n  type C,\n} from '../layer/b.ts';",
      "export type { D } from './d.ts';",
      "export * from './e.ts';",
      "import 'node:fs';",
      "const f = await import('@scope/f/g.js');",
      "const { createServer } = process.getBuiltinModule('node:http');",
      "// import h from './h.ts';",
      "/** import i from './i.ts'; */",
    ].join('\n');
    expect(importsOf('io/x.ts', source).map(({ target, kind, typesOnly }) => `${kind} ${target}${typesOnly ? ' (types)' : ''}`)).toEqual([
      'own io/a.ts (types)', 'own layer/b.ts', 'own io/d.ts (types)', 'own io/e.ts', 'node node:fs', 'package @scope/f', 'node node:http',
    ]);
  });

  it('finds those of this project', () => {
    expect(FILES.length).toBeGreaterThan(150);
    expect(IMPORTS.length).toBeGreaterThan(FILES.length);
    expect(IMPORTS.filter(({ target, kind }) => kind === 'own' && !SOURCES.has(target))).toEqual([]);
  });

  it.each([
    ['geometry/healpix/face.ts', "import { x } from '../../io/net/http.ts';", 'geometry/healpix may not import io/net'],
    ['geometry/healpix/face.ts', "import { x } from '../lattice/points.ts';", 'geometry/healpix may not import geometry/lattice'],
    ['geometry/healpix/face.ts', "import { readFileSync } from 'node:fs';", 'geometry/healpix may not'],
    ['raster/reproject/plan.ts', "import sharp from 'sharp';", 'which only raster/codec/sharp.ts'],
    ['protocol/hips/path.ts', "import Fastify from 'fastify';", 'which only server/app.ts'],
    ['layer/layer.ts', "import { createImageSource } from '../io/source/image.ts';", 'layer may not import io/source'],
    ['layer/layer.ts', "import { x } from '../io/source/types.ts';", 'layer may import only types of io/source/types.ts'],
    ['service/hips.ts', "import { planReprojection } from '../raster/reproject/plan.ts';", 'service may not import raster/reproject'],
    ['io/source/wms.ts', "import { createImageSource } from './image.ts';", 'adapters do not import each other'],
    ['io/net/http.ts', "import type { Layer } from '../../layer/types.ts';", 'io/net may not import layer'],
    ['config/load.ts', "import { buildGateway } from './build.ts';", 'config may not import config/build.ts'],
    ['server/main.ts', "import type { Raster } from '../raster/raster.ts';", 'server may not import raster'],
  ])('refuses in %s: %s', (file, source, said) => {
    expect(importsOf(file, source).flatMap(breachesOf).join()).toContain(said);
  });
});

type Packages = Readonly<Record<string, string>>;
const { dependencies, optionalDependencies } = JSON.parse(readFileSync(path.join(ROOT, 'package.json'), 'utf8')) as { dependencies: Packages; optionalDependencies: Packages };

describe('src/', () => {
  it('has only files that belong to a room', () => {
    expect(FILES.filter((file) => roomOf(file) === null), 'a new room needs a line in test/architecture/importRules.ts').toEqual([]);
  });

  it('imports only what the rules allow', () => {
    expect(IMPORTS.flatMap(breachesOf)).toEqual([]);
  });

  it('imports only packages that an installation brings along', () => {
    const used = IMPORTS.filter(({ kind }) => kind === 'package').map(({ target }) => target);
    expect([...new Set(used)].filter((name) => !(name in dependencies) && !(name in optionalDependencies))).toEqual([]);
  });

  it('loads optional packages only when they are needed', () => {
    const first = [...SOURCES].flatMap(([file, source]) => [...withoutComments(source).matchAll(STATIC)].map(([, type, name]) => ({ file, type, name: name! })));
    expect(first.filter(({ type, name }) => type === undefined && packageOf(name) in optionalDependencies)).toEqual([]);
  });

  it('keeps AssemblyScript to itself', () => {
    expect(IMPORTS.filter(({ target }) => ASSEMBLY.test(target))).toEqual([]);
    const own = WRITTEN.filter((file) => ASSEMBLY.test(file)).flatMap((file) => importsOf(file, readFileSync(path.join(SRC, file), 'utf8')));
    expect(own.filter(({ file, target }) => path.posix.dirname(file) !== path.posix.dirname(target))).toEqual([]);
  });

  it('is pure in geometry, raster and protocol: no clock, chance, console, process or network', () => {
    const impure = /\b(?:(?:console|process|performance|setTimeout|setInterval|setImmediate|Math\.random|Date\.now)\b|fetch\(|new Date\(\))/;
    const found = [...SOURCES].filter(([file, source]) => PURE.some((at) => lies(file, at)) && impure.test(withoutComments(source)));
    expect(found.map(([file]) => file)).toEqual([]);
  });
});

describe('the rules', () => {
  it('name rooms and files that exist', () => {
    const named = [...ROOMS.flatMap(({ path: at, may, mayTypes }) => [at, ...may, ...mayTypes]), ...PACKAGES.flatMap(({ by, typesBy }) => [...by, ...typesBy])];
    expect([...new Set(named)].filter((at) => !FILES.some((file) => lies(file, at)))).toEqual([]);
    expect(ROOMS.flatMap(({ may, mayTypes }) => [...may, ...mayTypes]).filter((at) => !ROOMS.some((one) => one.path === at))).toEqual([]);
  });

  it('excuse no import that is gone', () => {
    expect(KNOWN_BREACHES.filter(({ file, imports }) => !IMPORTS.some((one) => one.file === file && one.target === imports))).toEqual([]);
  });

  it('are those that docs/architecture.md shows', () => {
    const text = readFileSync(path.join(ROOT, 'docs/architecture.md'), 'utf8');
    const shown = text.split('\n').filter((line) => line.startsWith('| `'));
    for (const line of [...ROOMS.map(roomLine), ...PACKAGES.map(packageLine)]) expect(shown).toContain(line);
  });
});

/** `geometry` instead of all of its rooms, for reading. */
function listed(paths: readonly string[]): string {
  const sets = Object.entries(SETS).filter(([, all]) => all.every((one) => paths.includes(one)));
  const rest = paths.filter((one) => !sets.some(([, all]) => all.includes(one)));
  const names = [...rest.filter((one) => one === 'errors.ts'), ...sets.map(([name]) => `${name}/*`), ...rest.filter((one) => one !== 'errors.ts')];
  return names.length === 0 ? '-' : names.map((name) => `\`${name}\``).join(', ');
}

function roomLine({ path: at, may, mayTypes, node }: Room): string {
  return `| \`${at}\` | ${listed(may)} | ${listed(mayTypes)} | ${node.length === 0 ? '-' : node.join(', ')} |`;
}

function packageLine({ name, by, typesBy }: PackageRule): string {
  return `| \`${name}\` | ${listed(by)} | ${listed(typesBy)} |`;
}
