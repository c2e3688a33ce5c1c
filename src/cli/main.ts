#!/usr/bin/env node
import { enableCompileCache } from 'node:module';

// Before anything else is loaded: a second start finds every module compiled.
enableCompileCache();
const { runCli } = await import('./program.ts');
process.exitCode = await runCli(process.argv.slice(2));
