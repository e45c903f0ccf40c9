import { declaredPaths, diffWitness, fileWitness, foreignFileWitness, type TaskEvent, type Witness } from '@vivarium/core';
import { lookAtFile } from '../../../observe/declared-file.ts';
import type { TaskRun } from '../../../pipeline/phase.ts';
import { contentOf, readBefore } from '../../before/before.ts';
import { type Case, type Source, saw, type WitnessDeps } from './kit.ts';

/** Each declared file: that it is there, that this attempt wrote it, and what it changed. */
export const files: Source = async (about) => {
  const { run, deps, file } = about;
  const others = declaredPaths(run.task).filter((path) => path !== run.task.expect_file);
  const seen = await Promise.all(others.map((path) => look(path, run, deps)));
  // Only the file that a task expects is proof of it; the other declared ones must be there.
  const rest = seen.map((witness): Witness => ({ ...witness, decisive: false }));
  const diffs = await Promise.all([file, ...rest].flatMap((one) => (one?.passed ? [diffOf(one, about)] : [])));
  return saw(file, ...rest, ...diffs);
};

/** The witness of the file that the task expects; undefined when it expects none. */
export async function fileOf(run: TaskRun, deps: WitnessDeps): Promise<Witness | undefined> {
  const path = run.task.expect_file;
  return path === undefined ? undefined : look(path, run, deps);
}

async function look(path: string, { task, record }: TaskRun, deps: WitnessDeps): Promise<Witness> {
  const sight = await lookAtFile(deps.paths.root, path);
  const owner = sight.state === 'file' ? deps.fingerprints.fileOwnerOf(path, sight.modified_ms, task) : undefined;
  if (owner !== undefined) return foreignFileWitness(path, owner);
  return fileWitness(path, sight, attemptBegan(deps.store.history(task.id), record.attempt));
}

/** Undefined when nobody looked before the attempt: then nothing can be said of the difference. */
async function diffOf({ path = '' }: Witness, { run, deps }: Case): Promise<Witness | undefined> {
  const { attempt, first_attempt } = run.record;
  const { artifacts, paths } = deps;
  const before = await readBefore(artifacts, run.task.id, attempt);
  const original = attempt === first_attempt ? before : await readBefore(artifacts, run.task.id, first_attempt);
  const after = await contentOf(paths.root, path);
  if (!before || !after) return undefined;
  return diffWitness(path, { original: original?.files[path], before: before.files[path], after });
}

/** When an attempt was first claimed, by whichever worker; a takeover continues the same attempt. */
function attemptBegan(history: readonly TaskEvent[], attempt: number): number {
  const first = history.find((event) => event.event === 'task_claimed' && event.attempt === attempt);
  return first ? Date.parse(first.timestamp) : Number.POSITIVE_INFINITY;
}
