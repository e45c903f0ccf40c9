import { mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ROOT } from './root.mjs';

/** This file: run by itself it compiles. */
export const BUNDLE = fileURLToPath(import.meta.url);
export const PACKAGES = join(ROOT, 'packages');
/** Beside `src`, so that a path relative to a package's main file stays true. */
export const FOLDER = 'build';
/** As old as the compilation's beginning, so that whatever changed since is newer. */
export const STAMP = '.compiled';
/** The programs, and the libraries for scripts of this repository that import them. */
export const ENTRIES = {
  api: { main: 'main.ts' },
  changes: { index: 'index.ts' },
  'control-panel': { main: 'main.ts' },
  core: { index: 'index.ts', reports: 'domain/changes/reports/index.ts', testing: 'testing/index.ts' },
  sandbox: { index: 'index.ts' },
  'storage-files': { index: 'index.ts' },
  worker: { main: 'main.ts' },
  world: { index: 'index.ts' },
};
/** Stays where it is: it serves files that lie beside it. */
const WITH_FILES = ['@fastify/swagger-ui'];
/** A script and the libraries it imports share what those import. */
const LIBRARY = /^[^./]/;
/** Some libraries ask where they lie in the older way. */
const WHERE = 'const __filename = import.meta.filename, __dirname = import.meta.dirname;';
const DAY_MS = 86_400_000;

if (process.argv[1] === BUNDLE) await bundleAll();

async function bundleAll() {
  const started = new Date();
  const cache = join(ROOT, 'node_modules', '.cache');
  mkdirSync(cache, { recursive: true });
  const work = mkdtempSync(join(cache, 'compile-'));
  try {
    for (const name of Object.keys(ENTRIES)) await bundleOne(name, join(work, name));
    for (const name of Object.keys(ENTRIES)) swapIn(join(work, name), join(PACKAGES, name, FOLDER), started);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

async function bundleOne(name, dir) {
  const { rolldown } = await import('rolldown');
  const entries = Object.entries(ENTRIES[name]).map(([out, file]) => [out, join(PACKAGES, name, 'src', file)]);
  const bundle = await rolldown({
    input: Object.fromEntries(entries),
    platform: 'node',
    external: 'index' in ENTRIES[name] ? LIBRARY : WITH_FILES,
    resolve: { mainFields: ['module', 'main'], conditionNames: ['@vivarium/source', 'node'] },
  });
  await bundle.write({ dir, format: 'esm', banner: WHERE, chunkFileNames: 'part-[hash].js', hashCharacters: 'hex' });
  await bundle.close();
}

/**
 * Parts first, each under a name of its own, then the files that name them, then the stamp: a program that starts or runs
 * meanwhile has the old one or the new one whole. Parts that nobody can still be running go.
 */
function swapIn(fresh, target, started) {
  mkdirSync(target, { recursive: true });
  const isPart = (file) => file.startsWith('part-');
  const files = readdirSync(fresh);
  for (const file of [...files.filter(isPart), ...files.filter((name) => !isPart(name))])
    renameSync(join(fresh, file), join(target, file));
  const stamp = join(target, STAMP);
  writeFileSync(stamp, '');
  utimesSync(stamp, started, started);
  for (const file of readdirSync(target)) {
    const age = started.getTime() - statSync(join(target, file)).mtimeMs;
    if (file !== STAMP && !files.includes(file) && age > DAY_MS) rmSync(join(target, file), { recursive: true, force: true });
  }
}
