import { CycleResult, PROVIDER_TEST, Problem } from '@vivarium/core';
import type { ProviderTest } from '../protocol/running.ts';
import { askApi } from './api-door.ts';

const TIMEOUT_MS = 35_000;
/** Ask the model one tiny question through the execution API's gate, where it is paid for and audited like every call. */
export async function testProvider(port: number, token: string): Promise<ProviderTest> {
  const started = performance.now();
  const took = () => Math.round(performance.now() - started);
  try {
    const { status, body } = await askApi({
      port,
      path: '/cycle',
      token,
      body: JSON.stringify(PROVIDER_TEST),
      timeoutMs: TIMEOUT_MS,
    });
    const answer: unknown = JSON.parse(body);
    const done = CycleResult.safeParse(answer);
    if (status === 200 && done.success) {
      const { model, budget_used, result, simulated } = done.data;
      const words = simulated ? 'A simulated answer came' : `${model} answered`;
      return {
        success: true,
        ok: done.data.status === 'completed',
        detail: `${words}: ${result.trim().slice(0, 80)}`,
        model,
        took_ms: took(),
        cost_usd: budget_used,
      };
    }
    const problem = Problem.safeParse(answer);
    const { detail, fix } = problem.success ? problem.data : { detail: `The API answered ${status}`, fix: undefined };
    return { success: true, ok: false, detail, took_ms: took(), ...(fix === undefined ? {} : { fix }) };
  } catch (error) {
    const late = error instanceof Error && error.name === 'TimeoutError';
    const detail = late ? `No answer within ${TIMEOUT_MS / 1_000} s` : 'The execution API does not answer';
    const fix = late ? 'A server may be loading its model: the call goes on, test again in a minute' : 'Start it with: pnpm api';
    return { success: true, ok: false, detail, fix, took_ms: took() };
  }
}
