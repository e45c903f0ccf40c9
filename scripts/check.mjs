#!/usr/bin/env node
// pnpm check: format, lint, types, layering and generated pages, side by side. Prints one line each, and the whole output of what fails.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { run } from './lib/command.mjs';
import { FROM_SOURCE, ROOT } from './lib/root.mjs';

const TYPESCRIPT = 'node_modules/typescript/bin/tsc';
const WEB = 'packages/control-panel/web/tsconfig.json';

const checks = [
  ['format and lint', ['node_modules/@biomejs/biome/bin/biome', 'ci', '--colors=off', '--diagnostic-level=warn', '.']],
  ['types', [TYPESCRIPT, '-p', 'tsconfig.json']],
  ...(existsSync(join(ROOT, WEB)) ? [['types of the panel', [TYPESCRIPT, '-p', WEB]]] : []),
  ['layering', ['scripts/layering.mjs']],
  ['reference', [...FROM_SOURCE, 'scripts/reference.mjs', '--check']],
];

const results = await Promise.all(checks.map(([name, args]) => check(name, args)));
process.exitCode = results.every(Boolean) ? 0 : 1;

async function check(name, args) {
  const start = Date.now();
  const { code, output } = await run(process.execPath, args, { quiet: true });
  const seconds = ((Date.now() - start) / 1000).toFixed(1);
  const text = code === 0 ? '' : `${output.trimEnd()}\n`;
  process.stdout.write(`${text}${code === 0 ? 'ok    ' : 'FAILED'} ${name} (${seconds} s)\n`);
  return code === 0;
}
