import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { main } from 'assemblyscript/asc';

/** A module in AssemblyScript and the file that holds it compiled, as base64 in a constant, so that it travels with the sources. */
export interface WasmModule {
  /** Entry file and output, from the project's root. */
  readonly source: string;
  readonly output: string;
  readonly constant: string;
}

export const WASM_MODULES: readonly WasmModule[] = [
  { source: 'src/raster/reproject/wasm/assembly/index.ts', output: 'src/raster/reproject/wasm/kernelsWasm.ts', constant: 'KERNELS_WASM' },
  { source: 'src/raster/codec/assembly/index.ts', output: 'src/raster/codec/codecWasm.ts', constant: 'CODEC_WASM' },
];

const ROOT = path.join(import.meta.dirname, '..');
const OPTIONS = ['--optimizeLevel', '3', '--converge', '--noAssert', '--runtime', 'stub', '--enable', 'simd'];

/** The contents of the output file, freshly compiled. Throws with the compiler's messages. */
export async function compiledText({ source, constant }: WasmModule): Promise<string> {
  const files = new Map<string, Uint8Array | string>();
  const { error, stderr } = await main([source, '--outFile', 'out.wasm', ...OPTIONS], {
    readFile: (name, base) => readText(path.resolve(ROOT, base, name)),
    writeFile: (name, contents) => void files.set(name, contents),
    listFiles: () => [],
  });
  const wasm = files.get('out.wasm');
  if (error !== null || wasm === undefined) throw new Error(`${source}: ${String(error)}\n${stderr.toString()}`);
  const base64 = Buffer.from(wasm).toString('base64').replace(/.{1,120}/g, "\n  '$&' +").slice(0, -2);
  return `/** ${source}, compiled by scripts/buildWasm.ts: do not edit. */\nexport const ${constant} =${base64};\n`;
}

function readText(file: string): string | null {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return null;
  }
}

if (process.argv[1] === import.meta.filename) {
  for (const module of WASM_MODULES) {
    const text = await compiledText(module);
    writeFileSync(path.join(ROOT, module.output), text);
    console.log(`${module.output}: ${text.length} characters`);
  }
}
