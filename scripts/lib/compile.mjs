import { statSync } from 'node:fs';
import { join } from 'node:path';
import { BUNDLE, ENTRIES, FOLDER, PACKAGES, STAMP } from './bundle.mjs';
import { run } from './command.mjs';
import { refusalOf, whyNot } from './machine.mjs';
import { newest } from './newest.mjs';
import { FROM_SOURCE, ROOT } from './root.mjs';
import { say } from './say.mjs';

/** A small young generation: an idle process keeps a third less memory, a busy one collects a little more often. */
const LEAN = '--max-semi-space-size=2';

/**
 * Put each program and all it imports into one file when its sources are newer than that: it then starts several times
 * faster than through a loader, and takes a third less memory. Resolves with a function from package and arguments to Node's
 * arguments. Once a process: what cannot be done is said once.
 */
export const compileWhenStale = () => (asked ??= compileOnce());

let asked;

async function compileOnce() {
  if (await compiledNow()) return compiled;
  say('The programs could not be compiled; running them from source, which takes more memory.');
  return fromSource;
}

/** Compile when that is due. False: it cannot be done. */
export const compiledNow = async () => isFresh() || (await compile());

/** The file that is a program, compiled. */
export const mainOf = (name) => join(PACKAGES, name, FOLDER, 'main.js');

/** Node's arguments for one program as it stands now: compiled where that is as new as all sources, else from source. */
export function programNow(name, ...rest) {
  return (isFresh() ? compiled : fromSource)(name, ...rest);
}

/** The same for a script that is JavaScript: compiled, nothing is needed to run it but Node. */
export function plainScriptNow(file) {
  return isFresh() ? ['--conditions', '@vivarium/compiled', file] : [...FROM_SOURCE, file];
}

/** Node's arguments for a script of this repository, over the compiled core where that is as new as its sources. */
export function scriptNow(file, ...rest) {
  return isFresh()
    ? [LEAN, '--conditions', '@vivarium/compiled', '--import', 'tsx', file, ...rest]
    : [...FROM_SOURCE, file, ...rest];
}

const compiled = (name, ...rest) => [LEAN, mainOf(name), ...rest];
const fromSource = (name, ...rest) => [LEAN, ...FROM_SOURCE, join(PACKAGES, name, 'src', 'main.ts'), ...rest];

function isFresh() {
  const libraries = statSync(join(ROOT, 'node_modules', '.modules.yaml'), { throwIfNoEntry: false })?.mtimeMs ?? 0;
  const sources = Object.keys(ENTRIES).map((name) => newest(join(PACKAGES, name, 'src')));
  const latest = Math.max(libraries, statSync(BUNDLE).mtimeMs, ...sources);
  return Object.keys(ENTRIES).every((name) => {
    const stamp = statSync(join(PACKAGES, name, FOLDER, STAMP), { throwIfNoEntry: false });
    return stamp !== undefined && latest <= stamp.mtimeMs;
  });
}

/** In a process of its own: what compiling takes of memory goes with it. Files that change meanwhile are newer than the stamp. */
async function compile() {
  const refusal = refusalOf(PACKAGES);
  if (refusal !== undefined) {
    say(whyNot(PACKAGES, refusal));
    return false;
  }
  const { code, output } = await run(process.execPath, [BUNDLE], { quiet: true });
  if (code !== 0) process.stderr.write(output);
  return code === 0;
}
