import type { ModelHandler } from '@vivarium/core/testing';
import { afterEach, describe, expect, it } from 'vitest';
import { openPhase, type PhaseWorld } from './phase-kit.ts';

let phase: PhaseWorld;
afterEach(() => phase.close());

const approve = JSON.stringify({ verdict: 'APPROVE', confidence: 0.95, issues: [], suggestions: [] });
/** A critic that likes everything, and answers by task. */
const answering =
  (answers: Readonly<Record<string, string | readonly string[]>>): ModelHandler =>
  ({ schemaName, prompt, index }) => {
    if (schemaName === 'critic_verdict') return approve;
    const found = Object.entries(answers).find(([words]) => prompt.includes(words))?.[1] ?? `Answer ${index}`;
    if (typeof found === 'string') return found;
    const seen = phase.model.requests.filter((request) => request.schemaName === undefined && request.prompt === prompt).length;
    return found[Math.min(seen, found.length) - 1] ?? '';
  };

const TIDES =
  'The moon pulls the water on the near side more than the earth itself, and the earth more than the water on the far side; so there are two bulges, and a coast passes both of them in a little more than a day.';

describe('phase 3 and 4: what no critic can talk away', () => {
  it('rejects an answer that breaks a stated constraint, names it to the next attempt, and accepts what keeps it', async () => {
    phase = await openPhase({
      handler: answering({
        tides: ['Tides come from the Moon. As Galileo wrote, water follows it.', 'Tides come from the Moon.'],
      }),
    });
    await phase.world.add({ id: 't1', prompt: 'Explain the tides in one sentence. Do not mention Galileo.' });
    await phase.worker('run', '--until-idle');
    const record = await phase.world.record('t1');
    expect(record).toMatchObject({ status: 'approved', attempt: 2, outcome: { result_summary: 'Tides come from the Moon.' } });
    expect(record.reasons.join('\n')).toMatch(/Galileo/);
    const second = phase.model.requests.filter(({ schemaName }) => schemaName === undefined)[1];
    const messages = JSON.stringify(second?.body['messages']);
    expect(messages).toContain('was rejected');
    expect(messages).toMatch(/mentions \\+"Galileo/);
    expect(second?.prompt).toBe('Explain the tides in one sentence. Do not mention Galileo.');
    expect(record.intent?.anti_goals.join(' ')).toContain('Galileo');
  });

  it('rejects invented tool output, mere plans and another task’s answer, whatever the critic says', async () => {
    phase = await openPhase({
      handler: answering({
        tides: TIDES,
        currents: TIDES,
        suite: 'I ran the test suite and all 42 tests passed.',
        plan: 'I will first look at the map. Then I will write the route.',
      }),
      env: { RESIDENT_MAX_REQUEUE_ATTEMPTS: '1' },
    });
    await phase.world.add(
      { id: 'tides', prompt: 'Explain the tides' },
      { id: 'suite', prompt: 'Check whether the suite of the project works' },
      { id: 'plan', prompt: 'Draw a plan of the walk' },
      { id: 'copy', prompt: 'Explain ocean currents', depends_on: ['tides'] },
    );
    await phase.worker('run', '--until-idle');
    const reason = async (id: string) => (await phase.world.record(id)).reasons.at(-1) ?? '';
    expect((await phase.world.record('tides')).status).toBe('approved');
    expect(await reason('suite')).toContain('nothing of the kind happened');
    expect(await reason('plan')).toContain('going to do');
    expect(await reason('copy')).toContain('approved output of another task (tides)');
  });

  it('asks its person once when an unclear task says clarify, and runs it as it is after that', async () => {
    phase = await openPhase();
    await phase.world.add({ id: 't1', prompt: 'Fix it', clarify: true }, { id: 't2', prompt: 'Fix it' });
    await phase.worker('run', '--until-idle');
    const held = await phase.world.record('t1');
    expect(held).toMatchObject({ status: 'queued', hold: { kind: 'clarify', action: 'pnpm worker retry t1' } });
    expect(held.hold?.reason).toContain('What exactly should be done');
    expect((await phase.world.record('t2')).status).toBe('approved');
    await phase.worker('retry', 't1');
    await phase.worker('run', '--until-idle');
    expect((await phase.world.record('t1')).status).toBe('approved');
  });
});
