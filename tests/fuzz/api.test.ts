/** Every route of the execution API, asked in every way: an answer each time, and never a fault of our own. */
import { resolve } from 'node:path';
import { ensureStarterIdentities, openTaskStore, Task, workspacePaths } from '@vivarium/core';
import { FakeLiveness } from '@vivarium/core/testing';
import { fileBackend } from '@vivarium/storage-files';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { aModelServer, anApi, asGroq, freshWorkspace } from '../e2e/api-kit.ts';
import { operationsOf, requestsOf, send } from './http.ts';
import { cases, damaged, fuzz, mangled } from './kit.ts';

const WORDS = ['stays', 'llm', 'local', 'ls', 'ls -la', 'low', 'Say hello', 'openai/gpt-oss-20b', 'stays#1', 'echo hi'];
/** Replies that cannot be read are asked for again with growing gaps, so many wait side by side. */
const AT_ONCE = 50;
/** Documented: the scripted provider answers any schema with its smallest value, which is no plan. */
const PLANNER_SPOKE_NONSENSE = /"VIV_BAD_PLAN"/;
const store = (workspace: string) =>
  openTaskStore({ backend: fileBackend(workspacePaths(workspace)), liveness: new FakeLiveness() });

it('every route', async () => {
  const workspace = freshWorkspace();
  const before = await store(workspace);
  await before.add([Task.parse({ id: 'stays', prompt: 'Stay' })], 'person');
  await before.close();
  const api = await anApi({ SWARM_RATE_LIMIT: '1000000', SWARM_BUDGET_LIMIT: '1000' }, workspace);
  const openapi = JSON.parse((await api.get('/docs/json')).text);
  const operations = operationsOf(openapi);
  expect(operations.length).toBeGreaterThanOrEqual(6);
  for (const operation of operations) {
    await fuzz(cases(60, 2_500), requestsOf(operation, WORDS), async (sent) => {
      const headers = { ...sent.headers, 'x-vivarium-internal-token': api.token };
      const { status, text } = await send(api.port, { ...sent, headers });
      const isFault = status >= 500 && !PLANNER_SPOKE_NONSENSE.test(text);
      expect({ status, text: isFault ? text : '' }).toEqual({ status: expect.any(Number), text: '' });
      if (status >= 400)
        expect(JSON.parse(text)).toMatchObject({ status, code: expect.stringMatching(/^VIV_/), detail: expect.any(String) });
    });
  }
  expect((await api.get('/healthz')).status).toBe(200);
  await api.close();
  const after = await store(workspace);
  expect([after.get('stays')?.status, after.badLines]).toEqual(['queued', []]);
  await after.close();
});

it('whatever a provider answers', async () => {
  const answer = {
    id: 'chatcmpl-1',
    object: 'chat.completion',
    created: 1,
    model: 'openai/gpt-oss-20b',
    choices: [
      {
        index: 0,
        finish_reason: 'stop',
        message: {
          role: 'assistant',
          content: 'Done',
          tool_calls: [{ id: 'c1', type: 'function', function: { name: 'list_files', arguments: '{"path":"."}' } }],
        },
      },
    ],
    usage: { prompt_tokens: 10, completion_tokens: 5, total_tokens: 15 },
  };
  const replies: string[] = [];
  const model = await aModelServer(({ prompt }) => ({ raw: replies[Number(prompt)] ?? '' }));
  const workspace = freshWorkspace();
  await ensureStarterIdentities(
    fileBackend(workspacePaths(workspace)).documents,
    fileBackend(resolve(import.meta.dirname, '../..')).documents,
  );
  const api = await anApi(asGroq(model, { SWARM_RATE_LIMIT: '1000000', SWARM_BUDGET_LIMIT: '1000000' }), workspace);
  const anyReply = fc.oneof(
    damaged(JSON.stringify(answer)).map(String),
    mangled(answer).map((value) => JSON.stringify(value) ?? ''),
  );
  const batch = fc.array(anyReply, { minLength: AT_ONCE, maxLength: AT_ONCE });
  await fuzz(cases(AT_ONCE) / AT_ONCE, batch, async (texts) => {
    await Promise.all(
      texts.map(async (text, at) => {
        const prompt = String(replies.push(text) - 1);
        const identity_id = at % 2 === 0 ? 'oc_marrow01' : undefined;
        const { status, body } = await api.cycle({ prompt, timeout: 5, max_budget: 100, identity_id, task_id: `t${prompt}` });
        expect({ status, told: status < 500 ? '' : body.code }).toEqual({
          status: expect.toBeOneOf([200, 402, 502, 503, 504]),
          told: expect.toBeOneOf(['', 'VIV_PROVIDER_BAD_REPLY', 'VIV_PROVIDER_UNAVAILABLE', 'VIV_PROVIDER_TIMEOUT']),
        });
      }),
    );
  });
  const { budget } = await api.status();
  expect(budget.reserved_usd).toBe(0);
});
