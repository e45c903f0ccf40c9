/** A change whose hands-on part is an executor's: the resident looks at it and hands it in, and nothing else counts. */
import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { answerForSample } from '@vivarium/changes';
import { callsTools, type ModelRequest, requires, type ScriptedCall } from '@vivarium/core/testing';
import { describe, expect, it } from 'vitest';
import { git } from '../contract/changes-kit.ts';
import { anApi, asGroq } from './api-kit.ts';
import { aProject, type ProjectWorld } from './change-kit.ts';
import { toolsOf, worldsOfTests } from './residents-kit.ts';

const world = worldsOfTests();
const FIXTURES = join(import.meta.dirname, '..', 'fixtures', 'executor');
const profileOf = (program: string) => ({
  folder: FIXTURES,
  protocol: 'chat',
  argv: ['node', `{folder}/${program}`, '{url}', '{key}'],
});
const EXECUTORS = { fake: profileOf('fake.mjs'), boaster: { ...profileOf('fake.mjs'), argv: ['/bin/echo', 'all tests passed'] } };

const HAND_IN: ScriptedCall = ['hand_in', { title: 'Add', summary: 'sum() subtracted.', kind: 'fix' }];
const isExecutor = (request: ModelRequest) => toolsOf(request).includes('run_command') && toolsOf(request).length === 1;
const answers = ({ body }: ModelRequest) => (body['messages'] as { role: string }[]).filter(({ role }) => role === 'tool').length;

/** The executor mends the bug by a command; the resident looks, hands in, and is done. */
function mending(request: ModelRequest) {
  if (isExecutor(request))
    return answers(request) === 0 ? callsTools(['run_command', { command: "sed -i 's/a - b/a + b/' src/sum.mjs" }]) : 'Mended.';
  return [callsTools(['show_diff', {}]), callsTools(HAND_IN), 'Done.'][answers(request)] ?? 'Done.';
}

async function aWorldOf(handler: Parameters<typeof aProject>[1] = mending, settings: object = {}): Promise<ProjectWorld> {
  const w = await aProject(world, handler, settings);
  writeFileSync(join(w.workspace, 'config', 'executors.json'), JSON.stringify({ version: 1, executors: EXECUTORS }));
  return w;
}

