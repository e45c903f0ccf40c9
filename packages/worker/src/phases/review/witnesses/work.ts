import {
  exitCodeWitness,
  inventionWitness,
  isFingerprinted,
  isLocal,
  onlyReads,
  originalWitness,
  outputWitness,
  skillWitness,
  testCountIn,
  testsWitness,
  type Witness,
} from '@vivarium/core';
import { machineReport } from '../../../observe/test-run.ts';
import { type Case, type Source, saw } from './kit.ts';
import { isProven } from './proven.ts';

/** The end of a skill or command, else the words of an answer. */
export const work: Source = async (about) => {
  const { run, output } = about;
  const { outcome } = run.record;
  if (outcome?.model_call_avoided && outcome.tool_name !== undefined) {
    const skill = { name: outcome.tool_name, version: outcome.tool_version ?? '' };
    const witness = skillWitness(skill, outcome.exit_code ?? 0, output);
    return saw({ ...witness, decisive: witness.decisive && isProven(run, about.deps) });
  }
  if (isLocal(run.task)) return saw(exitCodeWitness(outcome?.exit_code ?? 1), await testRun(about));
  return saw(outputWitness(output, run.task.prompt, outcome?.artifact?.truncated), ...wordWitnesses(about));
};

/** A command that is a test run proves something only when tests ran. What only reads a report runs none. */
async function testRun({ run, output }: Case): Promise<Witness | undefined> {
  const command = run.task.command ?? '';
  if (onlyReads(command) || !/\b(?:test|tests|vitest|jest|mocha|pytest|unittest)\b/.test(command)) return undefined;
  const report = await machineReport(output);
  if (!report && !testCountIn(output)) return undefined;
  return testsWitness(command, run.record.outcome?.exit_code ?? 1, output, report);
}

/** What words alone give away: deeds that nobody did, and another task's answer. Simulated answers are all alike. */
function wordWitnesses({ run, deps, output, file }: Case): (Witness | undefined)[] {
  const { task, record } = run;
  const { outcome } = record;
  if (outcome === undefined || outcome.simulated) return [];
  const acted = (outcome.steps ?? 1) > 1;
  const invented = acted ? undefined : inventionWitness(output, task.prompt ?? '', file?.passed === true);
  const owner = isFingerprinted(output) ? deps.fingerprints.ownerOf(outcome, task) : undefined;
  return [invented, owner === undefined ? undefined : originalWitness(owner)];
}
