import { readFileSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { below, Folder, type Found } from './found.ts';
import { nodeIn } from './node.ts';
import { goIn, pythonIn, rustIn } from './others.ts';

const KINDS = [nodeIn, pythonIn, rustIn, goIn];
const USUAL_TOOLS = '/usr';

/** A first entry for a repository, as it will stand in the file, and what the person has to know about it. */
export interface FirstEntry {
  readonly name: string;
  readonly entry: object;
  /** What was recognised, e.g. `package.json, vitest`; empty when nothing was. */
  readonly found: readonly string[];
  readonly notes: readonly string[];
}

/** What the folder of a repository shows of how it is changed and tested. Nothing of it is run. */
export function firstEntry(path: string): FirstEntry {
  const folder = new Folder(path);
  const found = KINDS.flatMap((look) => look(folder) ?? []);
  const documents = ['*.md', ...below(folder.folders(['docs', 'doc']))];
  const tools = found.flatMap((each) => each.tools);
  const suites = suitesOf(found);
  const bare = !folder.has('.git');
  const entry = {
    path,
    branch: branchOf(path),
    land: 'ask',
    into: bare ? 'ref' : 'checkout',
    approval: 'same_files',
    may_touch: unique([...found.flatMap((each) => each.may_touch), ...documents]),
    tests_are: unique(found.flatMap((each) => each.tests_are)),
    ...some(
      'dependencies',
      found.flatMap((each) => each.dependencies),
    ),
    ...some('tools', tools.length === 0 ? [] : [USUAL_TOOLS, ...tools]),
    ...some('environment', Object.assign({}, ...found.map((each) => each.environment))),
    suites,
    ...some('commands', Object.assign({}, ...found.map((each) => each.commands))),
  };
  const notes = found.flatMap((each) => each.notes);
  const none = Object.keys(suites).length === 0 ? ['no way to run tests was recognised: write "suites" yourself'] : [];
  return { name: nameOf(path), entry, found: found.map(({ kind }) => kind), notes: [...none, ...notes] };
}

/** Suites of one name, of several kinds of project in one folder, are told apart by a number. */
function suitesOf(found: readonly Found[]): Readonly<Record<string, object>> {
  const suites: Record<string, object> = {};
  for (const [name, suite] of found.flatMap((each) => Object.entries(each.suites))) {
    let free = name;
    for (let number = 2; free in suites; number += 1) free = `${name}-${number}`;
    suites[free] = suite;
  }
  return suites;
}

const nameOf = (path: string): string =>
  basename(path)
    .toLowerCase()
    .replace(/\.git$/, '')
    .replaceAll(/[^a-z0-9_-]+/g, '-')
    .replace(/^[-_]+/, '')
    .slice(0, 64) || 'project';

/** The branch that is checked out; `main` when none is. */
function branchOf(path: string): string {
  const file = [join(path, '.git/HEAD'), join(path, 'HEAD')].find((each) => statSync(each, { throwIfNoEntry: false })?.isFile());
  const head = file ? readFileSync(file, 'utf8') : '';
  return /^ref: refs\/heads\/(.+)$/m.exec(head)?.[1] ?? 'main';
}

const unique = (words: readonly string[]): string[] => [...new Set(words)];
const some = (name: string, value: object): object => (Object.keys(value).length === 0 ? {} : { [name]: value });
