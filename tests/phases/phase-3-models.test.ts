import { readFile, writeFile } from 'node:fs/promises';
import { type ModelHandler, obliging } from '@vivarium/core/testing';
import { afterEach, describe, expect, it } from 'vitest';
import type { TestWorld } from '../e2e/worker-kit.ts';
import { openInside, openPhase } from './phase-kit.ts';

const FAST = 'openai/gpt-oss-20b';
const SMART = 'openai/gpt-oss-120b';
const PLAIN = 'Tell the story of how the town got its clock tower, and of the people who built it';
const verdict = (word: string) =>
  JSON.stringify({ verdict: word, confidence: 0.9, issues: word === 'REJECT' ? ['it is too thin'] : [], suggestions: [] });

/** A critic that rejects what these models wrote; each answer names its model. */
const rejecting =
  (...models: string[]): ModelHandler =>
  ({ schemaName, prompt, model }) => {
    if (schemaName !== 'critic_verdict') return `A whole story, told by ${model}`;
    return verdict(models.some((one) => prompt.includes(`told by ${one}`)) ? 'REJECT' : 'APPROVE');
  };

let world: TestWorld;
afterEach(() => world.close());

async function open(handler: ModelHandler, env: Record<string, string> = {}) {
  const inside = await openInside(handler, env);
  ({ world } = inside);
  const asked = () => inside.model.requests.filter(({ schemaName }) => schemaName === undefined).map(({ model }) => model);
  return { ...inside, asked };
}

const history = async () => JSON.parse(await readFile(world.paths.modelHistory, 'utf8'));

describe('phase 3: the model of a task', () => {
  it('goes one tier up after a rejected attempt, once, and says so on the task; one that is named stays', async () => {
    const { run } = await open(rejecting(FAST, SMART));
    const records = await run([
      { id: 'free', prompt: PLAIN },
      { id: 'named', prompt: PLAIN, model: FAST },
    ]);
    expect(records.map(({ status }) => status)).toEqual(['failed', 'failed']);
    const decisions = (id: string) =>
      world.store((store) =>
        store.history(id).flatMap((event) => (event.event === 'task_executed' ? event.outcome.model_decision : [])),
      );
    const told = (await decisions('free')).map((decision) => [decision?.model, decision?.rule]);
    expect(told).toEqual([
      [FAST, 'default'],
      [SMART, 'cascade'],
      [SMART, 'default'],
    ]);
    expect((await decisions('named')).map((decision) => decision?.model)).toEqual([FAST, FAST, FAST]);
  });

  it('does not go up for a provider that failed', async () => {
    let calls = 0;
    const { run, asked } = await open((request) => {
      if (request.schemaName === undefined && ++calls <= 4) return { status: 500 };
      return rejecting()(request);
    });
    const [record] = await run([{ id: 't1', prompt: PLAIN }]);
    expect(record?.status).toBe('approved');
    expect(new Set(asked())).toEqual(new Set([FAST]));
  });

  it('asks the person when the step up costs more than is left', async () => {
    const { run, asked } = await open(rejecting(FAST));
    const [record] = await run([{ id: 't1', prompt: PLAIN, max_tokens: 8000, max_budget: 0.0035, critic_model: FAST }]);
    expect(asked()).toEqual([FAST]);
    expect(record).toMatchObject({ hold: { kind: 'budget', reason: expect.stringContaining('failed verification') } });
  });

  it('starts a tier up where the cheapest failed before, over a restart, until its entry is deleted', async () => {
    const { run, asked, restart } = await open(rejecting(FAST), { RESIDENT_MAX_REQUEUE_ATTEMPTS: '1' });
    const story = (n: number) => ({
      id: `s${n}`,
      prompt: `Tell the story of the lighthouse keeper number ${n} of the northern coast`,
    });
    const failed = await run([story(1), story(2), story(3)]);
    expect(failed.map((record) => record?.status)).toEqual(['failed', 'failed', 'failed']);
    await restart();
    const [fourth, other] = await run([story(4), { id: 'other', prompt: PLAIN }]);
    expect(fourth).toMatchObject({
      status: 'approved',
      outcome: { model: SMART, model_decision: { rule: 'history', signals: ['failed_before'] } },
    });
    expect(other?.outcome?.model).toBe(FAST);
    expect(asked()).toEqual([FAST, FAST, FAST, SMART, FAST]);
    const kept = await history();
    expect(Object.values(kept.patterns)).toMatchObject([{ failures: 3 }]);
    await writeFile(world.paths.modelHistory, JSON.stringify({ ...kept, patterns: {} }));
    expect((await run([story(5)]))[0]?.outcome?.model).toBe(FAST);
  });

  it('stays where it is after a hold without a verdict', async () => {
    let clear = false;
    const { run, asked } = await open((request) =>
      request.schemaName === 'critic_verdict' && !clear ? 'LGTM!' : rejecting()(request),
    );
    const [held] = await run([{ id: 't1', prompt: PLAIN }]);
    expect(held?.hold?.kind).toBe('review');
    clear = true;
    await world.store((store) => store.decide('t1', { kind: 'retry' }, 'human'));
    await run([]);
    expect(await world.record('t1')).toMatchObject({ status: 'approved', attempt: 2 });
    expect(asked()).toEqual([FAST, FAST]);
  });

  it('learns while it runs, and from what was judged while no API ran, and counts each verdict once', async () => {
    const { run, restart } = await open(rejecting(FAST));
    const story = (n: number) => ({ id: `s${n}`, prompt: `Tell the story of keeper number ${n} of the northern coast` });
    const [first] = await run([story(1)]);
    expect(first).toMatchObject({ status: 'approved', attempt: 2, outcome: { model: SMART } });
    await restart();
    await restart();
    expect(Object.values((await history()).patterns)).toMatchObject([{ failures: 1, weight: 1 }]);
    await run([story(2)]);
    await run([story(3)]);
    const [fourth] = await run([story(4)]);
    expect(fourth).toMatchObject({ attempt: 1, outcome: { model: SMART, model_decision: { rule: 'history' } } });
    expect(Object.values((await history()).patterns)).toMatchObject([{ failures: 3 }]);
  });

  it('is shown by the command line, with what it was thought to cost and what it did', async () => {
    const phase = await openPhase({ handler: obliging });
    world = phase.world;
    await world.add({ id: 't1', prompt: 'Design the architecture of a distributed queue for the harbour' });
    await phase.worker('run', '--until-idle');
    const { outcome } = JSON.parse((await phase.worker('show', 't1', '--json')).stdout);
    expect(outcome.model_decision).toMatchObject({ model: SMART, tier: 'smart', rule: 'complex' });
    expect((await phase.worker('show', 't1')).stdout).toMatch(
      /model: {3}openai\/gpt-oss-120b \(smart\), the task looks complex; at most \$/,
    );
    const audit = await world.lines('.swarm/audit/api.jsonl');
    expect(audit.map(({ model_decision }) => model_decision)).toEqual([
      expect.objectContaining({ rule: 'complex' }),
      expect.objectContaining({ rule: 'override', reason: `the critic is set to ${SMART}` }),
    ]);
  });
});
