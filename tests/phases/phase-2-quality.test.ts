import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { openPhase, type PhaseWorld } from './phase-kit.ts';

let phase: PhaseWorld;
afterEach(() => phase.close());

const show = async (id: string) => JSON.parse((await phase.worker('show', id, '--json')).stdout);

describe('phase 2: review on evidence', () => {
  it('holds for a person when the critic cannot be understood; approving it pays once, twice changes nothing', async () => {
    phase = await openPhase({
      handler: ({ schemaName }) => (schemaName === 'critic_verdict' ? 'Looks good to me!' : 'An answer'),
    });
    await phase.worker('add', 't1', 'Explain tides');
    const began = performance.now();
    await phase.worker('run', '--until-idle');
    expect(performance.now() - began).toBeLessThan(32_000);
    expect(phase.model.requests.filter(({ schemaName }) => schemaName === undefined)).toHaveLength(1);
    expect(await show('t1')).toMatchObject({
      status: 'pending_review',
      explain: { mover: { kind: 'person' }, action: 'pnpm worker approve t1' },
    });
    expect((await phase.world.events('t1')).at(-1)).toBe('task_held');
    expect((await phase.worker('approve', 't1')).code).toBe(0);
    expect(await show('t1')).toMatchObject({ status: 'approved', review: { by: 'person' } });
    const again = await phase.worker('approve', 't1');
    expect(again.code).toBe(3);
    const ledger = readFileSync(join(phase.world.root, '.swarm/ledger.jsonl'), 'utf8');
    expect(ledger.match(/"key":"reward:t1::/g)).toHaveLength(1);
    expect((await phase.worker('ledger', 'verify', '--json')).stdout).toContain('"ok":true');
  });

  it('holds when the critic’s provider is down, within half a minute', async () => {
    phase = await openPhase({
      handler: ({ schemaName }) => (schemaName === 'critic_verdict' ? { status: 503, text: 'down' } : 'An answer'),
    });
    await phase.worker('add', 't1', 'Explain tides');
    const began = performance.now();
    await phase.worker('run', '--until-idle');
    expect(performance.now() - began).toBeLessThan(32_000);
    expect((await show('t1')).status).toBe('pending_review');
    expect(phase.model.requests.filter(({ schemaName }) => schemaName === undefined)).toHaveLength(1);
  });

  it('makes the first rejection final when one attempt is allowed, and retry gives another', async () => {
    const rejecting = JSON.stringify({ verdict: 'REJECT', confidence: 0.9, issues: ['no sources'], suggestions: [] });
    phase = await openPhase({
      handler: ({ schemaName }) => (schemaName === 'critic_verdict' ? rejecting : 'An answer'),
      env: { RESIDENT_MAX_REQUEUE_ATTEMPTS: '1' },
    });
    await phase.worker('add', 't1', 'Explain tides');
    await phase.worker('run', '--until-idle');
    expect(await show('t1')).toMatchObject({ status: 'failed', attempt: 1 });
    expect((await show('t1')).reasons.at(-1)).toContain('no sources');
    phase.model.handle(({ schemaName }) =>
      schemaName === 'critic_verdict' ? rejecting.replace('REJECT', 'MINOR_ISSUES') : 'An answer with sources',
    );
    expect((await phase.worker('retry', 't1')).code).toBe(0);
    await phase.worker('run', '--until-idle');
    expect(await show('t1')).toMatchObject({ status: 'approved', attempt: 2, review: { verdict: 'MINOR_ISSUES' } });
  });

  it('rejects a refusal without asking anybody', async () => {
    phase = await openPhase({
      handler: () => "I'm sorry, but I can't help with that.",
      env: { RESIDENT_MAX_REQUEUE_ATTEMPTS: '1' },
    });
    await phase.worker('add', 't1', 'Explain tides');
    await phase.worker('run', '--until-idle');
    expect((await show('t1')).reasons.at(-1)).toContain('refuses');
    expect(phase.model.calls).toBe(1);
  });

  it('waits for a person with a rejection’s reason as the next attempt’s feedback', async () => {
    phase = await openPhase({ env: { VIVARIUM_APPROVAL: 'human' } });
    await phase.worker('add', 't1', 'Explain tides');
    await phase.worker('run', '--until-idle');
    expect((await phase.worker('reject', 't1')).code).toBe(2);
    expect((await phase.worker('reject', 't1', '--reason', 'name the moon')).code).toBe(0);
    await phase.worker('run', '--until-idle');
    expect(JSON.stringify(phase.model.requests.at(-1)?.body['messages'])).toContain('name the moon');
    expect((await show('t1')).status).toBe('pending_review');
  });

  it('is done without a model where a command or skill can do it, and says what is missing where not', async () => {
    phase = await openPhase({ env: { VIVARIUM_PROVIDER: 'none', GROQ_API_KEY: '' } });
    await phase.worker('add', 'lines', 'Count lines', '--skill', 'count_lines');
    await phase.worker('add', 'words', 'Explain tides');
    await phase.worker('run', '--until-idle');
    expect(await show('lines')).toMatchObject({
      status: 'approved',
      outcome: { tool_name: 'count_lines', model_call_avoided: true },
    });
    const held = await show('words');
    expect(held).toMatchObject({ status: 'queued', explain: { mover: { kind: 'person' } } });
    expect(held.held).toMatch(/GROQ_API_KEY|model/);
  });
});
