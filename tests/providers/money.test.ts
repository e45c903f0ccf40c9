import { readFileSync } from 'node:fs';
import type { ServerResponse } from 'node:http';
import { afterEach, expect, it } from 'vitest';
import { anApi } from '../e2e/api-kit.ts';
import { cliHere } from '../e2e/cli-here.ts';
import { ask, testPanel } from '../e2e/panel-kit.ts';
import { TestWorld } from '../e2e/worker-kit.ts';
import { aProvider, json, reply } from './shapes.ts';

const APPROVAL = JSON.stringify({ verdict: 'APPROVE', confidence: 0.9, issues: [], suggestions: [] });
const page = (res: ServerResponse) => void res.writeHead(200, { 'content-type': 'text/html' }).end('<html>Sign in</html>');

let world: TestWorld;
afterEach(() => world.close());

it.each([
  ['calls that brought no answer', (number: number, res: ServerResponse) => (number <= 2 ? page(res) : undefined)],
  [
    'answers that say nothing of their tokens',
    (_number: number, res: ServerResponse, critic: boolean) =>
      json(res, 200, { ...reply(critic ? APPROVAL : 'Rain falls.'), usage: undefined }),
  ],
  ['connections that broke', (number: number, res: ServerResponse) => (number === 2 ? res.socket?.destroy() : undefined)],
  ['nothing but good calls', () => undefined],
])('says one number for a task with %s, wherever it is asked for', async (_what, meet) => {
  const provider = await aProvider({
    under: '/openai/v1',
    chat: ({ body, number }, res) => {
      const critic = JSON.stringify(body['messages']).includes('You review work you did not do');
      meet(number, res, critic);
      if (!res.writableEnded && res.socket?.destroyed === false)
        json(res, 200, reply(critic ? APPROVAL : 'Rain falls on the roof.'));
    },
  });
  const env = { VIVARIUM_PROVIDER: 'groq', GROQ_API_KEY: 'gsk_test_0123456789', GROQ_BASE_URL: provider.url };
  world = await TestWorld.open(env);
  const api = await anApi(env, world.root);
  world.onClose(() => api.close());
  await world.add({ id: 't', prompt: 'Write a line about rain' });
  await (await world.work(api)).ended;
  const panel = await testPanel({ workspace: world.root });
  world.onClose(() => panel.close());
  const shown = JSON.parse((await cliHere(world, ['show', 't', '--json'])).stdout).spent_usd;
  const listed = JSON.parse((await cliHere(world, ['list', '--json'])).stdout).spent_usd;
  const budget = JSON.parse((await cliHere(world, ['budget', 'show', '--json'])).stdout).spent_usd;
  const row = (await ask(panel.port, '/api/tasks/t')).json.row.spent_usd;
  const file = JSON.parse(readFileSync(world.paths.queue, 'utf8')).completed[0].cost;
  const audited = api.audit().reduce((sum, { cost }) => sum + cost, 0);
  expect(budget).toBeGreaterThan(0);
  expect([shown, listed, row, file]).toEqual([budget, budget, budget, budget]);
  expect(audited).toBeCloseTo(budget, 9);
});
