import { request } from 'node:http';
import { text } from 'node:stream/consumers';
import { CycleResult, PROVIDER_TEST, Problem } from '@vivarium/core';
import type { ProviderTest } from '../protocol-work.ts';

const TIMEOUT_MS = 35_000;
/** Ask the model one tiny question through the execution API's gate, where it is paid for and audited like every call. */
export async function testProvider(port: number, token: string): Promise<ProviderTest> {
  const started = performance.now();
  const took = () => Math.round(performance.now() - started);
  try {
    const { status, body } = await post(port, token, JSON.stringify(PROVIDER_TEST));
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

function post(port: number, token: string, body: string): Promise<{ status: number; body: string }> {
  return new Promise((resolve, reject) => {
    const headers = {
      'content-type': 'application/json',
      'content-length': String(Buffer.byteLength(body)),
      'x-vivarium-internal-token': token,
    };
    const signal = AbortSignal.timeout(TIMEOUT_MS);
    const sent = request(
      { host: '127.0.0.1', port, path: '/cycle', method: 'POST', headers, signal, agent: false },
      (response) => {
        text(response).then((answer) => resolve({ status: response.statusCode ?? 0, body: answer }), reject);
      },
    );
    sent.on('error', reject).end(body);
  });
}
