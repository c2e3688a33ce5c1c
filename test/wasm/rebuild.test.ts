import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { compiledText, WASM_MODULES } from '../../scripts/buildWasm.ts';

/** Danger: what runs is not what the sources say. The committed WebAssembly is compiled again and compared byte for byte. */
describe('the committed WebAssembly', () => {
  for (const module of WASM_MODULES) {
    it(`${module.output} is what its sources compile to (else: node scripts/buildWasm.ts)`, async () => {
      const committed = readFileSync(path.join(import.meta.dirname, '../..', module.output), 'utf8');
      expect(committed === (await compiledText(module))).toBe(true);
    });
  }
});
