import { GATES, type Witness } from '@vivarium/core';
import { runTests } from '../../../observe/test-run.ts';
import { type Source, saw } from './kit.ts';

/** The declared tests, run in the sandbox. Those of a task with gates are run at its gates. */
export const tests: Source = async ({ run, deps }) => {
  const { task, record, signal } = run;
  if (!task.tests || task.gates === true) return saw();
  const witnesses: Witness[] = [];
  for (const gate of GATES) {
    const command = task.tests[gate];
    if (command === undefined) continue;
    const ran = await runTests(record, deps, { gate, command }, signal);
    if (ran.kind === 'interrupted') return ran;
    if (ran.kind === 'unable') return { ...ran, witnesses };
    witnesses.push(ran.witness);
  }
  return saw(...witnesses);
};
