#!/usr/bin/env node
import { enableCompileCache } from 'node:module';
import { becomeFrugal } from './frugal.ts';

becomeFrugal();
// Before anything else is loaded: a second start finds every module compiled. Threads look for the folder in the environment.
const { directory } = enableCompileCache();
if (directory !== undefined) process.env['NODE_COMPILE_CACHE'] ??= directory;
const { runCli } = await import('./program.ts');
process.exitCode = await runCli(process.argv.slice(2));