describe.runIf(requires('bwrap'))('a change by an executor', () => {
  it('is mended in the sandbox, handed in by its resident, and paid like any other work', async () => {
    const w = await aWorldOf();
    await w.task('t1', { executor: 'fake' });
    const { body } = await w.cycle('t1');
    expect(body).toMatchObject({ status: 'completed', steps: 3, change: { change_id: expect.stringMatching(/^chg_/) } });
    w.changes.refresh();
    expect(w.changes.ofTask('t1')).toMatchObject({
      ...{ phase: 'handed_in', executor: 'fake', author_id: 'ada', origins: expect.arrayContaining(['executor fake']) },
      files: [{ path: 'src/sum.mjs', added: 1, removed: 1 }],
    });
    const events = w.changes.history(body.change?.change_id ?? '').map(({ event }) => event);
    expect(events).toEqual(['change_opened', 'work_saved', 'change_handed_in']);
    expect(git(w.repository, ['status', '--porcelain'])).toBe('');
    const lines = w.api.audit() as { purpose: string; identity_id: string; task_id: string; cost: number }[];
    expect(lines.map(({ purpose }) => purpose)).toEqual(['executor', 'executor', 'task', 'task', 'task']);
    expect(new Set(lines.map(({ identity_id, task_id }) => `${identity_id} ${task_id}`))).toEqual(new Set(['ada t1']));
    expect(w.model.calls).toBe(lines.length);
    expect(body.budget_used).toBeCloseTo(
      lines.reduce((sum, { cost }) => sum + cost, 0),
      6,
    );
    const [first, , third] = w.model.requests;
    expect(first?.prompt).toMatch(/\/project[\s\S]*Fennel[\s\S]*project "sample"[\s\S]*# The task\s+Mend sum\(\)$/);
    expect(JSON.stringify(third?.body['messages'])).toContain('The executor fake worked on this in your copy');
    expect(readdirSync(join(w.paths.swarm, 'run'))).toEqual([]);
  });

  it('is none when the executor only says that all tests passed (attack 46)', async () => {
    const w = await aWorldOf((request) => {
      expect(JSON.stringify(request.body['messages'])).toContain('It changed nothing.');
      return 'There is nothing to hand in.';
    });
    await w.task('t1', { executor: 'boaster' });
    const { body } = await w.cycle('t1');
    expect([body.change, body.result]).toEqual([undefined, expect.stringContaining('[Nothing was handed in')]);
    w.changes.refresh();
    expect(w.changes.ofTask('t1')).toMatchObject({ phase: 'working', files: [] });
  });

  it('waits for the person when its executor is not set up, before anything is asked', async () => {
    const w = await aWorldOf();
    await w.task('t1', { executor: 'pi' });
    const { status, body } = await w.cycle('t1');
    expect([status, body.code, body.fix]).toEqual([422, 'VIV_EXECUTOR_UNUSABLE', expect.stringContaining('npm install')]);
    expect([w.model.calls, w.changes.ofTask('t1')]).toEqual([0, undefined]);
  });

  it('is an error of its budget when the executor cannot pay for its first call', async () => {
    const w = await aWorldOf();
    await w.task('t1', { executor: 'fake', max_budget: 0.000001 });
    const { status, body } = await w.cycle('t1', { max_budget: 0.000001, min_budget: 0 });
    expect([status, body.code, w.model.calls]).toEqual([402, 'VIV_BUDGET_EXCEEDED', 0]);
  });

  it('ends within a second of HALT, its sandbox and its socket too', async () => {
    const w = await aWorldOf(() => ({ hang: true }));
    await w.task('t1', { executor: 'fake' });
    const answer = w.cycle('t1');
    await w.model.waitForCalls(1);
    const halted = performance.now();
    w.api.halt();
    expect((await answer).body.code).toBe('VIV_HALTED');
    expect(performance.now() - halted).toBeLessThan(1_000);
    expect(readdirSync(join(w.paths.swarm, 'run'))).toEqual([]);
  });

  it('goes on after a restart without buying an answer twice', async () => {
    let hangs = true;
    const w = await aWorldOf((request) => {
      if (hangs && isExecutor(request) && answers(request) === 1) {
        hangs = false;
        return { hang: true };
      }
      return mending(request);
    });
    await w.task('t1', { executor: 'fake' });
    const first = w.cycle('t1').catch(() => undefined);
    await w.model.waitForCalls(2);
    await w.api.close(0);
    await first;
    const again = await anApi(asGroq(w.model), w.workspace);
    const { body } = await again.cycle({
      ...{ mode: 'llm', prompt: 'Mend sum()', identity_id: 'ada', resident_id: 'w1', max_budget: 0.1 },
      ...{ task_id: 't1', execution_key: 't1#1' },
    });
    expect(body).toMatchObject({ steps: 3, change: { change_id: expect.any(String) } });
    const asked = w.model.requests.filter(isExecutor).map(answers);
    expect(asked).toEqual([0, 1, 1]);
  });

  it('keeps nothing of what no project may hold, and says so', async () => {
    const w = await aWorldOf((request) => {
      if (!isExecutor(request)) {
        expect(JSON.stringify(request.body['messages'])).toContain('Nothing of it was kept');
        return 'It cannot be handed in.';
      }
      return answers(request) === 0 ? callsTools(['run_command', { command: 'ln -s /etc/passwd src/secrets' }]) : 'Linked.';
    });
    await w.task('t1', { executor: 'fake' });
    const { body } = await w.cycle('t1');
    expect(body.change).toBeUndefined();
    expect(existsSync(join(w.repository, 'src/secrets'))).toBe(false);
  });

  it('never passes the cap with eight at once, and each call has its line', async () => {
    const w = await aWorldOf();
    const names = Array.from({ length: 8 }, (_, index) => `t${index}`);
    for (const name of names) await w.task(name, { executor: 'fake' });
    const all = await Promise.all(names.map((name) => w.cycle(name, { max_budget: 0.02 })));
    expect(all.map(({ body }) => body.change?.change_id)).toEqual(names.map(() => expect.stringMatching(/^chg_/)));
    const lines = w.api.audit() as { cost: number; purpose: string }[];
    expect([w.model.calls, lines.filter(({ purpose }) => purpose === 'executor').length]).toEqual([lines.length, 16]);
    const { budget } = await w.api.status();
    expect(budget.reserved_usd).toBe(0);
    expect(budget.spent_usd).toBeLessThanOrEqual(budget.cap_usd);
  });
});

/** Where real ones are installed, each in a folder of its own: `VIVARIUM_EXECUTORS=<folder>` with `<folder>/pi` and so on. */
const REAL = process.env['VIVARIUM_EXECUTORS'] ?? '';
const NAMES = ['pi', 'opencode', 'codex', 'qwen-code'].filter((name) => REAL !== '' && existsSync(join(REAL, name)));

/** Has whatever runs commands there mend the sample, in the words of each executor; then the resident hands it in. */
function mendingByAny(request: ModelRequest) {
  const { messages, tools = [] } = request.body as { messages: never; tools?: { function: never }[] };
  if (toolsOf(request).includes('hand_in') || toolsOf(request).includes('more_tools')) return mending(request);
  const asked = { messages, tools: tools.map((tool) => tool.function), protocol: 'chat' as const, stream: false };
  const { text, tool_calls } = answerForSample(asked);
  return { text, toolCalls: JSON.parse(JSON.stringify(tool_calls).replaceAll('add.mjs', 'sum.mjs')) };
}

describe.runIf(requires('bwrap'))('real executors', () => {
  if (NAMES.length === 0) it.skip('none is installed in VIVARIUM_EXECUTORS', () => undefined);
  it.runIf(NAMES.length > 0)(
    `mend the sample, eight at once: ${NAMES.join(', ')}`,
    async () => {
      const w = await aWorldOf(mendingByAny);
      const executors = Object.fromEntries(NAMES.map((name) => [name, { folder: join(REAL, name) }]));
      writeFileSync(join(w.workspace, 'config', 'executors.json'), JSON.stringify({ version: 1, executors }));
      const tasks = [...NAMES, ...NAMES].map((executor, index) => ({ id: `t${index}`, executor }));
      for (const { id, executor } of tasks) await w.task(id, { executor });
      const all = await Promise.all(tasks.map(({ id }) => w.cycle(id, { max_budget: 1 })));
      expect(all.map(({ body }, index) => [tasks[index]?.executor, body.change?.change_id, body.detail])).toEqual(
        tasks.map(({ executor }) => [executor, expect.stringMatching(/^chg_/), undefined]),
      );
      w.changes.refresh();
      for (const { id } of tasks)
        expect(w.changes.ofTask(id)?.files.map(({ path, added, removed }) => [path, added, removed])).toEqual([
          ['src/sum.mjs', 1, 1],
        ]);
      const lines = w.api.audit() as { task_id: string; purpose: string }[];
      expect(lines.length).toBe(w.model.calls);
      const { budget } = await w.api.status();
      expect([budget.reserved_usd, budget.spent_usd <= budget.cap_usd]).toEqual([0, true]);
    },
    600_000,
  );
});
