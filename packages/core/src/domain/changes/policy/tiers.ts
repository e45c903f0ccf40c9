import type { ProjectSettings } from '../../../contract/projects-file.ts';
import type { Tier } from '../entries.ts';
import { foldedPath } from './folded.ts';
import { compiled, type Globs } from './globs.ts';
import { ASK, CODE, DOCUMENTS, NEVER, NO_SECRETS, SECRETS } from './names.ts';

/** What is known of a changed path beside its name. `executable`: its executable bit is set or changed. */
export interface EntryFacts {
  readonly link?: boolean;
  readonly submodule?: boolean;
  readonly device?: boolean;
  readonly executable?: boolean;
  readonly binary?: boolean;
  readonly deleted?: boolean;
  readonly renamed?: boolean;
}
export interface TierReason {
  readonly tier: Tier;
  readonly because: string;
}
type Settings = Pick<ProjectSettings, 'never' | 'ask_for' | 'tests_are'>;

/**
 * The tier of one changed path: A never, B a person is asked, C reviewed, D open. The highest that holds wins, and what no
 * list knows is B. Both ends of a rename are paths of their own. What lies outside `may_touch` is `mayTouch`'s to refuse.
 */
export function tierOf(settings: Settings, path: string, about: EntryFacts = {}): TierReason {
  const folded = foldedPath(path);
  const never = neverBecause(settings, folded, about);
  if (never !== undefined) return { tier: 'A', because: never };
  const ask = askBecause(settings, folded, about);
  if (ask !== undefined) return { tier: 'B', because: ask };
  if (lists().documents.matches(folded)) return { tier: 'D', because: 'it is a document' };
  if (lists().code.matches(folded)) return { tier: 'C', because: 'it is code' };
  return { tier: 'B', because: 'it is of a kind that no list names' };
}

/** Whether this is one of the project's test files, which QA may change and which are judged apart from the code. */
export const isTest = (settings: Pick<ProjectSettings, 'tests_are'>, path: string): boolean =>
  asWritten(settings.tests_are).matches(path);

/** Whether a file of this name is a test or says how tests, builds and installed programs work, whatever the project calls its tests. */
export const shapesTests = (path: string): boolean => {
  const folded = foldedPath(path);
  return lists().ask.some(({ globs }) => globs.matches(folded));
};

/** Whether no resident, model or command sees this file: what the person withholds, and names of secrets. */
export function isWithheld(settings: Pick<ProjectSettings, 'withhold'>, path: string): boolean {
  const folded = foldedPath(path);
  return hasSecretName(folded) || asFolded(settings.withhold).covers(folded);
}

/** Whether a change may hold this path: inside `may_touch`, and inside the task's own narrower globs where it has any. */
export function mayTouch(settings: Pick<ProjectSettings, 'may_touch'>, path: string, paths: readonly string[] = []): boolean {
  return asWritten(settings.may_touch).matches(path) && (paths.length === 0 || asWritten(paths).covers(path));
}

let known: ReturnType<typeof ours> | undefined;
/** Our own lists, made ready for the first path that is asked about: most worlds have no project. */
const lists = () => (known ??= ours());

const ours = () => ({
  never: NEVER.map(([because, globs]) => ({ because, globs: compiled(globs) })),
  ask: ASK.map(([because, globs]) => ({ because, globs: compiled(globs) })),
  secrets: compiled(SECRETS),
  noSecrets: compiled(NO_SECRETS),
  documents: compiled(DOCUMENTS),
  code: compiled(CODE),
});

function neverBecause(settings: Settings, folded: string, about: EntryFacts): string | undefined {
  if (about.link) return 'it is a link';
  if (about.submodule) return 'it is a submodule';
  if (about.device) return 'it is not a plain file';
  const listed = lists().never.find(({ globs }) => globs.covers(folded));
  if (listed) return listed.because;
  if (hasSecretName(folded)) return 'secrets have such names';
  return asFolded(settings.never).covers(folded) ? 'the project\'s "never" names it' : undefined;
}

function askBecause(settings: Settings, folded: string, about: EntryFacts): string | undefined {
  if (about.deleted) return 'it is deleted';
  if (about.renamed) return 'it leaves its folder';
  if (about.executable) return 'it can be executed';
  if (about.binary) return 'it is binary';
  if (asFolded(settings.ask_for).covers(folded)) return 'the project\'s "ask_for" names it';
  if (asFolded(settings.tests_are).covers(folded)) return 'it belongs to the tests';
  return lists().ask.find(({ globs }) => globs.matches(folded))?.because;
}

const hasSecretName = (folded: string): boolean => lists().secrets.covers(folded) && !lists().noSecrets.matches(folded);

/** Lists are made ready once: a tree of ten thousand files asks as often. */
const ready = { written: new WeakMap<readonly string[], Globs>(), folded: new WeakMap<readonly string[], Globs>() };
const asWritten = (globs: readonly string[]): Globs => once(ready.written, globs, () => compiled(globs));
const asFolded = (globs: readonly string[]): Globs => once(ready.folded, globs, () => compiled(globs.map(foldedPath)));

function once(kept: WeakMap<readonly string[], Globs>, globs: readonly string[], make: () => Globs): Globs {
  const known = kept.get(globs) ?? make();
  kept.set(globs, known);
  return known;
}
