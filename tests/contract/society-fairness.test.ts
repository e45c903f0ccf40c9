import { actorOf, type SocietyStore, seeded, shuffled, winnerOf } from '@vivarium/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { NAMES, ok, TestWorld, tip } from './society-world.ts';

let world: TestWorld;
let society: SocietyStore;
beforeEach(async () => {
  world = new TestWorld();
  society = await world.open();
});
afterEach(() => world.close());

const act = (actor: string, action: string, args: object = {}) => society.ask(actorOf(actor), action, args);
const sums = () => [...society.world.tokens.balances].sort();

/** χ² of counts against equal shares. 13.28 is passed by chance once in a hundred (four degrees of freedom). */
const chiSquare = (counts: readonly number[]) => {
  const expected = counts.reduce((sum, n) => sum + n, 0) / counts.length;
  return counts.reduce((sum, n) => sum + (n - expected) ** 2 / expected, 0);
};

describe('who comes first', () => {
  it('has no better chance: equal bids win alike wherever they stood (χ², p > 0.01), and so does everybody', () => {
    const bidders = Object.keys(NAMES);
    const byArrival = new Map<number, number>();
    const byName = new Map<string, number>();
    for (let n = 0; n < 5_000; n++) {
      const arrived = shuffled(bidders, `arrival ${n}`);
      const winner = winnerOf(
        arrived.map((identity_id) => ({ identity_id, price: 7, pitch: '-' })),
        `auction ${n}`,
      );
      byArrival.set(arrived.indexOf(winner ?? ''), (byArrival.get(arrived.indexOf(winner ?? '')) ?? 0) + 1);
      byName.set(winner ?? '', (byName.get(winner ?? '') ?? 0) + 1);
    }
    expect([byArrival.size, byName.size]).toEqual([5, 5]);
    expect(chiSquare([...byArrival.values()])).toBeLessThan(13.28);
    expect(chiSquare([...byName.values()])).toBeLessThan(13.28);
  });

  it('sees no bid before all are opened, through the door', async () => {
    const random = seeded('prices');
    const { bounty_id } = ok(await act('human', 'create_bounty', { title: 'Map it', reward: 9, bid_hours: 1 }));
    for (const id of shuffled(Object.keys(NAMES), 'order')) {
      ok(await act(id, 'place_bid', { bounty_id, price: 5 + Math.floor(random() * 3), pitch: 'Nobody knows this' }));
      expect(JSON.stringify(society.bounties())).not.toContain('Nobody knows this');
    }
    expect(society.bounties()).toMatchObject([{ bidding: { bids: 5 } }]);
    expect(await act('ada', 'place_bid', { bounty_id, price: 1 })).toMatchObject({ reason: 'already_bid' });
    expect(await act('human', 'open_bids', { bounty_id })).toMatchObject({ reason: 'bids_sealed' });
    world.clock.advance(3_600_000);
    expect(await act('runtime', 'open_bids', { bounty_id })).toMatchObject({ ok: true, winner: expect.any(String) });
    expect(await act('ben', 'place_bid', { bounty_id, price: 1 })).toMatchObject({ reason: 'bids_opened' });
  });
});

describe('a new name', () => {
  it('gains nothing: wallet, limits, votes, trust, grants and membership stay with who it is', async () => {
    for (const id of ['ada', 'ben', 'cyn']) await tip(society, id, 200);
    ok(await act('ada', 'found_guild', { name: 'Ink' }));
    ok(await act('runtime', 'record_outcome', { identity_id: 'ada', task_id: 't', verdict: 'rejected' }));
    const { journal_id } = ok(await act('ben', 'write_journal', { content: 'I learned a pattern' }));
    ok(await act('ada', 'vote_journal', { journal_id, vote: 'exceptional', reason: 'clear' }));
    ok(await act('ada', 'gift_tokens', { identity_id: 'ben', amount: 50 }));
    ok(await act('ada', 'gift_tokens', { identity_id: 'ben', amount: 50 }));
    world.clock.setWall('2026-11-24T23:00:00.000Z');
    const before = society.profile('ada');
    const wealth = society.wallet('ada').tokens;
    ok(await act('ada', 'edit_self', { changes: { name: 'Saffron' }, reason: 'A name that says what I have become by now' }));
    const after = society.profile('ada');
    expect(after?.identity.name).toBe('Saffron');
    expect(society.wallet('ada').tokens).toBeLessThan(wealth);
    expect([after?.person.trust, after?.guild_id, after?.person.sessions]).toEqual([before?.person.trust, before?.guild_id, 0]);
    expect(await act('ada', 'vote_journal', { journal_id, vote: 'accept', reason: 'again' })).toMatchObject({
      reason: 'already_voted',
    });
    expect(await act('ada', 'gift_tokens', { identity_id: 'ben', amount: 1 })).toMatchObject({ reason: 'exceeds_daily_limit' });
    expect(await act('runtime', 'record_outcome', { identity_id: 'ada', task_id: 't', verdict: 'approved' })).toMatchObject({
      reason: 'already_recorded',
    });
    world.clock.setWall('2026-11-29T10:00:00.000Z');
    ok(await act('runtime', 'grant_sunday', { identity_id: 'ada' }));
    expect(await act('runtime', 'grant_sunday', { identity_id: 'ada' })).toMatchObject({ reason: 'already_received' });
  });
});

describe('an amount that is none', () => {
  const BAD = [0, -1, -50, 0.5, 1e9, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53, '10', null];

  it('is refused by every act that moves tokens, and nothing moves', async () => {
    for (const id of ['ada', 'ben']) await tip(society, id, 300);
    const { guild_id } = ok(await act('ada', 'found_guild', { name: 'Ink' }));
    const { pool_id } = ok(await act('ada', 'create_pool', { name: 'Paper' }));
    ok(await act('ada', 'contribute_pool', { pool_id, amount: 50 }));
    ok(await act('ada', 'contribute_treasury', { amount: 50 }));
    ok(await act('ada', 'gift_tokens', { identity_id: 'ben', amount: 25 }));
    const { bounty_id } = ok(await act('human', 'create_bounty', { title: 'Map', reward: 20 }));
    ok(await act('ben', 'submit_bounty', { bounty_id, description: 'The whole map, drawn and checked' }));
    const acts: [string, string, (amount: unknown) => object][] = [
      ['ada', 'gift_tokens', (amount) => ({ identity_id: 'ben', amount })],
      ['ada', 'contribute_pool', (amount) => ({ pool_id, amount })],
      ['ben', 'draw_pool', (amount) => ({ pool_id, amount, purpose: 'ink' })],
      ['ada', 'contribute_treasury', (amount) => ({ amount })],
      ['ada', 'spend_treasury', (amount) => ({ guild_id, amount, purpose: 'paper' })],
      ['ada', 'create_bounty', (reward) => ({ title: 'More', reward })],
      ['human', 'create_bounty', (reward) => ({ title: 'More', reward })],
      ['human', 'complete_bounty', (winner_reward) => ({ bounty_id, winner_reward: winner_reward === 0 ? -1 : winner_reward })],
      ['human', 'tip', (amount) => ({ identity_id: 'ada', amount, reason: 'for it' })],
      ['human', 'grant_from_commons', (amount) => ({ identity_id: 'ada', amount, reason: 'for it' })],
    ];
    const before = sums();
    for (const [actor, action, args] of acts)
      for (const amount of BAD)
        expect(await act(actor, action, args(amount)), `${action} ${String(amount)}`).toMatchObject({ ok: false });
    expect(sums()).toEqual(before);
  });
});
