import {
  type CycleInput,
  executionKey,
  type GateName,
  onlyReads,
  type TaskRecord,
  testsWitness,
  type Witness,
} from '@vivarium/core';
import type { TestReport } from '@vivarium/core/domain/changes/reports';
import type { AskApi } from '../api/ask.ts';

const TIMEOUT_S = 120;

export type TestRun =
  | { readonly kind: 'witness'; readonly witness: Witness }
  /** The API is away, busy or halted: it is run later. */
  | { readonly kind: 'interrupted'; readonly reason: string }
  /** The command may not run, or cannot: a person has to mend that. */
  | { readonly kind: 'unable'; readonly reason: string };

/** Run one of a task's test commands in the sandbox, once per attempt, and read from its output what really ran. */
export async function runTests(
  { task, attempt }: Pick<TaskRecord, 'task' | 'attempt'>,
  { askApi }: { readonly askApi: AskApi },
  { gate, command }: { readonly gate: GateName; readonly command: string },
  signal: AbortSignal,
): Promise<TestRun> {
  if (onlyReads(command)) return { kind: 'unable', reason: `the ${gate} tests (${command}) only read something and run no test` };
  const body: CycleInput = {
    mode: 'local',
    purpose: 'tests',
    task: command,
    task_id: task.id,
    timeout: task.timeout ?? TIMEOUT_S,
    min_budget: 0,
    max_budget: task.max_budget,
    execution_key: `${executionKey(task.id, attempt)}#${gate}-tests`,
  };
  const answer = await askApi(body, signal);
  switch (answer.kind) {
    case 'interrupted':
      return { kind: 'interrupted', reason: answer.reason };
    case 'problem': {
      const { detail, fix } = answer.problem;
      return { kind: 'unable', reason: `the ${gate} tests (${command}) cannot run: ${detail}${fix ? ` (${fix})` : ''}` };
    }
    case 'result': {
      const { exit_code, output, result } = answer.result;
      const text = output ?? result;
      const witness = testsWitness(`${gate} tests (${command})`, exit_code ?? 1, text, await machineReport(text));
      return { kind: 'witness', witness };
    }
  }
}

/** The readers are loaded where there are tests. */
export async function machineReport(output: string): Promise<TestReport | undefined> {
  const { reportIn } = await import('@vivarium/core/domain/changes/reports');
  return reportIn(output);
}
