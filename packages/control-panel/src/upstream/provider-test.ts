import { testModel } from '@vivarium/core';
import type { ProviderTest } from '../protocol/running.ts';

const TIMEOUT_MS = 35_000;

/** One tiny question to the model, in words for the page. */
export async function testProvider(port: number, token: string): Promise<ProviderTest> {
  const started = performance.now();
  const answer = await testModel({ endpoint: `http://127.0.0.1:${port}`, token, timeoutMs: TIMEOUT_MS });
  const took_ms = Math.round(performance.now() - started);
  const failed = { success: true, ok: false, took_ms } as const;
  switch (answer.kind) {
    case 'answered': {
      const { model, budget_used: cost_usd, result, simulated, status } = answer.result;
      const words = simulated ? 'A simulated answer came' : `${model} answered`;
      const detail = `${words}: ${result.trim().slice(0, 80)}`;
      return { success: true, ok: status === 'completed', detail, model, took_ms, cost_usd };
    }
    case 'problem': {
      const { detail, fix } = answer.problem;
      return { ...failed, detail, ...(fix === undefined ? {} : { fix }) };
    }
    case 'late': {
      const fix = 'A server may be loading its model: the call goes on, test again in a minute';
      return { ...failed, detail: `No answer within ${TIMEOUT_MS / 1_000} s`, fix };
    }
    case 'away':
      return { ...failed, detail: 'The execution API does not answer', fix: 'Start it with: pnpm api' };
  }
}
