import { type Source, saw } from './kit.ts';

/** What the runtime sees of a change to a project: the patch itself, and its tests on trees of their own. */
export const changed: Source = async ({ run, deps }) => {
  if (run.task.project === undefined) return saw();
  const { witnessesOf } = await deps.changes();
  return witnessesOf(run);
};
