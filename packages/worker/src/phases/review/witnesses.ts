import {
  driftIssue,
  driftOf,
  exitCodeWitness,
  fileWitness,
  foreignFileWitness,
  inventionWitness,
  isFingerprinted,
  jsonIn,
  originalWitness,
  outputWitness,
  schemaWitness,
  skillWitness,
  type TaskEvent,
  type Witness,
} from '@vivarium/core';
import type { Runtime } from '../../runtime/runtime.ts';
import { isLocal } from '../execution/rules.ts';
import type { TaskRun } from '../phase.ts';
import { lookAtFile, textIn } from './file-sight.ts';
import { schemaProblems } from './output-schema.ts';
import { isProven } from './proven.ts';

/** Everything the runtime itself can observe of a result. */
export async function collectWitnesses(run: TaskRun, runtime: Runtime, output: string): Promise<Witness[]> {
  const { task, record } = run;
  const { outcome } = record;
  const witnesses: Witness[] = [];
  const file = await fileWitnessOf(run, runtime);
  const also: string[] = [];
  if (outcome?.model_call_avoided && outcome.tool_name !== undefined) {
    const skill = { name: outcome.tool_name, version: outcome.tool_version ?? '' };
    const witness = skillWitness(skill, outcome.exit_code ?? 0, output);
    witnesses.push({ ...witness, decisive: witness.decisive && isProven(run, runtime) });
  } else if (isLocal(task)) witnesses.push(exitCodeWitness(outcome?.exit_code ?? 1));
  else witnesses.push(outputWitness(output, task.prompt), ...wordWitnesses(run, runtime, output, file?.passed === true));
  if (file !== undefined && task.expect_file !== undefined) {
    witnesses.push(file);
    also.push(await textIn(runtime.paths.root, task.expect_file));
  }
  witnesses.push(
    ...driftWitnesses(
      run,
      output,
      also.filter((text) => text !== ''),
    ),
  );
  if (task.output_schema !== undefined) {
    const json = jsonIn(output);
    witnesses.push(schemaWitness(json.found, json.found ? schemaProblems(task.output_schema, json.value) : []));
  }
  return witnesses;
}

async function fileWitnessOf({ task, record }: TaskRun, runtime: Runtime): Promise<Witness | undefined> {
  const path = task.expect_file;
  if (path === undefined) return undefined;
  const sight = await lookAtFile(runtime.paths.root, path);
  const owner = sight.state === 'file' ? runtime.fingerprints.fileOwnerOf(path, sight.modified_ms, task) : undefined;
  if (owner !== undefined) return foreignFileWitness(path, owner);
  return fileWitness(path, sight, attemptBegan(runtime.store.history(task.id), record.attempt));
}

/** What words alone give away: deeds that nobody did, and another task's answer. Simulated answers are all alike. */
function wordWitnesses({ task, record }: TaskRun, runtime: Runtime, output: string, fileWritten: boolean): Witness[] {
  const { outcome } = record;
  if (outcome === undefined || outcome.simulated) return [];
  const acted = (outcome.steps ?? 1) > 1;
  const invented = acted ? undefined : inventionWitness(output, task.prompt ?? '', fileWritten);
  const owner = isFingerprinted(output) ? runtime.fingerprints.ownerOf(outcome, task) : undefined;
  return [...(invented ? [invented] : []), ...(owner === undefined ? [] : [originalWitness(owner)])];
}

/** What an intent forbids or demands and words alone can tell. A step answers for what is forbidden only. */
function driftWitnesses({ task, intent }: TaskRun, output: string, also: readonly string[]): Witness[] {
  if (!intent) return [];
  const scope = task.parent_task_id !== undefined && task['phase4_generated'] === true ? 'part' : 'whole';
  const drifts = driftOf(intent, output, { scope, also });
  return drifts.map((drift) => ({ kind: 'intent', passed: false, decisive: false, detail: driftIssue(drift) }));
}

/** When an attempt was first claimed, by whichever worker; a takeover continues the same attempt. */
export function attemptBegan(history: readonly TaskEvent[], attempt: number): number {
  const first = history.find((event) => event.event === 'task_claimed' && event.attempt === attempt);
  return first ? Date.parse(first.timestamp) : Number.POSITIVE_INFINITY;
}
