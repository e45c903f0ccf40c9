import type { CycleResult, Problem } from '@vivarium/core';
import { expect, it } from 'vitest';
import { openAskApi } from './ask.ts';
import type { CycleAnswer } from './cycle-client.ts';

const result: CycleResult = { status: 'completed', result: 'Done', budget_used: 0, steps: 1, simulated: false } as CycleResult;
const problem: Problem = { type: 'about:blank', title: 'No', status: 403, detail: 'no', code: 'VIV_MODEL_NOT_ALLOWED' };
const release = (reason: string) => ({ kind: 'interrupted', reason, command: { kind: 'release', reason } });

it.each<[CycleAnswer, object, readonly string[]]>([
  [{ kind: 'result', result }, { kind: 'result', result }, []],
  [{ kind: 'problem', problem }, { kind: 'problem', problem }, []],
  [{ kind: 'away', reason: 'nobody there' }, release('nobody there'), ['away: nobody there']],
  [{ kind: 'closed', reason: 'halted: enough' }, release('halted: enough'), ['away: halted: enough']],
  [{ kind: 'aborted' }, release('the worker stops'), []],
  [
    { kind: 'busy', reason: 'too many calls', retry_after_ms: 900 },
    {
      kind: 'interrupted',
      reason: 'too many calls',
      command: { kind: 'wait', reason: 'too many calls', delay_ms: 900 },
      wait_ms: 900,
    },
    ['busy: 900'],
  ],
])('%j means the same to whoever asked, and the worker hears what is about the API', async (answer, meaning, heard) => {
  const told: string[] = [];
  const askApi = openAskApi({
    api: { cycle: async () => answer },
    apiAway: (reason) => told.push(`away: ${reason}`),
    modelsBusy: (ms) => told.push(`busy: ${ms}`),
    stopReason: () => 'the worker stops',
  });
  expect(await askApi({ prompt: 'x' }, AbortSignal.timeout(1_000))).toEqual(meaning);
  expect(told).toEqual(heard);
});
