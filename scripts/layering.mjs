#!/usr/bin/env node
// node scripts/layering.mjs [root]: who may import whom, and which files are pure. Exit code 1 names every breach.
import { resolve } from 'node:path';
import { cycles } from './layering/cycles.mjs';
import { breaches } from './layering/rules.mjs';
import { readSources } from './layering/sources.mjs';
import { ROOT } from './lib/root.mjs';

const files = readSources(resolve(process.argv[2] ?? ROOT));
const found = [...breaches(files), ...cycles(files)];
for (const { file, line, rule, problem, fix } of found) console.error(`${file}:${line} ${rule}: ${problem}. Fix: ${fix}`);
console.error(found.length === 0 ? `Layering holds in ${files.size} files` : `${found.length} breaches of the layering`);
process.exitCode = found.length === 0 && files.size > 0 ? 0 : 1;
