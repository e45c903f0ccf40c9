import { createHash } from 'node:crypto';
import { type CycleInput, type CycleResult, doer, driftOf, type Identity, isLocal, type WorkerCommand } from '@vivarium/core';
import { type ApiAnswer, fingerprintNow } from '../../api/ask.ts';
import { next, type Phase, type PhaseEnd, stop, type TaskRun } from '../../pipeline/phase.ts';
import type { Runtime } from '../../pipeline/runtime.ts';
import { completed, ownShareUsd } from '../decomposition/rules.ts';
import { type ContextDeps, contextOf } from './context.ts';
import { declinedByAll, declineOf } from './decline.ts';
import { type OutcomeDeps, outcomeOf } from './outcome.ts';
import { commandFor, cycleRequest, failureOf, MAX_FAILURES } from './rules.ts';
import { bySkill, type SkillDeps } from './skills.ts';

type Deps = SkillDeps & ContextDeps & OutcomeDeps & Pick<Runtime, 'api' | 'anyoneFor' | 'identity' | 'store'>;

/** Has the API do the work and keeps what came of it as the attempt's checkpoint. Buys nothing twice. */
export const execution: Phase<Deps> = {
  name: 'execution',
  done: (run) => run.record.outcome !== undefined,
  async run(run, deps) {
    const pinned = run.task.identity_id;
    const who = doer(run, deps.store);
    const identity = deps.identity(who.identity_id);
    if (pinned !== undefined && identity === undefined) return stop(unknownResident(run, pinned));
    if (identity && run.record.declined_by?.includes(identity.id))
      return stop(declinedByAll(run.task.id, run.record.declined_by));
    return execute(run, deps, identity, who.resident_id);
  },
};

async function execute(run: TaskRun, deps: Deps, identity: Identity | undefined, resident_id?: string): Promise<PhaseEnd> {
  const done = await bySkill(run, deps);
  if (done?.kind === 'end') return done.end;
  if (done?.kind === 'done') return checkpoint(run, deps, done.result, done.output, true);
  if (needsItsSkill(run)) return stop({ kind: 'release', reason: 'the skill it names changed a moment ago' });
  const { attempt, feedback, children } = run.record;
  const context = contextOf(run, deps);
  const share = children ? { max_budget: ownShareUsd(run.task, children.length) } : {};
  const body = cycleRequest(run.task, { attempt, feedback, identity, resident_id, context, ...share });
  const answer = await call(body, run, deps);
  switch (answer.kind) {
    case 'interrupted':
      return stop(answer.command);
    case 'problem': {
      const ofProvider = answer.problem.status !== 402;
      const around = {
        task_id: run.task.id,
        now: deps.clock.now(),
        fingerprint: ofProvider ? await fingerprintNow(deps.api) : undefined,
      };
      return stop(commandFor(answer.problem, around));
    }
    case 'result':
      return settle(run, deps, answer.result);
  }
}

/**
 * One call under the attempt's key. When the key belongs to another body, the task was edited after it was sent: then it
 * is another request, under a key of its own that stays the same when this body is sent again.
 */
async function call(body: CycleInput, run: TaskRun, deps: Deps): Promise<ApiAnswer> {
  const answer = await deps.askApi(body, run.signal);
  if (answer.kind !== 'problem' || answer.problem.code !== 'VIV_EXECUTION_KEY_CONFLICT') return answer;
  const hash = createHash('sha256').update(JSON.stringify(body)).digest('hex').slice(0, 8);
  return deps.askApi({ ...body, execution_key: `${body.execution_key}-${hash}` }, run.signal);
}

async function settle(run: TaskRun, deps: Deps, result: CycleResult): Promise<PhaseEnd> {
  if (result.declined) return stop(declineOf(run, deps, result.declined));
  const output = result.output ?? result.result;
  const failure = failureOf(result, output);
  if (failure !== undefined) {
    const command: WorkerCommand = isLocal(run.task)
      ? { kind: 'fail', reason: failure }
      : { kind: 'retry_later', reason: failure, max_failures: MAX_FAILURES };
    return stop(command);
  }
  return checkpoint(run, deps, result, wholeAnswer(run, output), false);
}

async function checkpoint(run: TaskRun, deps: Deps, result: CycleResult, output: string, bySkill: boolean): Promise<PhaseEnd> {
  run.output = output;
  const outcome = await outcomeOf(run, deps, { result, output, bySkill });
  return next({ kind: 'record_execution', outcome, ...(run.intent ? { intent: run.intent } : {}) });
}

/** Only a prompt skill leaves the work to a model. */
const needsItsSkill = ({ task, route }: TaskRun): boolean =>
  task.skill !== undefined && !isLocal(task) && route?.kind !== 'prompt';

/** With the results of the steps that the answer left out, unless they break what the answer alone keeps. */
function wholeAnswer({ results, intent }: TaskRun, output: string): string {
  const whole = results ? completed(output, results) : output;
  if (whole === output || !intent) return whole;
  return driftOf(intent, whole).length > driftOf(intent, output).length ? output : whole;
}

function unknownResident(run: TaskRun, identityId: string): WorkerCommand {
  const reason = `the task is pinned to ${identityId}, and no such resident lives here`;
  const action = `pnpm worker retry ${run.task.id}`;
  return { kind: 'hold', hold: { kind: 'clarify', reason: `${reason}; create it or change identity_id in queue.json`, action } };
}
