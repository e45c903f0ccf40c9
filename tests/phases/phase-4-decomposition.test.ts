import { breakdown, childrenOf, intentOf } from '@vivarium/core';
import type { ModelHandler } from '@vivarium/core/testing';
import { afterEach, describe, expect, it } from 'vitest';
import { openPhase, type PhaseWorld } from './phase-kit.ts';

let phase: PhaseWorld;
afterEach(() => phase.close());

const show = async (id: string) => JSON.parse((await phase.worker('show', id, '--json')).stdout);
const explain = async (id: string) => JSON.parse((await phase.worker('explain', id, '--json')).stdout);

const approve = JSON.stringify({ verdict: 'APPROVE', confidence: 0.95, issues: [], suggestions: [] });
const PLAN = [
  'Write a haiku about rivers',
  'Write a limerick about trains',
  'Write a couplet about snow',
  'Write a riddle about clocks',
  'Write a proverb about patience',
];
const PROMPT = PLAN.map((line, index) => `${index + 1}. ${line}`).join('\n');
/** Each step has a result of its own; the whole only gets a sentence around them. */
const poet: ModelHandler = ({ schemaName, prompt }) => {
  if (schemaName === 'critic_verdict') return approve;
  const index = PLAN.findIndex((line) => prompt.includes(line.slice(8)));
  return prompt.includes('rivers') && prompt.includes('patience')
    ? 'All five poems are done.'
    : `Poem ${index + 1}: ${'lorem '.repeat(index + 1)}end`;
};

describe('phase 4: a task that is several', () => {
  it('runs its five steps to the end and then itself, with all five results', async () => {
    phase = await openPhase({ handler: poet });
    await phase.worker('add', 'poems', PROMPT, '--decompose');
    const run = await phase.worker('run', '--until-idle');
    expect(run.code).toBe(0);
    const parent = await show('poems');
    expect(parent).toMatchObject({ status: 'approved', attempt: 1 });
    expect(parent.children).toHaveLength(5);
    for (let n = 1; n <= 5; n++) expect(parent.output).toContain(`Poem ${n}: `);
    const steps = await Promise.all(parent.children.map((id: string) => phase.world.record(id)));
    expect(steps.map(({ status }) => status)).toEqual(Array(5).fill('approved'));
    expect(steps.reduce((sum, step) => sum + step.task.max_budget, 0)).toBeLessThan(parent.task.max_budget);
    const calls = phase.model.requests.filter(({ schemaName }) => schemaName === undefined);
    expect(calls).toHaveLength(6);
    for (const { body } of phase.model.requests) expect(JSON.stringify(body['messages'])).toContain('## USER INTENT');
    expect(JSON.stringify(calls.at(-1)?.body['messages'])).toContain('Poem 3: ');
    expect(calls.at(-1)?.prompt).toBe(PROMPT);
  });

  it('says on the task which step failed, and goes on once that step is retried', async () => {
    const failing: ModelHandler = (request) =>
      request.prompt.includes('snow') && !request.prompt.includes('rivers') && request.schemaName === undefined
        ? ''
        : poet(request);
    phase = await openPhase({ handler: failing, env: { RESIDENT_MAX_REQUEUE_ATTEMPTS: '1' } });
    await phase.worker('add', 'poems', PROMPT, '--decompose');
    await phase.worker('run', '--until-idle');
    const parent = await show('poems');
    expect(parent.status).toBe('failed');
    expect(parent.reasons.at(-1)).toContain('poems__phase4_03 (Write a couplet about snow) is failed');
    expect(await explain('poems')).toMatchObject({
      because: expect.stringContaining('poems__phase4_03'),
      action: 'pnpm worker retry poems__phase4_03',
    });
    phase.model.handle(poet);
    await phase.worker('retry', 'poems__phase4_03');
    await phase.worker('run', '--until-idle');
    expect((await show('poems')).output).toContain('Poem 3: ');
  });

  it('shows the steps before anything enters, and takes them back while none has started', async () => {
    phase = await openPhase({ handler: poet });
    const preview = JSON.parse((await phase.worker('add', 'poems', PROMPT, '--decompose', '--dry-run', '--json')).stdout);
    expect(preview.tasks[0]).toMatchObject({ id: 'poems', split: true, sure: true });
    expect(preview.tasks[0].steps.map(({ prompt }: { prompt: string }) => prompt)).toEqual(PLAN);
    expect((await phase.worker('show', 'poems')).code).toBe(3);
    await phase.world.add({ id: 'poems', prompt: PROMPT });
    await phase.world.store(async (store) => {
      const [claim] = await store.claim({ worker_id: 'w1', limit: 1, assign: () => ({}) });
      if (!claim) throw new Error('nothing to claim');
      const { task } = claim.record;
      const children = childrenOf(task, breakdown(PROMPT).subtasks, intentOf(task));
      await store.record(claim.lease, { kind: 'expand', children, reason: 'five tasks' });
    });
    expect((await phase.worker('undo', 'poems')).code).toBe(0);
    expect(await phase.world.record('poems')).toMatchObject({ status: 'queued', task: { phase4_skip: true } });
    expect((await phase.world.record('poems__phase4_05')).status).toBe('cancelled');
    expect((await phase.worker('undo', 'poems')).code).toBe(3);
  });

  it('keeps enumerations and quotations whole, and asks a model only where the rules are unsure', async () => {
    const prompt = `Write the welcome page of the harbour museum and mind its long history. ${'It has seen many ships come and go over the years and kept a little of each. '.repeat(4)}`;
    phase = await openPhase({
      handler: (request) => (request.schemaName === 'task_breakdown' ? JSON.stringify({ subtasks: [] }) : poet(request)),
    });
    await phase.world.add({ id: 'list', prompt: 'List apples, pears and plums' }, { id: 'page', prompt, decompose: true });
    await phase.worker('run', '--until-idle');
    expect((await phase.world.record('list')).children).toBeUndefined();
    expect(await phase.world.record('page')).toMatchObject({ status: 'approved' });
    expect((await phase.world.record('page')).children).toBeUndefined();
    expect(phase.model.requests.filter(({ schemaName }) => schemaName === 'task_breakdown')).toHaveLength(1);
  });

  it('ends the same when the worker is killed again and again on the way', async () => {
    phase = await openPhase({ handler: async (request) => ({ text: String(await poet(request)), delayMs: 30 }) });
    await phase.world.add({ id: 'poems', prompt: PROMPT, decompose: true });
    const port = { VIVARIUM_API_PORT: String(phase.apiPort) };
    for (const marker of ['task_expanded', 'poems__phase4_02#1', 'poems__phase4_04#1']) {
      const worker = phase.world.cli(['run', '--until-idle', '--concurrency', '2'], port);
      await phase.world.said(marker);
      worker.child.kill('SIGKILL');
      await worker.ended;
    }
    await phase.worker('run', '--until-idle');
    const parent = await phase.world.record('poems');
    expect(parent).toMatchObject({ status: 'approved', attempt: 1 });
    expect(parent.children).toHaveLength(5);
    const log = await phase.world.lines('execution_log.jsonl');
    expect(log.filter(({ event }) => event === 'task_expanded')).toHaveLength(1);
    expect(log.filter(({ event, part_of }) => event === 'task_added' && part_of === 'poems')).toHaveLength(5);
    expect(log.filter(({ event }) => event === 'task_approved')).toHaveLength(6);
    // No answer was bought twice.
    const bought = phase.model.requests.filter(({ schemaName }) => schemaName === undefined).map(({ prompt }) => prompt);
    expect(bought).toHaveLength(new Set(bought).size);
  });
});
