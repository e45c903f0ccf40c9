import { createHash } from 'node:crypto';
import type { ArtifactRef, CycleInput, CycleResult, Identity, Outcome, WorkerCommand } from '@vivarium/core';
import type { CycleAnswer } from '../../api/cycle-client.ts';
import { doer } from '../../approvals.ts';
import { referenceTo } from '../../runtime/outputs.ts';
import type { Runtime } from '../../runtime/runtime.ts';
import { next, type Phase, type PhaseEnd, stop, type TaskRun } from '../phase.ts';
import { commandFor, cycleRequest, executionKey, failureOf, isLocal, MAX_FAILURES } from './rules.ts';

const SUMMARY_CHARS = 2_000;

/** Has the API do the work and keeps what came of it as the attempt's checkpoint. Buys nothing twice. */
export const execution: Phase = {
  name: 'execution',
  done: (run) => run.record.outcome !== undefined,
  async run(run, runtime) {
    const pinned = run.task.identity_id;
    const who = doer(run, runtime.store);
    const identity = runtime.identity(who.identity_id);
    if (pinned !== undefined && identity === undefined) return stop(unknownResident(run, pinned));
    return execute(run, runtime, identity, who.resident_id);
  },
};

async function execute(run: TaskRun, runtime: Runtime, identity: Identity | undefined, resident_id?: string): Promise<PhaseEnd> {
  const { attempt, feedback } = run.record;
  const body = cycleRequest(run.task, { attempt, feedback, identity, resident_id });
  const answer = await call(body, run, runtime);
  switch (answer.kind) {
    case 'aborted':
      return release(runtime.stopReason());
    case 'away':
    case 'closed':
      runtime.apiAway(answer.reason);
      return release(answer.reason);
    case 'busy':
      runtime.modelsBusy(answer.retry_after_ms);
      return release(answer.reason);
    case 'problem': {
      const around = { task_id: run.task.id, fingerprint: await fingerprint(runtime, answer.problem.status) };
      return stop(commandFor(answer.problem, around));
    }
    case 'result':
      return settle(run, runtime, answer.result);
  }
}

/**
 * One call under the attempt's key. When the key belongs to another body, the task was edited after it was sent: then it
 * is another request, under a key of its own that stays the same when this body is sent again.
 */
async function call(body: CycleInput, run: TaskRun, runtime: Runtime): Promise<CycleAnswer> {
  const answer = await runtime.api.cycle(body, run.signal);
  if (answer.kind !== 'problem' || answer.problem.code !== 'VIV_EXECUTION_KEY_CONFLICT') return answer;
  const hash = createHash('sha256').update(JSON.stringify(body)).digest('hex').slice(0, 8);
  return runtime.api.cycle({ ...body, execution_key: `${body.execution_key}-${hash}` }, run.signal);
}

async function settle(run: TaskRun, runtime: Runtime, result: CycleResult): Promise<PhaseEnd> {
  const output = result.output ?? result.result;
  const failure = failureOf(result, output);
  if (failure !== undefined) {
    const final = isLocal(run.task) || result.skill !== undefined;
    const command: WorkerCommand = final
      ? { kind: 'fail', reason: failure }
      : { kind: 'retry_later', reason: failure, max_failures: MAX_FAILURES };
    return stop(command);
  }
  run.output = output;
  return next({ kind: 'record_execution', outcome: await outcomeOf(run, runtime, result, output) });
}

async function outcomeOf(run: TaskRun, runtime: Runtime, result: CycleResult, output: string): Promise<Outcome> {
  const artifact = await artifactOf(run, runtime, result, output);
  const { skill } = result;
  return {
    result_summary: output.slice(0, SUMMARY_CHARS),
    model: result.model,
    budget_used: result.budget_used,
    execution_key: executionKey(run.task.id, run.record.attempt),
    duration_ms: result.duration_ms,
    simulated: result.simulated,
    ...(artifact ? { artifact } : {}),
    ...(result.usage ? { usage: result.usage } : {}),
    ...(result.exit_code === undefined ? {} : { exit_code: result.exit_code }),
    ...(skill ? skillRoute(skill) : { tool_route: isLocal(run.task) ? 'local' : 'generate' }),
  };
}

const skillRoute = ({ name, version }: NonNullable<CycleResult['skill']>) =>
  ({ tool_route: 'skill', tool_name: name, tool_version: version, tool_confidence: 1, model_call_avoided: true }) as const;

/** The output as the API stored it: what was cut for the answer is read from the file, and stored here if need be. */
async function artifactOf(run: TaskRun, runtime: Runtime, result: CycleResult, output: string): Promise<ArtifactRef | undefined> {
  if (output === '') return undefined;
  const { artifact_id, truncated } = result;
  if (artifact_id !== undefined && !truncated) return referenceTo(artifact_id, output);
  const stored = artifact_id === undefined ? undefined : await runtime.artifact(artifact_id);
  if (stored) return truncated ? { ...stored, truncated } : stored;
  const { attempt } = run.record;
  return runtime.artifacts.put({ task_id: run.task.id, attempt, name: 'output.txt', bytes: output, durable: true });
}

/** The way to a model at this moment, so that a hold for the want of one can end by itself. */
async function fingerprint(runtime: Runtime, status: number): Promise<string | undefined> {
  if (status === 402) return undefined;
  return (await runtime.api.status())?.provider.fingerprint;
}

function release(reason: string): PhaseEnd {
  return stop({ kind: 'release', reason });
}

function unknownResident(run: TaskRun, identityId: string): WorkerCommand {
  const reason = `the task is pinned to ${identityId}, and no such resident lives here`;
  const action = `pnpm worker retry ${run.task.id}`;
  return { kind: 'hold', hold: { kind: 'clarify', reason: `${reason}; create it or change identity_id in queue.json`, action } };
}
