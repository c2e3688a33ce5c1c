import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { runCli } from '../../src/cli/program.ts';

const DEMO = fileURLToPath(new URL('../../config/demo.yaml', import.meta.url));
const MISTAKES = fileURLToPath(new URL('../config/fixtures/mistakes.yaml', import.meta.url));

describe('the command line', () => {
  let out = '';
  let err = '';
  let directory = '';

  beforeEach(() => {
    out = '';
    err = '';
    directory = mkdtempSync(path.join(tmpdir(), 'hips-gateway-cli-'));
    vi.spyOn(process.stdout, 'write').mockImplementation((text) => ((out += String(text)), true));
    vi.spyOn(process.stderr, 'write').mockImplementation((text) => ((err += String(text)), true));
  });

  afterEach(() => {
    vi.restoreAllMocks();
    vi.unstubAllEnvs();
    rmSync(directory, { recursive: true });
  });

  function file(text: string): string {
    const name = path.join(directory, 'main.yaml');
    writeFileSync(name, text);
    return name;
  }

  it('check: 0 for a good file', async () => {
    expect(await runCli(['check', DEMO])).toBe(0);
    expect(out).toMatch(/demo\.yaml: no mistakes, 0 warnings/);
  });

  it('check: 2 for a bad one, with all mistakes on standard error and nothing on standard output', async () => {
    expect(await runCli(['check', MISTAKES])).toBe(2);
    expect(err.trim().split('\n').length).toBeGreaterThan(12);
    expect(err).toMatch(/mistakes\.yaml:22:7 sources\.wms1\.req\.tranparent: .*did you mean 'transparent'\?/);
    expect(out).toBe('');
  });

  it('check --strict counts warnings, check --report says what becomes of each option', async () => {
    const name = file('services: {hips: }\nlayers: [{name: a, sources: [s]}]\nsources: {s: {type: debug}}\nglobals: {image: {merge_method: composite}}\n');
    expect(await runCli(['check', name])).toBe(0);
    expect(await runCli(['check', name, '--strict'])).toBe(2);
    expect(err).toMatch(/warning: .*main\.yaml:4:19 globals\.image\.merge_method: has no effect/);
    out = '';
    expect(await runCli(['check', name, '--report'])).toBe(0);
    expect(out).toMatch(/^honoured {6}\S+:1:12 +services\.hips\n/);
    expect(out).toMatch(/^inert {9}\S+:4:19 +globals\.image\.merge_method: sources are always drawn with their alpha$/m);
  });

  it('serve: 2 for a bad file, without listening, all mistakes on standard error', async () => {
    expect(await runCli(['serve', MISTAKES, '--port', '0'])).toBe(2);
    expect(err).toMatch(/services\.wmss: unknown key/);
    expect(err).toMatch(/server\.port: expected a number/);
  });

  it.each([[['serv']], [['check']], [['serve', '--port', 'x']], [['serve', '--port', '70000']], [['serve', '--nothing']], [['check', 'a', 'b']]])('2 for wrong usage: %j', async (args) => {
    expect(await runCli(args)).toBe(2);
    expect(err).toMatch(/error: /);
  });

  it('a port in the environment is checked like the option', async () => {
    vi.stubEnv('PORT', 'http');
    expect(await runCli(['serve', MISTAKES])).toBe(2);
    expect(err).toMatch(/PORT.*expected a whole number/);
  });

  it('--help and --version: 0', async () => {
    expect(await runCli(['--version'])).toBe(0);
    expect(out).toMatch(/^\d+\.\d+\.\d+\n$/);
    expect(await runCli(['serve', '--help'])).toBe(0);
    expect(out).toMatch(/--port <number> [^-]*\(env:\s+PORT\)/);
  });
});
