import { createHash } from 'node:crypto';
import { type ArtifactRef, type CycleResult, executionKey, isLocal, type Outcome, routeFields } from '@vivarium/core';
import type { TaskRun } from '../../pipeline/phase.ts';
import type { Runtime } from '../../pipeline/runtime.ts';

const SUMMARY_CHARS = 2_000;

export type OutcomeDeps = Pick<Runtime, 'artifact' | 'artifacts'>;

/** What an execution gave. `output` may be more than the call's own answer, or may come from several calls. */
export interface Done {
  readonly result: CycleResult;
  readonly output: string;
  /** The skills of the route did the work, without a model. */
  readonly bySkill: boolean;
}

/** The checkpoint of an execution. */
export async function outcomeOf(run: TaskRun, deps: OutcomeDeps, done: Done): Promise<Outcome> {
  const { result, output } = done;
  const artifact = await artifactOf(run, deps, done);
  return {
    result_summary: output.slice(0, SUMMARY_CHARS),
    model: result.model,
    ...(result.model_decision ? { model_decision: result.model_decision } : {}),
    budget_used: result.budget_used,
    execution_key: executionKey(run.task.id, run.record.attempt),
    duration_ms: result.duration_ms,
    simulated: result.simulated,
    ...(artifact ? { artifact } : {}),
    ...(result.usage ? { usage: result.usage } : {}),
    ...(result.exit_code === undefined ? {} : { exit_code: result.exit_code }),
    ...(result.steps === undefined ? {} : { steps: result.steps }),
    ...(result.wrote === undefined ? {} : { wrote: result.wrote }),
    ...(result.memories === undefined ? {} : { memories: result.memories }),
    ...(result.change === undefined ? {} : { change: result.change }),
    ...routeOf(run, done),
  };
}

/** How the work was done. A skill that was tried and failed leaves `generate`: the model did it. */
function routeOf({ task, route }: TaskRun, { bySkill }: Done): Partial<Outcome> {
  if (isLocal(task)) return { tool_route: 'local' };
  if (bySkill && route) return routeFields(route, true);
  const helped = route && route.route !== 'generate' && route.kind === 'prompt';
  return helped ? routeFields(route, false) : { tool_route: 'generate', tool_confidence: 0, model_call_avoided: false };
}

/** The output as the API stored it: what was cut for the answer is read from the file, and stored here if need be. */
async function artifactOf(run: TaskRun, deps: OutcomeDeps, { result, output }: Done): Promise<ArtifactRef | undefined> {
  if (output === '') return undefined;
  const { artifact_id, truncated } = result;
  const whole = output === (result.output ?? result.result);
  if (whole && artifact_id !== undefined && !truncated) return referenceTo(artifact_id, output);
  const stored = !whole || artifact_id === undefined ? undefined : await deps.artifact(artifact_id);
  if (stored) return truncated ? { ...stored, truncated } : stored;
  const { attempt } = run.record;
  const put = await deps.artifacts.put({ task_id: run.task.id, attempt, name: 'output.txt', bytes: output, durable: true });
  return truncated ? { ...put, truncated } : put;
}

/** The reference of an output that is known whole. */
function referenceTo(artifactId: string, output: string): ArtifactRef {
  const sha256 = createHash('sha256').update(output).digest('hex');
  return { artifact_id: artifactId, path: `.swarm/artifacts/${artifactId}`, sha256, bytes: Buffer.byteLength(output) };
}
