import { driftIssue, driftOf } from '@vivarium/core';
import { textIn } from '../../../observe/declared-file.ts';
import { type Source, saw } from './kit.ts';

/** What an intent forbids or demands and words alone can tell. A step answers for what is forbidden only. */
export const intent: Source = async ({ run, deps, output }) => {
  if (!run.intent) return saw();
  const { task } = run;
  const scope = task.parent_task_id !== undefined && task['phase4_generated'] === true ? 'part' : 'whole';
  const text = task.expect_file === undefined ? '' : await textIn(deps.paths.root, task.expect_file);
  const drifts = driftOf(run.intent, output, { scope, also: text === '' ? [] : [text] });
  return saw(
    ...drifts.map(
      (drift) => ({ kind: 'intent', rule: 'intent.kept', passed: false, decisive: false, detail: driftIssue(drift) }) as const,
    ),
  );
};
