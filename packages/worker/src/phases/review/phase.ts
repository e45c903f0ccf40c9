import {
  concludeFromCritic,
  concludeFromWitnesses,
  concludeWithoutCritic,
  type Hold,
  type TaskRecord,
  type Verdict,
  type Witness,
  type WorkerCommand,
} from '@vivarium/core';
import { next, type Phase, type PhaseEnd, stop, type TaskRun } from '../../pipeline/phase.ts';
import type { Runtime } from '../../pipeline/runtime.ts';
import { askCritic, type CriticDeps } from './critic.ts';
import { rejected, turnDown } from './rejected.ts';
import { putToVote } from './vote.ts';
import type { WitnessDeps } from './witnesses/kit.ts';
import { collectWitnesses } from './witnesses/table.ts';

type Deps = CriticDeps & WitnessDeps & Pick<Runtime, 'changes' | 'gates' | 'log' | 'outputOf'>;

/** Evidence first, critic second, person last. Nothing is approved on the author's word. */
export const review: Phase<Deps> = {
  name: 'review',
  async run(run, deps) {
    const standing = fromRecord(run.record);
    if (standing) return endOf(standing, run, deps, false);
    const output = await outputFor(run, deps);
    if (output === undefined) return stop({ kind: 'hold', hold: unreadable(run.task.id) });
    const seen = await collectWitnesses(run, deps, output);
    if (seen.kind === 'interrupted') return stop({ kind: 'release', reason: seen.reason });
    if (seen.kind === 'unable' && seen.hold) return stop({ kind: 'hold', hold: seen.hold });
    // Of a change to a project the person says yes to its landing, and to nothing before.
    const conclusion = concludeFromWitnesses(seen.witnesses, run.task.project === undefined ? deps.config.approval : 'evidence');
    if (seen.kind === 'unable' && conclusion.kind !== 'reject')
      return endOf(concludeWithoutCritic(seen.witnesses, seen.reason), run, deps, true);
    if (conclusion.kind !== 'ask_critic') return endOf(conclusion, run, deps, true);
    return critic(run, deps, output, seen.witnesses);
  },
};

/** Undefined when the checkpoint names an output that is gone or was changed: nobody can judge it then. */
async function outputFor(run: TaskRun, deps: Deps): Promise<string | undefined> {
  if (run.task.project !== undefined) return (await deps.changes()).told(run);
  if (run.output !== undefined) return run.output;
  try {
    return await deps.outputOf(run.record);
  } catch (err) {
    deps.log.warn({ task_id: run.task.id, err }, 'the output of a checkpoint cannot be read');
    return undefined;
  }
}

function unreadable(taskId: string): Hold {
  const reason = 'the stored output is gone or was changed, so nobody can review it';
  return { kind: 'clarify', reason, action: `pnpm worker cancel ${taskId}` };
}

async function critic(run: TaskRun, deps: Deps, output: string, witnesses: readonly Witness[]): Promise<PhaseEnd> {
  const answer = await askCritic(run, deps, output, witnesses);
  switch (answer.kind) {
    case 'verdict':
      return endOf(concludeFromCritic(witnesses, answer.verdict), run, deps, true);
    case 'down':
      return endOf(concludeWithoutCritic(witnesses, answer.reason), run, deps, true, answer.ends);
    case 'interrupted':
      return stop(answer.command);
  }
}

/** The verdict a former worker recorded for this attempt before it stopped; it is not bought again. */
function fromRecord(record: TaskRecord): Verdict | undefined {
  if (!record.review || record.review.verdict === 'NONE') return undefined;
  return { kind: record.review.verdict === 'REJECT' ? 'reject' : 'accept', review: record.review };
}

async function endOf(
  conclusion: Verdict,
  run: TaskRun,
  deps: Deps,
  fresh: boolean,
  ends: Pick<Hold, 'provider_fingerprint' | 'until'> = {},
): Promise<PhaseEnd> {
  const { review } = conclusion;
  run.review = review;
  const told: readonly WorkerCommand[] = fresh ? [{ kind: 'record_review', review }] : [];
  switch (conclusion.kind) {
    case 'accept':
      return next(...told);
    case 'reject':
      if (run.task.gates === true) await putToVote(run, deps, review);
      await turnDown(run, deps, review.issues);
      return stop(...told, rejected(run, deps, review));
    case 'hold': {
      const how = run.task.project === undefined ? 'approve' : 'change show';
      const hold = { kind: 'review', reason: conclusion.reason, action: `pnpm worker ${how} ${run.task.id}`, ...ends } as const;
      return stop({ kind: 'hold', hold, review });
    }
  }
}
