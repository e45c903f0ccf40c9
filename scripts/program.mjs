#!/usr/bin/env node
// pnpm api, pnpm worker and pnpm panel: one of the programs, compiled anew when its sources have changed.
import { pathToFileURL } from 'node:url';
import { run } from './lib/command.mjs';
import { compileWhenStale } from './lib/compile.mjs';

const [name, ...args] = process.argv.slice(2);
const started = (await compileWhenStale())(name, ...args);
const main = started.find((argument) => argument.endsWith('main.js'));
if (main === undefined) {
  process.exitCode = (await run(process.execPath, started)).code;
} else {
  process.argv.splice(1, Number.POSITIVE_INFINITY, main, ...args);
  await import(pathToFileURL(main).href);
}
