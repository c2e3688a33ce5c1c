import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { loadConfig } from '../../src/config/load.ts';
import type { LoadedConfig } from '../../src/config/types.ts';

/** Writes files into a new directory and loads `main.yaml` of them. */
export function loadFiles(files: Readonly<Record<string, string>>, env: Readonly<Record<string, string>> = {}): LoadedConfig {
  const directory = mkdtempSync(path.join(tmpdir(), 'hips-gateway-config-'));
  try {
    for (const [name, text] of Object.entries(files)) {
      mkdirSync(path.dirname(path.join(directory, name)), { recursive: true });
      writeFileSync(path.join(directory, name), text);
    }
    return loadConfig(path.join(directory, 'main.yaml'), { env });
  } finally {
    rmSync(directory, { recursive: true });
  }
}

/** Loads a single text as if it were a file. */
export function loadText(text: string, env: Readonly<Record<string, string>> = {}): LoadedConfig {
  return loadFiles({ 'main.yaml': text }, env);
}
