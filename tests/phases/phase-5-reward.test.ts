import { afterEach, describe, expect, it } from 'vitest';
import { openPhase, type PhaseWorld } from './phase-kit.ts';

let phase: PhaseWorld;
afterEach(() => phase.close());

/** What everybody is granted besides when the tests run on a Sunday. */
const SUNDAY_TOKENS = new Date().getUTCDay() === 0 ? 500 : 0;

type Wallet = { id: string; tokens: number; journal_tokens: number };
const wallets = async (): Promise<Wallet[]> =>
  (await phase.worker('resident', 'list', '--json')).stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
    .map((wallet: Wallet) => ({ ...wallet, tokens: wallet.tokens - SUNDAY_TOKENS }));

describe('phase 5: rewards', () => {
  it('pays approved work under budget once, into one wallet, split seventy to thirty', async () => {
    phase = await openPhase();
    await phase.worker('add', 't1', 'Say hello', '--max-budget', '0.10');
    await phase.worker('run', '--until-idle');
    await phase.worker('run', '--until-idle');
    const event = (await phase.world.lines('execution_log.jsonl')).at(-1);
    expect(event).toMatchObject({ status: 'approved', phase5_reward_applied: true, phase5_reward_tokens_requested: 10 });
    const paid = (await wallets()).filter(({ tokens, journal_tokens }) => tokens + journal_tokens > 0);
    expect(paid).toMatchObject([{ id: event?.['phase5_reward_identity'], tokens: 7, journal_tokens: 3 }]);
    const view = (await phase.world.json('.swarm/phase5_reward_ledger.json')) as { version: number; grants: object };
    expect(view).toMatchObject({ version: 1 });
    expect(Object.keys(view.grants)).toEqual([`t1::${paid[0]?.id}`]);
    // The event came first, so it does not say that anything was booked; the ledger's own entry does.
    expect(event).toMatchObject({ phase5_reward_ledger_recorded: false, phase5_reward_granted_at: null });
    const [grant] = Object.values(view.grants) as { granted_at: string }[];
    expect(grant && grant.granted_at >= String(event?.['timestamp'])).toBe(true);
    expect((await phase.worker('ledger', 'verify')).code).toBe(0);
  });

  it('pays nothing for simulated work', async () => {
    phase = await openPhase({ env: { VIVARIUM_PROVIDER: 'scripted' } });
    await phase.worker('add', 't1', 'Say hello');
    await phase.worker('run', '--until-idle');
    const shown = JSON.parse((await phase.worker('show', 't1', '--json')).stdout);
    expect(shown).toMatchObject({ status: 'approved', outcome: { simulated: true, budget_used: 0 } });
    expect((await wallets()).every(({ tokens, journal_tokens }) => tokens + journal_tokens === 0)).toBe(true);
  });

  it('tells the room once, and only what was approved', async () => {
    let reviews = 0;
    phase = await openPhase({
      handler: ({ schemaName }) => {
        if (schemaName !== 'critic_verdict') return 'An answer';
        reviews += 1;
        return JSON.stringify({ verdict: reviews === 1 ? 'REJECT' : 'APPROVE', confidence: 1, issues: [], suggestions: [] });
      },
    });
    await phase.worker('add', 't1', 'Say hello', '--room', 'project_war_room');
    await phase.worker('run', '--until-idle');
    const said = await phase.world.lines('.swarm/discussions/project_war_room.jsonl');
    expect(said).toHaveLength(1);
    expect(said[0]).toMatchObject({ room: 'project_war_room', mood: 'focused' });
    expect(String(said[0]?.['content'])).toContain('An answer');
  });

  it('refuses a cap that pays for no call with exit 5, and holds one from the queue with that reason', async () => {
    phase = await openPhase();
    expect((await phase.worker('add', 'poor', 'Say hello', '--max-budget', '0.0000001')).code).toBe(5);
    const { writeFile } = await import('node:fs/promises');
    const task = { id: 'poor', prompt: 'Say hello', min_budget: 0, max_budget: 0.0000001 };
    await writeFile(phase.world.paths.queue, JSON.stringify({ tasks: [task] }));
    await phase.worker('run', '--until-idle');
    const explained = JSON.parse((await phase.worker('explain', 'poor', '--json')).stdout);
    expect(explained).toMatchObject({ mover: { kind: 'person' } });
    expect(explained.because).toMatch(/budget|pays/i);
    expect(phase.model.calls).toBe(0);
  });
});
