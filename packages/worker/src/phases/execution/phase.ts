import type { ArtifactRef, CycleResult, Identity, Outcome, WorkerCommand } from '@vivarium/core';
import type { Runtime } from '../../runtime/runtime.ts';
import type { Phase, PhaseEnd, TaskRun } from '../phase.ts';
import { commandFor, cycleRequest, executionKey, failureOf, isLocal, MAX_FAILURES } from './rules.ts';

const SUMMARY_CHARS = 2_000;

/** Has the API do the work and keeps what came of it as the attempt's checkpoint. Buys nothing twice. */
export const execution: Phase = {
  name: 'execution',
  done: (run) => run.record.outcome !== undefined,
  async run(run, runtime) {
    const pinned = run.task.identity_id;
    const identity = runtime.identity(run.lease.identity_id ?? pinned);
    if (pinned !== undefined && identity === undefined) return { kind: 'stop', command: unknownResident(run, pinned) };
    return execute(run, runtime, identity);
  },
};

async function execute(run: TaskRun, runtime: Runtime, identity: Identity | undefined): Promise<PhaseEnd> {
  const { attempt, feedback } = run.record;
  const body = cycleRequest(run.task, { attempt, feedback, identity, resident_id: run.lease.resident_id });
  const answer = await runtime.api.cycle(body, run.signal);
  switch (answer.kind) {
    case 'aborted':
      return release(runtime.stopReason());
    case 'away':
    case 'closed':
      runtime.apiAway(answer.reason);
      return release(answer.reason);
    case 'problem': {
      const around = { task_id: run.task.id, fingerprint: await fingerprint(runtime, answer.problem.status) };
      return { kind: 'stop', command: commandFor(answer.problem, around) };
    }
    case 'result':
      return settle(run, runtime, answer.result);
  }
}

async function settle(run: TaskRun, runtime: Runtime, result: CycleResult): Promise<PhaseEnd> {
  const output = result.output ?? result.result;
  const failure = failureOf(result, output);
  if (failure !== undefined) {
    const final = isLocal(run.task) || result.skill !== undefined;
    const command: WorkerCommand = final
      ? { kind: 'fail', reason: failure }
      : { kind: 'retry_later', reason: failure, max_failures: MAX_FAILURES };
    return { kind: 'stop', command };
  }
  run.output = output;
  return { kind: 'next', command: { kind: 'record_execution', outcome: await outcomeOf(run, runtime, result, output) } };
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
    ...(skill
      ? { tool_route: 'skill', tool_name: skill.name, tool_version: skill.version, tool_confidence: 1, model_call_avoided: true }
      : {}),
  };
}

/** The output as the API stored it; stored here when the API did not. */
async function artifactOf(run: TaskRun, runtime: Runtime, result: CycleResult, output: string): Promise<ArtifactRef | undefined> {
  if (output === '') return undefined;
  const stored = result.artifact_id === undefined ? undefined : await runtime.artifact(result.artifact_id);
  if (stored) return result.truncated ? { ...stored, truncated: true } : stored;
  const { attempt } = run.record;
  return runtime.artifacts.put({ task_id: run.task.id, attempt, name: 'output.txt', bytes: output, durable: true });
}

/** The way to a model at this moment, so that a hold for the want of one can end by itself. */
async function fingerprint(runtime: Runtime, status: number): Promise<string | undefined> {
  if (status === 402) return undefined;
  return (await runtime.api.status())?.provider.fingerprint;
}

function release(reason: string): PhaseEnd {
  return { kind: 'stop', command: { kind: 'release', reason } };
}

function unknownResident(run: TaskRun, identityId: string): WorkerCommand {
  const reason = `the task is pinned to ${identityId}, and no such resident lives here`;
  const action = `pnpm worker retry ${run.task.id}`;
  return { kind: 'hold', hold: { kind: 'clarify', reason: `${reason}; create it or change identity_id in queue.json`, action } };
}
