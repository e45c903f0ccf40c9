import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { aModelServer, anApi, asGroq, freshWorkspace } from './api-kit.ts';

const FAST = 'openai/gpt-oss-20b';
const SMART = 'openai/gpt-oss-120b';
const COMPLEX = 'Design the architecture of a distributed queue for the harbour';
const PLAIN = 'Tell the story of how the town got its clock tower, and of the people who built it';

const kinds: [string, object, string, string][] = [
  ['plain work', { prompt: PLAIN }, FAST, 'default'],
  ['simple work', { prompt: 'Fix the typo in the title' }, FAST, 'simple'],
  ['complex work', { prompt: COMPLEX }, SMART, 'complex'],
  ['critical work', { prompt: 'Repair the payment service in production' }, SMART, 'critical'],
  ['intense work', { prompt: PLAIN, intensity: 'high' }, SMART, 'complex'],
  ['a model that is named', { prompt: COMPLEX, model: FAST }, FAST, 'override'],
  ['a former name of a model', { prompt: PLAIN, model: 'llama-3.3-70b-versatile' }, SMART, 'override'],
  ['critical work with little money', { prompt: 'Repair production', max_budget: 0.0001 }, FAST, 'low_budget'],
  ['words about models in the prompt', { prompt: `Use the model ${SMART}. ${PLAIN}` }, FAST, 'default'],
  ['words in quotation marks', { prompt: `Translate the sentence "${COMPLEX}" into plain English` }, FAST, 'simple'],
  ['a critic', { prompt: COMPLEX, purpose: 'critic', model: SMART }, SMART, 'override'],
  ['a breakdown', { prompt: COMPLEX, purpose: 'breakdown' }, FAST, 'default'],
];

/** Text of an audit or activity file as values. */
const lines = (file: string): Record<string, unknown>[] =>
  readFileSync(file, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));

describe('the model of a call', () => {
  it.each(kinds)('%s: the choice stands in the answer, the audit and the activity', async (_what, body, model, rule) => {
    const server = await aModelServer();
    const api = await anApi(asGroq(server));
    const { body: answer, status } = await api.cycle({ mode: 'llm', ...body });
    expect(status).toBe(200);
    expect(server.requests[0]?.model).toBe(model);
    expect(answer.model_decision).toMatchObject({ model, rule });
    const [line] = api.audit();
    expect(line).toMatchObject({ model, model_decision: answer.model_decision });
    expect(line.model_decision.estimate_usd).toBeGreaterThan(0);
    await api.close();
    const told = lines(api.paths.actionLog).find(({ action }) => action === 'model_choice');
    expect(told).toMatchObject({ action_type: 'API', metadata: { model, rule } });
    expect(told?.['detail']).toContain(answer.model_decision?.reason);
  });

  it('is told of under the name of who asked, not of the body it lives in that day', async () => {
    const server = await aModelServer();
    const api = await anApi(asGroq(server));
    await api.cycle({ mode: 'llm', prompt: 'Say hello', identity_id: 'ada', resident_id: 'resident_0f' });
    await api.cycle({ mode: 'llm', prompt: 'Say hello' });
    await api.close();
    const told = lines(api.paths.actionLog).filter(({ action }) => action === 'model_choice');
    expect(told.map(({ actor }) => actor)).toEqual(['ada', 'api']);
  });

  it('is the one that a person set as the default, whatever the work looks like', async () => {
    const server = await aModelServer();
    const api = await anApi(asGroq(server, { DEFAULT_GROQ_MODEL: SMART }));
    const { body } = await api.cycle({ mode: 'llm', prompt: 'Fix the typo' });
    expect(body.model_decision).toMatchObject({ model: SMART, rule: 'override' });
    expect(body.model_decision?.reason).toContain('DEFAULT_GROQ_MODEL');
  });

  it('is never one that is not listed for the provider, or has no known price or no tier', async () => {
    const workspace = freshWorkspace();
    const file = join(workspace, 'models.json');
    const models = {
      [FAST]: { provider: 'groq', tier: 'fast' },
      'no/body-knows-its-price': { provider: 'groq', tier: 'smart' },
      'gpt-4.1': { provider: 'openai', tier: 'smart' },
      [SMART]: { provider: 'groq' },
    };
    writeFileSync(file, JSON.stringify({ models }));
    const server = await aModelServer();
    const api = await anApi(asGroq(server, { VIVARIUM_MODELS_FILE: file }), workspace);
    const { body } = await api.cycle({ mode: 'llm', prompt: COMPLEX });
    expect(body.model_decision).toMatchObject({ model: FAST, rule: 'only_one' });
  });

  it('follows the order of tiers that the file names', async () => {
    const workspace = freshWorkspace();
    const file = join(workspace, 'models.json');
    const models = { [SMART]: { provider: 'groq', tier: 'big' }, [FAST]: { provider: 'groq', tier: 'small' } };
    writeFileSync(file, JSON.stringify({ tiers: ['small', 'big'], models }));
    const server = await aModelServer();
    const api = await anApi(asGroq(server, { VIVARIUM_MODELS_FILE: file }), workspace);
    expect((await api.cycle({ mode: 'llm', prompt: PLAIN })).body.model).toBe(FAST);
    expect((await api.cycle({ mode: 'llm', prompt: COMPLEX })).body.model).toBe(SMART);
  });

  it('keeps to what a server on this machine has', async () => {
    const server = await aModelServer();
    const here = { VIVARIUM_PROVIDER: 'openai', OPENAI_BASE_URL: server.openaiBaseUrl };
    const both = await anApi(here);
    expect((await both.cycle({ mode: 'llm', prompt: COMPLEX })).body).toMatchObject({ model: SMART, budget_used: 0 });
    server.models = ['llama3.2'];
    const one = await anApi(here);
    expect((await one.cycle({ mode: 'llm', prompt: COMPLEX })).body.model_decision).toMatchObject({
      model: 'llama3.2',
      rule: 'only_one',
    });
  });

  it('spends no more for being strong: the cap of the task holds', async () => {
    const server = await aModelServer(({ body }) => ({
      text: 'x',
      usage: { prompt_tokens: 100, completion_tokens: Number(body['max_tokens'] ?? body['max_completion_tokens']) },
    }));
    const api = await anApi(asGroq(server));
    const spent: number[] = [];
    for (let call = 1; call <= 6; call += 1) {
      const { body } = await api.cycle({
        mode: 'llm',
        prompt: COMPLEX,
        task_id: 't1',
        execution_key: `t1#${call}`,
        max_budget: 0.004,
      });
      spent.push(typeof body.budget_used === 'number' ? body.budget_used : 0);
    }
    expect(spent.reduce((sum, one) => sum + one, 0)).toBeLessThanOrEqual(0.004);
    const tried = api.audit().map(({ model_decision: { rule } }) => rule);
    expect(tried[0]).toBe('complex');
    expect(tried).toContain('low_budget');
  });
});
