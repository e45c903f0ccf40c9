#!/usr/bin/env node
// node scripts/layering.mjs [root]: who may import whom, which files are pure, and the house rules. Exit code 1 names every breach.
import { resolve } from 'node:path';
import { checkTree } from './layering/check.mjs';
import { ROOT } from './lib/root.mjs';

const { ok, lines } = checkTree(resolve(process.argv[2] ?? ROOT));
console.error(lines.join('\n'));
process.exitCode = ok ? 0 : 1;
