import { createRequire } from 'node:module';
import { workspacePaths } from '@vivarium/core';
import { internalToken } from '@vivarium/world';
import { type CycleClient, openCycleClient } from '../packages/worker/src/api/cycle-client.ts';
import { BENCH_ENV, Service } from './kit/service.ts';
import { median } from './kit/stats.ts';
import { inFolder } from './kit/world.ts';

const { Groq } = createRequire(new URL('../packages/api/package.json', import.meta.url))('groq-sdk');
const MODEL = 'llama-3.1-8b-instant';
const WARM_UP = 100;

export interface CycleCost {
  /** Milliseconds of one call: the SDK alone, and through `/cycle` with its rules, budget, key and artifact. */
  readonly direct: number;
  readonly cycle: number;
  /** Median of what a `/cycle` took longer than the direct call beside it. */
  readonly more: number;
}

/** One call after the other, in turn with the same call by the SDK, to a model that answers at once. */
export function cycleCost(calls: number): Promise<CycleCost> {
  return inFolder(async (folder) => {
    const model = new Service('bench/children/model.ts', [], {});
    const { groq } = JSON.parse(await model.line(/groq/));
    const env = { ...BENCH_ENV, VIVARIUM_WORKSPACE: folder, GROQ_BASE_URL: groq };
    const api = new Service('packages/api/src/main.ts', [], env);
    const origin = /http:\S+\d/.exec(await api.line(/ready at/))?.[0] ?? '';
    const token = internalToken(workspacePaths(folder), {});
    const sdk = new Groq({ apiKey: 'gsk_bench', baseURL: groq });
    const direct = () => sdk.chat.completions.create({ model: MODEL, messages: [{ role: 'user', content: 'Say done' }] });
    const client = openCycleClient({ endpoint: origin, token, connections: 1 });
    const pairs: { direct: number; cycle: number }[] = [];
    for (let n = 0; n < calls + WARM_UP; n++) {
      const pair = { direct: await timed(direct), cycle: await timed(() => cycle(client, n)) };
      if (n >= WARM_UP) pairs.push(pair);
    }
    await client.close();
    await Promise.all([api.stop(), model.stop()]);
    return {
      direct: median(pairs.map((pair) => pair.direct)),
      cycle: median(pairs.map((pair) => pair.cycle)),
      more: median(pairs.map((pair) => pair.cycle - pair.direct)),
    };
  });
}

/** As a worker asks. */
async function cycle(client: CycleClient, n: number): Promise<void> {
  const body = { prompt: 'Say done', model: MODEL, execution_key: `bench-${n}#1` } as const;
  const answer = await client.cycle(body, new AbortController().signal);
  if (answer.kind !== 'result') throw new Error(`/cycle answered ${JSON.stringify(answer)}`);
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const begun = performance.now();
  await work();
  return performance.now() - begun;
}
