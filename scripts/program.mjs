#!/usr/bin/env node
// pnpm api, pnpm worker and pnpm panel: one of the programs, compiled anew when its sources have changed.
import { spawnSync } from 'node:child_process';
import { pathToFileURL } from 'node:url';
import { compiledNow, mainOf, programNow } from './lib/compile.mjs';

const [name = '', ...args] = process.argv.slice(2);
if (await compiledNow()) {
  process.argv.splice(1, Number.POSITIVE_INFINITY, mainOf(name), ...args);
  await import(pathToFileURL(mainOf(name)).href);
} else {
  // The terminal's Ctrl-C reaches the program itself.
  process.on('SIGINT', () => undefined);
  const { status } = spawnSync(process.execPath, programNow(name, ...args), { stdio: 'inherit' });
  process.exitCode = status ?? 1;
}
