import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { actorOf, asResident, drawValidators, dueActs, eligibleValidators, type SocietyStore } from '@vivarium/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ok, TestWorld, tip } from './society-world.ts';

let world: TestWorld;
let society: SocietyStore;
const json = (file: string) => JSON.parse(readFileSync(file, 'utf8'));
const balance = (account: string) => society.world.tokens.balances.get(account) ?? 0;
const free = (id: string) => society.wallet(id).tokens;
const act = (actor: string, action: string, args: object = {}) => society.ask(actorOf(actor), action, args);

beforeEach(async () => {
  world = new TestWorld();
  society = await world.open();
});
afterEach(() => world.close());

describe('journals', () => {
  const write = async (who = 'ada') =>
    ok(await act(who, 'write_journal', { content: 'I learned a pattern today' }))['journal_id'] ?? '';
  const vote = (who: string, journal_id: string, ballot: string) =>
    act(who, 'vote_journal', { journal_id, vote: ballot, reason: 'because' });

  it('costs the journal pool first, is voted on blindly, and the third vote decides and pays', async () => {
    await tip(society, 'ada', 20);
    const journal_id = await write();
    expect(society.wallet('ada')).toMatchObject({ tokens: 10, journal_tokens: 0 });
    const [seen] = await society.journals('ben');
    expect(seen).toMatchObject({ journal_id, review_excerpt: 'I learned a pattern today', votes: 0 });
    expect(JSON.stringify(seen)).not.toMatch(/ada|Fennel/);
    expect(await vote('ada', journal_id, 'accept')).toMatchObject({ reason: 'author_cannot_vote' });
    expect(await act('ben', 'vote_journal', { journal_id, vote: 'accept', reason: 'x' })).toMatchObject({
      reason: 'invalid_arguments',
    });
    ok(await vote('ben', journal_id, 'exceptional'));
    expect(await vote('ben', journal_id, 'accept')).toMatchObject({ reason: 'already_voted' });
    ok(await vote('cyn', journal_id, 'exceptional'));
    expect(await vote('dov', journal_id, 'accept')).toMatchObject({ ok: true, status: 'accepted' });
    expect(await vote('eve', journal_id, 'accept')).toMatchObject({ reason: 'journal_already_resolved' });
    expect(free('ada')).toBe(24);
    const [after] = await society.journals('ben');
    expect(after).not.toHaveProperty('review_excerpt');
    expect(after).toMatchObject({ author_name: 'Fennel', status: 'accepted' });
    expect(readFileSync(world.paths.tokenLedger, 'utf8')).not.toContain('I learned a pattern');
  });

  it('is voted on by those who were drawn, who are neither of its author’s guild nor its frequent partners', async () => {
    const more = ['fay', 'gil', 'hal', 'ivo', 'jon', 'kim', 'lea', 'mia', 'noa', 'oda', 'pia'];
    for (const id of more) world.settle({ id, name: `Name of ${id}` });
    await society.refresh();
    const { guild_id } = ok(await act('ada', 'found_guild', { name: 'Moss' }));
    const { request_id } = ok(await act('ben', 'request_guild', { guild_id, message: 'please' }));
    ok(await act('ada', 'vote_guild', { request_id, vote: 'accept', reason: 'welcome' }));
    for (let n = 0; n < 6; n++) ok(await act('ada', 'thank', { identity_id: 'cyn', message: `thanks ${n}` }));
    await tip(society, 'ada', 100);
    const panels = new Set<string>();
    for (let n = 0; n < 6; n++) {
      const journal_id = await write();
      const others = ['ben', 'cyn', 'dov', 'eve', ...more];
      const seen = async (who: string) => (await society.journals(who))[0];
      const asked = await Promise.all(others.map(async (who) => ((await seen(who))?.['asked'] ? [who] : [])));
      const panel = asked.flat();
      expect(panel).toHaveLength(5);
      for (const who of ['ben', 'cyn']) expect(panel).not.toContain(who);
      panels.add(panel.join());
      const left = others.find((who) => !panel.includes(who) && who !== 'ben' && who !== 'cyn') ?? '';
      expect(await seen(left)).not.toHaveProperty('review_excerpt');
      for (const who of ['ben', 'cyn', left])
        expect(await vote(who, journal_id, 'accept')).toMatchObject({ reason: 'not_drawn' });
      ok(await act('human', 'vote_journal', { journal_id, vote: 'accept', reason: 'because' }));
    }
    expect(panels.size).toBeGreaterThan(1);
    const woken = await Promise.all(['ben', 'cyn'].map((who) => society.wakeUp(who, 'anything')));
    for (const text of woken) expect(text?.text).not.toContain('vote_journal');
  });

  it('is mediated by an impartial third party, who is drawn when nobody takes it up', async () => {
    await tip(society, 'ada', 20);
    const journal_id = await write();
    for (const who of ['ben', 'cyn', 'human']) ok(await vote(who, journal_id, 'reject'));
    for (const id of ['fay', 'gil']) world.settle({ id, name: `Name of ${id}` });
    await society.refresh();
    const { guild_id } = ok(await act('ben', 'found_guild', { name: 'Moss' }));
    const { request_id } = ok(await act('dov', 'request_guild', { guild_id, message: 'please' }));
    ok(await act('ben', 'vote_guild', { request_id, vote: 'accept', reason: 'welcome' }));
    const target = { target_type: 'journal', target_id: journal_id, reason: 'nobody read it' };
    const { dispute_id } = ok(await act('ada', 'open_dispute', target));
    const resolve = { dispute_id, outcome: 'uphold', notes: 'they read it' };
    for (const who of ['eve', 'fay', 'gil']) ok(await act(who, 'wear_hat', { hat: 'Hat of Objectivity' }));
    const due = () =>
      dueActs(society.world, world.clock.now().toISOString()).flatMap((act) => (act.action === 'appoint_mediator' ? [act] : []));
    expect(due()).toEqual([]);
    world.clock.advance(3_600_000);
    const [drawn] = due();
    ok(await act('runtime', 'appoint_mediator', { ...drawn?.args }));
    const mediator = String(drawn?.args.identity_id);
    expect(['eve', 'fay', 'gil']).toContain(mediator);
    expect((await society.wakeUp(mediator, 'anything'))?.text).toContain(`you mediate ${dispute_id}`);
    expect(due()).toEqual([]);
    ok(await act(mediator, 'resolve_dispute', resolve));
  });

  it('makes gaming dearer for two days', async () => {
    await tip(society, 'ada', 100);
    const journal_id = await write();
    for (const [who, ballot] of [
      ['ben', 'gaming'],
      ['cyn', 'gaming'],
      ['dov', 'exceptional'],
    ] as const)
      ok(await vote(who, journal_id, ballot));
    expect(await act('ada', 'write_journal', { content: 'again' })).toMatchObject({ cost: 13 });
    world.clock.advance(2 * 86_400_000);
    expect(await act('ada', 'write_journal', { content: 'once more' })).toMatchObject({ cost: 10 });
  });

  it('keeps private notes to their author, free of charge', async () => {
    ok(await act('ada', 'write_journal', { content: 'for me', journal_type: 'private' }));
    expect(await society.journals('ben')).toEqual([]);
    expect(await society.journals('ada')).toMatchObject([{ content: 'for me', status: 'private' }]);
  });

  it('takes a reopened payout back and pays a second acceptance once', async () => {
    await tip(society, 'ada', 20);
    const journal_id = await write();
    for (const who of ['ben', 'cyn', 'dov']) ok(await vote(who, journal_id, 'exceptional'));
    expect(free('ada')).toBe(30);
    expect(await act('eve', 'open_dispute', { target_type: 'journal', target_id: journal_id, reason: 'unfair' })).toMatchObject({
      reason: 'not_a_party',
    });
    const { dispute_id, room } = ok(
      await act('ben', 'open_dispute', { target_type: 'journal', target_id: journal_id, reason: 'too kind' }),
    );
    expect((await society.room(room ?? '', 'eve'))?.lines).toMatchObject([{ author_id: 'SYSTEM' }]);
    expect(await act('eve', 'resolve_dispute', { dispute_id, outcome: 'reopen', notes: 'look again' })).toMatchObject({
      reason: 'hat_required',
    });
    ok(await act('eve', 'wear_hat', { hat: 'hat of objectivity' }));
    ok(await act('ada', 'wear_hat', { hat: 'hat of objectivity' }));
    expect(await act('ada', 'resolve_dispute', { dispute_id, outcome: 'uphold', notes: 'fine' })).toMatchObject({
      reason: 'mediator_must_be_third_party',
    });
    ok(await act('eve', 'resolve_dispute', { dispute_id, outcome: 'reopen', notes: 'look again' }));
    expect(await act('eve', 'resolve_dispute', { dispute_id, outcome: 'reopen', notes: 'twice' })).toMatchObject({
      reason: 'dispute_already_resolved',
    });
    expect(free('ada')).toBe(10);
    for (const who of ['ben', 'cyn', 'dov']) ok(await vote(who, journal_id, 'exceptional'));
    expect(free('ada')).toBe(30);
    expect(balance('mint:journal')).toBe(-20);
  });

  it('remembers what could not be taken back', async () => {
    await tip(society, 'ada', 20);
    const journal_id = await write();
    for (const who of ['ben', 'cyn', 'dov']) ok(await vote(who, journal_id, 'exceptional'));
    ok(await act('ada', 'gift_tokens', { identity_id: 'ben', amount: 25 }));
    const { dispute_id } = ok(
      await act('ben', 'open_dispute', { target_type: 'journal', target_id: journal_id, reason: 'too kind' }),
    );
    ok(await act('human', 'resolve_dispute', { dispute_id, outcome: 'reopen', notes: 'look again' }));
    expect(free('ada')).toBe(0);
    for (const who of ['ben', 'cyn', 'dov']) ok(await vote(who, journal_id, 'exceptional'));
    expect(free('ada')).toBe(5);
    expect(balance('mint:journal')).toBe(-20);
  });
});

describe('guilds', () => {
  const found = async (who = 'ada', name = 'Moss') => ok(await act(who, 'found_guild', { name }))['guild_id'] ?? '';
  const join = async (guild_id: string, who: string, ...voters: string[]) => {
    const { request_id } = ok(await act(who, 'request_guild', { guild_id, message: 'please' }));
    let last: unknown;
    for (const voter of voters) last = await act(voter, 'vote_guild', { request_id, vote: 'accept', reason: 'good work' });
    return { request_id: request_id ?? '', last };
  };

  it('grows from one: the founder admits, then two votes and 60 % do', async () => {
    const guild_id = await found();
    expect(await act('ben', 'found_guild', { name: 'moss!' })).toMatchObject({ reason: 'name_taken' });
    expect((await join(guild_id, 'ben', 'ada')).last).toMatchObject({ status: 'accepted' });
    const { request_id, last } = await join(guild_id, 'cyn', 'ada');
    expect(last).toMatchObject({ status: 'pending' });
    expect(await act('cyn', 'vote_guild', { request_id, vote: 'accept', reason: 'me me' })).toMatchObject({
      reason: 'not_a_member',
    });
    expect(await act('ada', 'vote_guild', { request_id, vote: 'accept', reason: 'again' })).toMatchObject({
      reason: 'already_voted',
    });
    expect(await act('ben', 'vote_guild', { request_id, vote: 'reject', reason: 'not yet' })).toMatchObject({
      status: 'rejected',
    });
    expect((await join(guild_id, 'cyn', 'ada', 'ben')).last).toMatchObject({ status: 'accepted' });
    expect(await act('cyn', 'found_guild', { name: 'Other' })).toMatchObject({ reason: 'already_on_guild' });
    await society.publish();
    expect(json(join2('guilds.json'))).toMatchObject([{ members: ['ada', 'ben', 'cyn'], member_names: { cyn: 'Marrow' } }]);
  });
  const join2 = (name: string) => join_(world.paths.swarm, name);
  const join_ = (a: string, b: string) => `${a}/${b}`;

  it('passes the founder place on and ends with its last member, who gets the treasury', async () => {
    const guild_id = await found();
    await join(guild_id, 'ben', 'ada');
    await tip(society, 'ada', 100);
    ok(await act('ada', 'contribute_treasury', { amount: 40 }));
    ok(await act('ada', 'leave_guild'));
    expect(society.guilds()[0]).toMatchObject({ founder: 'ben', refund_pool: 40 });
    ok(await act('ben', 'leave_guild'));
    expect([society.guilds().length, free('ben'), balance(`guild:${guild_id}`)]).toEqual([0, 40, 0]);
  });

  it('spends its treasury by vote', async () => {
    const guild_id = await found();
    await join(guild_id, 'ben', 'ada');
    await tip(society, 'ada', 100);
    ok(await act('ada', 'contribute_treasury', { amount: 40 }));
    const wish = { guild_id, amount: 30, purpose: 'paper and ink' };
    expect(await act('cyn', 'spend_treasury', wish)).toMatchObject({ reason: 'not_a_member' });
    const { spend_id } = ok(await act('ben', 'spend_treasury', wish));
    expect([free('ben'), await act('ben', 'vote_treasury', { spend_id, vote: 'accept', reason: 'mine' })]).toMatchObject([
      0,
      { reason: 'already_voted' },
    ]);
    expect(await act('ada', 'spend_treasury', wish)).toMatchObject({ ok: true, spend_id, status: 'accepted' });
    expect([free('ben'), balance(`guild:${guild_id}`)]).toEqual([30, 10]);
  });

  it('undoes an admission when its vote is reopened, and suspends what an upheld dispute staked', async () => {
    const guild_id = await found();
    const { request_id } = await join(guild_id, 'ben', 'ada');
    const open = () =>
      act('ben', 'open_dispute', { target_type: 'guild_join', target_id: request_id, reason: 'I want it done again' });
    ok(await act('eve', 'wear_hat', { hat: 'Hat of Objectivity' }));
    const first = ok(await open());
    expect(await open()).toMatchObject({ reason: 'dispute_already_open' });
    ok(await act('eve', 'resolve_dispute', { dispute_id: first['dispute_id'], outcome: 'reopen', notes: 'again' }));
    expect(society.guilds()[0]?.members).toEqual(['ada']);
    expect(await act('ada', 'vote_guild', { request_id, vote: 'accept', reason: 'still yes' })).toMatchObject({
      status: 'accepted',
    });
    const second = ok(await open());
    ok(await act('eve', 'resolve_dispute', { dispute_id: second['dispute_id'], outcome: 'uphold', notes: 'it stands' }));
    world.clock.setWall('2026-11-25T12:00:00.000Z');
    expect(society.profile('ben')?.person.suspended.get('sunday_bonus')).toBe('2026-11-26T12:00:00.000Z');
  });
});

describe('bounties', () => {
  const create = async (part: object = {}, who = 'human') =>
    ok(await act(who, 'create_bounty', { title: 'Map', description: 'the cellar', reward: 60, ...part }))['bounty_id'] ?? '';
  const text = 'Here is the whole map of the cellar';
  const submit = (who: string, bounty_id: string, part: object = {}) =>
    act(who, 'submit_bounty', { bounty_id, description: text, ...part });

  it('holds the reward in escrow and pays once', async () => {
    const bounty_id = await create();
    expect(balance(`escrow:bounty:${bounty_id}`)).toBe(60);
    ok(await act('ada', 'claim_bounty', { bounty_id }));
    expect(await act('ben', 'claim_bounty', { bounty_id })).toMatchObject({ reason: 'bounty_not_open' });
    ok(await act('ada', 'unclaim_bounty', { bounty_id }));
    expect(await act('ada', 'unclaim_bounty', { bounty_id })).toMatchObject({ reason: 'not_claimed_by_you' });
    ok(await submit('ada', bounty_id));
    expect(await submit('ada', bounty_id)).toMatchObject({ reason: 'duplicate_submission' });
    expect(await act('ada', 'complete_bounty', { bounty_id })).toMatchObject({ reason: 'not_yours' });
    expect(await act('human', 'complete_bounty', { bounty_id })).toMatchObject({ ok: true, total_distributed: 60 });
    expect(await act('human', 'complete_bounty', { bounty_id })).toMatchObject({ reason: 'bounty_closed' });
    expect([free('ada'), balance(`escrow:bounty:${bounty_id}`), balance('mint:bounty')]).toEqual([60, 0, -60]);
    const ledger = readFileSync(world.paths.tokenLedger, 'utf8').split('\n');
    const lines = ledger.filter((line) => line.includes('"kind":"bounty_c') && line.includes('postings":[{'));
    expect(lines.length).toBe(2);
    for (const line of lines) expect(line).toMatch(new RegExp(`${bounty_id}[\\s\\S]*escrow`));
  });

  it('pays nothing for worthless work, and gives the escrow back', async () => {
    const bounty_id = await create();
    expect(await submit('ada', bounty_id, { description: 'thin' })).toMatchObject({
      slot_multiplier: 0,
      slot_reason: 'insufficient_contribution',
    });
    expect(await submit('ben', bounty_id)).toMatchObject({ slot_multiplier: 1, slot_reason: 'in_slot' });
    expect(await submit('cyn', bounty_id)).toMatchObject({ slot_multiplier: 0.5, slot_reason: 'overflow', reward_cap: 30 });
    expect(await submit('ben', bounty_id, { description: `${text} again` })).toMatchObject({ slot_reason: 'repeat_submission' });
    const { submission_id } = ok(await submit('dov', bounty_id));
    ok(await act('human', 'review_submission', { bounty_id, submission_id, verdict: 'rejected', evidence: 'copied from ben' }));
    const alone = await create();
    ok(await submit('ada', alone, { description: 'thin' }));
    expect(await act('human', 'complete_bounty', { bounty_id: alone })).toMatchObject({ total_distributed: 0 });
    expect([free('ada'), balance(`escrow:bounty:${alone}`)]).toEqual([0, 0]);
  });

  it('pays winner and runner-up, whom the person may choose; teams share what they won', async () => {
    const bounty_id = await create({ reward: 100, slots: 2 });
    ok(await submit('ada', bounty_id, { members: ['ben', 'cyn'] }));
    const { submission_id } = ok(await submit('dov', bounty_id));
    ok(await act('human', 'top_up_bounty', { bounty_id, amount: 40 }));
    const done = ok(
      await act('human', 'complete_bounty', { bounty_id, winner_submission_id: submission_id, runner_up_reward: 40 }),
    );
    expect(done).toMatchObject({
      total_distributed: 140,
      distributed: [
        { identity: 'dov', amount: 100, place: 1 },
        { identity: 'ada', amount: 14, place: 2 },
        { identity: 'ben', amount: 13, place: 2 },
        { identity: 'cyn', amount: 13, place: 2 },
      ],
    });
    expect(society.wallet('dov')).toMatchObject({ tokens: 70, journal_tokens: 30 });
    expect(balance('mint:bounty')).toBe(-140);
  });

  it('pays a guild to those who were members when it handed in', async () => {
    const { guild_id } = ok(await act('ada', 'found_guild', { name: 'Moss' }));
    const { request_id } = ok(await act('ben', 'request_guild', { guild_id, message: 'please' }));
    ok(await act('ada', 'vote_guild', { request_id, vote: 'accept', reason: 'welcome' }));
    const bounty_id = await create({ reward: 51 });
    expect(await act('cyn', 'claim_bounty', { bounty_id, as_guild: true })).toMatchObject({ reason: 'not_a_member' });
    ok(await act('ada', 'claim_bounty', { bounty_id, as_guild: true }));
    ok(await submit('ada', bounty_id));
    ok(await act('ben', 'leave_guild'));
    ok(await act('human', 'complete_bounty', { bounty_id }));
    expect([free('ada'), free('ben')]).toEqual([26, 25]);
    expect(society.guildLeaderboard()).toMatchObject([{ name: 'Moss', total_earned: 51, bounties_completed: 1, members: 1 }]);
  });

  it('lets a resident offer from its own wallet and have it back', async () => {
    await tip(society, 'ada', 100);
    expect(await act('ada', 'create_bounty', { title: 'Sing', reward: 71 })).toMatchObject({ reason: 'insufficient_tokens' });
    const bounty_id = await create({ reward: 50 }, 'ada');
    expect([free('ada'), await submit('ada', bounty_id)]).toMatchObject([20, { reason: 'own_bounty' }]);
    expect(await act('ben', 'cancel_bounty', { bounty_id })).toMatchObject({ reason: 'not_yours' });
    ok(await act('ada', 'cancel_bounty', { bounty_id }));
    expect(await act('human', 'cancel_bounty', { bounty_id })).toMatchObject({ reason: 'bounty_closed' });
    expect([free('ada'), balance(`escrow:bounty:${bounty_id}`)]).toEqual([70, 0]);
  });
});

describe('a bounty pays what is held for it, and nothing else', () => {
  const offer = async (who: string, reward: number) =>
    ok(await act(who, 'create_bounty', { title: 'Map', reward, slots: 2 }))['bounty_id'] ?? '';
  const handIn = async (who: string, bounty_id: string) =>
    ok(await act(who, 'submit_bounty', { bounty_id, description: `The whole map, drawn by ${who}` }))['submission_id'] ?? '';
  const complete = (who: string, bounty_id: string, part: object) => act(who, 'complete_bounty', { bounty_id, ...part });
  const escrow = (bounty_id: string) => balance(`escrow:bounty:${bounty_id}`);

  it.each([
    ['a winner above the reward', { winner_reward: 1_000_000 }],
    ['one token too many', { winner_reward: 61 }],
    ['a runner-up beside the whole reward', { runner_up_reward: 1 }],
    ['both above it', { winner_reward: 40, runner_up_reward: 21 }],
  ])('refuses %s, and nothing moves', async (_what, part) => {
    const bounty_id = await offer('human', 60);
    for (const who of ['ada', 'ben']) await handIn(who, bounty_id);
    expect(await complete('human', bounty_id, part)).toMatchObject({ reason: 'beyond_escrow', fix: /60 are held.*top-up/ });
    expect([free('ada'), free('ben'), escrow(bounty_id), balance('mint:bounty')]).toEqual([0, 0, 60, -60]);
    expect(await complete('human', bounty_id, { winner_reward: 40, runner_up_reward: 20 })).toMatchObject({ ok: true });
    expect([escrow(bounty_id), balance('mint:bounty')]).toEqual([0, -60]);
  });

  it("never takes from a resident's wallet what the person pays out", async () => {
    await tip(society, 'ada', 400);
    const bounty_id = await offer('ada', 30);
    await handIn('ben', bounty_id);
    for (const winner_reward of [31, 250])
      expect(await complete('human', bounty_id, { winner_reward })).toMatchObject({ reason: 'beyond_escrow' });
    expect([free('ada'), escrow(bounty_id)]).toEqual([250, 30]);
    ok(await act('human', 'top_up_bounty', { bounty_id, amount: 220 }));
    expect([free('ada'), escrow(bounty_id)]).toEqual([250, 250]);
    ok(await complete('human', bounty_id, { winner_reward: 250 }));
    expect([free('ada'), free('ben'), escrow(bounty_id)]).toEqual([250, 250, 0]);
  });

  it('gives back to each who paid in what was not paid out, the last first', async () => {
    for (const id of ['ada', 'ben']) await tip(society, id, 100);
    const bounty_id = await offer('ada', 50);
    ok(await act('human', 'top_up_bounty', { bounty_id, amount: 30 }));
    ok(await act('ben', 'top_up_bounty', { bounty_id, amount: 20 }));
    expect(await act('ben', 'top_up_bounty', { bounty_id, amount: 51 })).toMatchObject({ reason: 'insufficient_tokens' });
    await handIn('cyn', bounty_id);
    ok(await complete('human', bounty_id, { winner_reward: 60 }));
    expect([free('ada'), free('ben'), free('cyn'), balance('mint:bounty')]).toEqual([20, 70, 60, -10]);
    expect(await act('human', 'top_up_bounty', { bounty_id, amount: 1 })).toMatchObject({ reason: 'bounty_closed' });
    const taken_back = await offer('ada', 20);
    ok(await act('human', 'top_up_bounty', { bounty_id: taken_back, amount: 9 }));
    expect(await act('ada', 'cancel_bounty', { bounty_id: taken_back })).toMatchObject({ ok: true, returned: 29 });
    expect([free('ada'), balance('mint:bounty'), escrow(taken_back)]).toEqual([20, -10, 0]);
  });

  it('pays nobody else when the one who was chosen cannot be paid', async () => {
    const bounty_id = await offer('human', 60);
    const [first, second] = [await handIn('ada', bounty_id), await handIn('ben', bounty_id)];
    const elsewhere = await handIn('cyn', await offer('human', 10));
    ok(await act('human', 'review_submission', { bounty_id, submission_id: second, verdict: 'rejected', evidence: 'copied' }));
    const choices = [
      [{ winner_submission_id: 'sub_nobody' }, 'submission_not_found'],
      [{ winner_submission_id: elsewhere }, 'submission_not_found'],
      [{ runner_up_submission_id: 'sub_nobody' }, 'submission_not_found'],
      [{ winner_submission_id: second }, 'submission_rejected'],
      [{ winner_submission_id: first, runner_up_submission_id: second }, 'submission_rejected'],
      [{ winner_submission_id: first, runner_up_submission_id: first }, 'same_submission'],
      [{ runner_up_submission_id: first }, 'nothing_to_pay'],
    ] as const;
    for (const [choice, reason] of choices) expect(await complete('human', bounty_id, choice)).toMatchObject({ reason });
    const claimed = await offer('human', 10);
    ok(await act('dov', 'claim_bounty', { bounty_id: claimed }));
    expect(await complete('human', claimed, { winner_submission_id: 'dov' })).toMatchObject({ reason: 'submission_not_found' });
    expect(['ada', 'ben', 'cyn', 'dov'].map(free)).toEqual([0, 0, 0, 0]);
    expect([escrow(bounty_id), escrow(claimed)]).toEqual([60, 10]);
  });

  it('keeps the chosen runner-up second when nobody chose the first', async () => {
    const bounty_id = await offer('human', 60);
    const first = await handIn('ada', bounty_id);
    await handIn('ben', bounty_id);
    const part = { winner_reward: 50, runner_up_reward: 10, runner_up_submission_id: first };
    expect(await complete('human', bounty_id, part)).toMatchObject({
      distributed: [
        { identity: 'ben', amount: 50, place: 1 },
        { identity: 'ada', amount: 10, place: 2 },
      ],
    });
  });

  it.each(['human', 'ada', 'runtime'])('is not cancelled over work that nobody judged: by %s', async (who) => {
    await tip(society, 'ada', 100);
    const owner = who === 'ada' ? 'ada' : 'human';
    const bounty_id = await offer(owner, 30);
    const [good, bad] = [await handIn('ben', bounty_id), await handIn('cyn', bounty_id)];
    const judge = (submission_id: string, verdict: string) =>
      act('human', 'review_submission', { bounty_id, submission_id, verdict, evidence: 'read it' });
    const cancel = () => act(who, 'cancel_bounty', { bounty_id });
    expect(await cancel()).toMatchObject({ reason: 'has_submissions', fix: expect.stringContaining(good) });
    ok(await judge(bad, 'rejected'));
    ok(await judge(good, 'accepted'));
    expect(await cancel()).toMatchObject({ reason: 'has_submissions', fix: expect.stringContaining('accepted') });
    expect(escrow(bounty_id)).toBe(30);
    ok(await judge(good, 'rejected'));
    expect(await cancel()).toMatchObject({ ok: true, returned: 30 });
  });
});

describe('giving', () => {
  it('limits gifts, keeps a fifth for the commons, and nothing is confiscated at a cap', async () => {
    await tip(society, 'ada', 300);
    expect(await act('ada', 'gift_tokens', { identity_id: 'ada', amount: 5 })).toMatchObject({ reason: 'self_gift' });
    expect(await act('ada', 'gift_tokens', { identity_id: 'zed', amount: 5 })).toMatchObject({ reason: 'identity_not_found' });
    expect(await act('ada', 'gift_tokens', { identity_id: 'ben', amount: 51 })).toMatchObject({ reason: 'exceeds_gift_limit' });
    for (let n = 0; n < 2; n++) ok(await act('ada', 'gift_tokens', { identity_id: 'ben', amount: 50 }));
    expect(await act('ada', 'gift_tokens', { identity_id: 'ben', amount: 1 })).toMatchObject({ reason: 'exceeds_daily_limit' });
    expect([free('ada'), free('ben'), balance('commons')]).toEqual([110, 80, 20]);
    world.clock.advance(86_400_000);
    for (let n = 0; n < 2; n++) await tip(society, 'ben', 300);
    ok(await act('ada', 'gift_tokens', { identity_id: 'ben', amount: 50 }));
    expect(society.wallet('ben')).toMatchObject({ tokens: 500, journal_tokens: 180 });
    expect([...society.world.tokens.balances.values()].reduce((sum, n) => sum + n, 0)).toBe(0);
    ok(await act('human', 'grant_from_commons', { identity_id: 'cyn', amount: 10, reason: 'a start' }));
    expect(society.wallet('cyn')).toMatchObject({ tokens: 7, journal_tokens: 3 });
  });

  it('pools, thanks and invites', async () => {
    await tip(society, 'ada', 200);
    const { pool_id } = ok(await act('ada', 'create_pool', { name: 'Ink' }));
    expect(await act('ben', 'create_pool', { name: 'ink' })).toMatchObject({ reason: 'pool_exists' });
    ok(await act('ada', 'contribute_pool', { pool_id, amount: 100 }));
    expect(await act('ada', 'contribute_pool', { pool_id, amount: 1 })).toMatchObject({ reason: 'exceeds_contribution_limit' });
    expect(await act('ben', 'draw_pool', { pool_id, amount: 51, purpose: 'ink' })).toMatchObject({
      reason: 'exceeds_draw_limit',
    });
    for (let n = 0; n < 2; n++) ok(await act('ben', 'draw_pool', { pool_id, amount: 50, purpose: 'ink' }));
    expect(await act('ben', 'draw_pool', { pool_id, amount: 1, purpose: 'ink' })).toMatchObject({
      reason: 'insufficient_pool_balance',
    });
    expect(await act('ada', 'thank', { identity_id: 'ada', message: 'me' })).toMatchObject({ reason: 'self_thanks' });
    ok(await act('ada', 'thank', { identity_id: 'ben', message: 'for the ink', category: 'help' }));
    const { invite_id } = ok(await act('ada', 'send_invite', { identity_id: 'ben', activity: 'writing', message: 'come' }));
    expect(await act('cyn', 'answer_invite', { invite_id, answer: 'accepted' })).toMatchObject({ reason: 'invite_not_found' });
    ok(await act('ben', 'answer_invite', { invite_id, answer: 'accepted' }));
    expect(society.world.society.invites.get(invite_id ?? '')?.status).toBe('accepted');
    expect(society.profile('ada')?.person.relations.get('ben')).toBe(2);
  });

  it('grants Sundays once a week, and only then', async () => {
    const grant = (who: string) => act('runtime', 'grant_sunday', { identity_id: who });
    expect(await grant('ada')).toMatchObject({ reason: 'not_sunday' });
    world.clock.setWall('2026-11-29T10:00:00.000Z');
    expect(await grant('ada')).toMatchObject({ ok: true, amount: 500 });
    expect(await grant('ada')).toMatchObject({ reason: 'already_received' });
    await tip(society, 'ben', 100);
    expect(await grant('ben')).toMatchObject({ ok: true, amount: 430 });
    expect([free('ada'), free('ben'), balance('commons')]).toEqual([500, 500, 70]);
    expect(readFileSync(world.paths.tokenLedger, 'utf8')).toContain('"key":"sunday:ada:2026-W48"');
    world.clock.setWall('2026-12-06T00:00:00.000Z');
    expect(await grant('ada')).toMatchObject({ ok: true, amount: 0 });
  });

  it('celebrates milestones once and raises the cap, and recognises the best few', async () => {
    for (let n = 0; n < 50; n++) {
      const identity_id = n % 5 === 0 ? 'ben' : 'ada';
      ok(
        await act('runtime', 'record_outcome', {
          identity_id,
          task_id: `t${n}`,
          verdict: 'approved',
          quality: 0.9,
          cost_usd: 0.01,
          topics: ['links'],
        }),
      );
      if (n === 18) expect(await act('runtime', 'check_milestone')).toMatchObject({ reason: 'no_milestone' });
    }
    expect(await act('runtime', 'record_outcome', { identity_id: 'ben', task_id: 't0', verdict: 'failed' })).toMatchObject({
      reason: 'already_recorded',
    });
    expect(await act('runtime', 'check_milestone')).toMatchObject({ ok: true, name: 'bronze' });
    expect(await act('runtime', 'check_milestone')).toMatchObject({ ok: true, name: 'silver' });
    expect(await act('runtime', 'check_milestone')).toMatchObject({ reason: 'no_milestone' });
    expect(society.wallet('ada')).toMatchObject({ tokens: 150, free_time_cap: 525 });
    expect(society.wallet('cyn')).toMatchObject({ tokens: 0, free_time_cap: 500 });
    expect(society.profile('ada')).toMatchObject({ success_rate: 100, person: { tasks_completed: 40, trust: 90 } });
    expect(society.profile('ada')?.person.expertise.get('links')).toBe(40);
    const award = { category: 'efficiency_star', period: '2026-11' };
    expect(await act('runtime', 'award_recognition', award)).toMatchObject({
      winners: [
        { identity_id: 'ada', amount: 100 },
        { identity_id: 'ben', amount: 50 },
      ],
    });
    expect(await act('runtime', 'award_recognition', award)).toMatchObject({ reason: 'already_awarded' });
    ok(await act('runtime', 'record_outcome', { identity_id: 'ada', task_id: 'bad', verdict: 'rejected' }));
    expect(society.profile('ada')?.person.trust).toBe(85);
  });
});

describe('works, quests, bids, panels', () => {
  it('publishes a work into the library', async () => {
    const { work_id, path } = ok(await act('ada', 'publish_work', { title: 'Rain', content: 'It rained.', work_type: 'poem' }));
    expect(readFileSync(join(world.paths.root, path ?? ''), 'utf8')).toBe('# Rain\n\nIt rained.\n');
    ok(await act('ben', 'read_work', { work_id }));
    for (let n = 0; n < 2; n++) ok(await act('ben', 'react_work', { work_id, emoji: '🌧' }));
    const work = society.world.society.works.get(work_id ?? '');
    expect([work?.read_by, work?.reactions.get('🌧')]).toEqual([new Set(['ben']), new Set(['ben'])]);
  });

  it('holds a quest reward until it is done', async () => {
    const quest = { identity_id: 'ada', upfront_tip: 10, completion_reward: 30 };
    for (const task_id of ['t1', 't2']) ok(await act('human', 'create_quest', { ...quest, task_id }));
    expect(await act('human', 'create_quest', { ...quest, task_id: 't1' })).toMatchObject({ reason: 'quest_exists' });
    expect([society.wallet('ada').tokens, balance('escrow:quest:t1')]).toEqual([14, 30]);
    ok(await act('runtime', 'end_quest', { task_id: 't1', status: 'completed' }));
    expect(await act('runtime', 'end_quest', { task_id: 't1', status: 'cancelled' })).toMatchObject({ reason: 'already_ended' });
    ok(await act('human', 'end_quest', { task_id: 't2', status: 'cancelled' }));
    expect([society.wallet('ada').tokens, balance('mint:quest')]).toEqual([35, -50]);
  });

  /** What the worker does when it looks for what is due. */
  const dueNow = async () => {
    const now = world.clock.now().toISOString();
    for (const { action, args } of dueActs(society.world, now))
      if (action === 'open_bids') ok(await act('runtime', action, args));
  };

  it('gives a bounty to the lowest of the bids that are opened together, and pays its price', async () => {
    const { bounty_id } = ok(await act('human', 'create_bounty', { title: 'Map it', reward: 50, bid_hours: 1 }));
    const work = { bounty_id, description: 'A map of the whole cellar' };
    for (const [action, args] of [
      ['claim_bounty', { bounty_id }],
      ['submit_bounty', work],
    ] as const)
      expect(await act('ada', action, args)).toMatchObject({ reason: 'bids_sealed' });
    for (const [who, price] of [
      ['ada', 30],
      ['ben', 20],
      ['cyn', 40],
    ] as const)
      ok(await act(who, 'place_bid', { bounty_id, price }));
    expect(await act('dov', 'place_bid', { bounty_id, price: 60 })).toMatchObject({ reason: 'over_reward' });
    await dueNow();
    expect(society.bounties()).toMatchObject([{ status: 'open' }]);
    world.clock.advance(3_600_000);
    expect(await act('dov', 'place_bid', { bounty_id, price: 1 })).toMatchObject({ reason: 'bids_closed' });
    await dueNow();
    const bidding = { bids: 3, winner: 'ben', opened: [{ identity_id: 'ada', price: 30 }, {}, {}] };
    expect(society.bounties()).toMatchObject([{ status: 'claimed', reward: 20, claimed_by: { id: 'ben' }, bidding }]);
    expect(balance(`escrow:bounty:${bounty_id}`)).toBe(20);
    expect(await act('ada', 'submit_bounty', work)).toMatchObject({ reason: 'not_the_winner' });
    ok(await act('ben', 'submit_bounty', work));
    expect(await act('human', 'complete_bounty', { bounty_id })).toMatchObject({ total_distributed: 20 });
    await dueNow();
  });

  it('lets anybody claim what nobody bid for, and what the winner gives back', async () => {
    const offer = { title: 'Map it', reward: 50, bid_hours: 0.5 };
    const [alone, back] = [ok(await act('human', 'create_bounty', offer)), ok(await act('human', 'create_bounty', offer))];
    ok(await act('ben', 'place_bid', { bounty_id: back['bounty_id'], price: 10 }));
    world.clock.advance(1_800_000);
    await dueNow();
    ok(await act('ben', 'unclaim_bounty', { bounty_id: back['bounty_id'] }));
    for (const { bounty_id } of [alone, back]) ok(await act('ada', 'claim_bounty', { bounty_id }));
  });

  it('rewards those from whose work a skill was made, and uses by others while they are new or few', async () => {
    const marks = { described: true, tested: true };
    const made = { skill: 'links', makers: ['ada', 'ben', 'gone'], ...marks };
    expect(await act('ada', 'reward_skill', made)).toMatchObject({ reason: 'not_permitted' });
    ok(await act('runtime', 'reward_skill', made));
    expect(await act('runtime', 'reward_skill', made)).toMatchObject({ reason: 'already_rewarded' });
    expect([free('ada'), free('ben')]).toEqual([63, 62]);
    const use = (identity_id: string, n: number) =>
      act('runtime', 'reward_skill_use', { skill: 'links', task_id: `t${n}`, identity_id });
    expect(await use('ada', 0)).toMatchObject({ reason: 'nothing_due' });
    ok(await use('cyn', 1));
    expect(await use('cyn', 1)).toMatchObject({ reason: 'already_rewarded' });
    for (const n of [2, 3, 4, 5]) ok(await use('cyn', n));
    expect(await use('cyn', 6)).toMatchObject({ reason: 'nothing_due' });
    ok(await use('dov', 7));
    expect([free('ada') + free('ben'), balance('mint:craft')]).toEqual([125 + 50 + 40 + 50, -265]);
  });

  it('rewards what the person vouches for, once for each task and kind of work', async () => {
    ok(await act('runtime', 'record_outcome', { identity_id: 'ada', task_id: 't1', verdict: 'approved', quality: 0.9 }));
    const test = { of: 'test', identity_id: 'ada', task_id: 't1', assertions: 3, critical: true };
    expect(await act('ada', 'vouch', test)).toMatchObject({ reason: 'not_permitted' });
    expect(await act('human', 'vouch', { ...test, identity_id: 'ben' })).toMatchObject({ reason: 'no_such_work' });
    expect(await act('human', 'vouch', { ...test, assertions: -1 })).toMatchObject({ reason: 'invalid_arguments' });
    expect(await act('human', 'vouch', test)).toMatchObject({ amount: 70 });
    expect(await act('human', 'vouch', { ...test, assertions: 9 })).toMatchObject({ reason: 'already_rewarded' });
    expect(await act('human', 'vouch', { of: 'coverage', identity_id: 'ada', task_id: 't1', points: 7.6 })).toMatchObject({
      amount: 15,
    });
    expect(await act('human', 'vouch', { of: 'bug', identity_id: 'ben', task_id: 't1' })).toMatchObject({ amount: 75 });
    expect([free('ada'), free('ben')]).toEqual([85, 75]);
    ok(await act('runtime', 'reward_skill', { skill: 'links', makers: ['cyn'], described: true, tested: true }));
    const winners = async (category: string) =>
      ok(await act('runtime', 'award_recognition', { category, period: '2026-11' }))['winners'];
    expect(await winners('test_hero')).toMatchObject([{ identity_id: 'ben' }, { identity_id: 'ada' }]);
    expect(await winners('tool_builder')).toMatchObject([{ identity_id: 'cyn' }]);
  });

  it('rewards a juror who turned down what the tests turned down', async () => {
    const { jurors } = ok(await act('runtime', 'draw_validators', { subject_id: 't1', author_id: 'ada' }));
    const [one = '', two = ''] = jurors as unknown as string[];
    expect(await act('runtime', 'verify_panel', { subject_id: 't1', truth: 'bad', evidence: 'unit failed' })).toMatchObject({
      reason: 'not_judged',
    });
    ok(await act(one, 'judge', { subject_id: 't1', vote: 'reject', reason: 'it divides by zero' }));
    ok(await act(two, 'judge', { subject_id: 't1', vote: 'accept', reason: 'it reads well' }));
    ok(await act('runtime', 'verify_panel', { subject_id: 't1', truth: 'bad', evidence: 'unit failed' }));
    expect([free(one), free(two)]).toEqual([75, 0]);
  });

  it('draws judges who are neither the author, nor of its guild, nor its frequent partner', async () => {
    const { guild_id } = ok(await act('ada', 'found_guild', { name: 'Moss' }));
    const { request_id } = ok(await act('ben', 'request_guild', { guild_id, message: 'please' }));
    ok(await act('ada', 'vote_guild', { request_id, vote: 'accept', reason: 'welcome' }));
    for (let n = 0; n < 6; n++) ok(await act('ada', 'thank', { identity_id: 'cyn', message: `thanks ${n}` }));
    expect(eligibleValidators(society.world, 'ada')).toEqual(['dov', 'eve']);
    for (let n = 0; n < 30; n++) expect([...drawValidators(society.world, 'ada', `seed ${n}`)].sort()).toEqual(['dov', 'eve']);
    const { jurors } = ok(await act('runtime', 'draw_validators', { subject_id: 't1', author_id: 'ada' }));
    expect(await act('cyn', 'judge', { subject_id: 't1', vote: 'accept', reason: 'it is very good' })).toMatchObject({
      reason: 'not_drawn',
    });
    const [one, two] = jurors as unknown as string[];
    expect(await act(one ?? '', 'judge', { subject_id: 't1', vote: 'accept', reason: 'it does what it says' })).toMatchObject({
      status: 'pending',
    });
    expect(await act(two ?? '', 'judge', { subject_id: 't1', vote: 'reject', reason: 'the map has no north' })).toMatchObject({
      status: 'rejected',
    });
  });
});

describe('thrift', () => {
  const edit = (who: string, mood: string, task_id: string) =>
    society.ask(actorOf(who), 'edit_self', { changes: { mutable: { current_mood: mood } }, reason: 'x' }, { task_id });
  const judge = (identity_id: string, task_id: string, verdict: string) =>
    act('runtime', 'record_outcome', { identity_id, task_id, verdict, quality: 0.9 });
  const due = () => dueActs(society.world, world.clock.now().toISOString()).filter(({ action }) => /thrift/.test(action));

  it('gives fees of an approved task back, in all no more than they were; what is given back otherwise is no fee', async () => {
    await tip(society, 'ada', 100);
    const { guild_id } = ok(await act('ada', 'found_guild', { name: 'Moss' }));
    const before = free('ada');
    for (let n = 0; n < 6; n++) ok(await edit('ada', `mood ${n}`, 't1'));
    const spent = before - free('ada');
    expect(spent).toBeGreaterThan(5);
    ok(await edit('ada', 'bad', 'failed'));
    ok(await society.act(asResident('ada'), 'write_journal', { content: 'What I learned' }, { task_id: 't2' }));
    ok(await society.act(asResident('ada'), 'gift_tokens', { identity_id: 'ben', amount: 10 }, { task_id: 't2' }));
    expect(due()).toEqual([]);
    ok(await judge('ada', 't1', 'approved'));
    ok(await judge('ada', 't2', 'approved'));
    ok(await judge('ada', 'failed', 'failed'));
    expect(due()).toEqual([{ action: 'return_thrift', args: { task_id: 't1' } }]);
    expect(await act('ada', 'return_thrift', { task_id: 't1' })).toMatchObject({ reason: 'not_permitted' });
    const back = ok(await act('runtime', 'return_thrift', { task_id: 't1' })) as unknown as Record<string, number>;
    expect(back).toMatchObject({ individual: spent, guild: 0, pooled: 0 });
    expect(balance(`guild:${guild_id}`)).toBe(0);
    for (const task_id of ['t1', 't2', 'failed'])
      expect(await act('runtime', 'return_thrift', { task_id })).toMatchObject({ reason: 'nothing_due' });
    expect(due()).toEqual([]);
  });

  it('shares the pool once a week among those who took part, with a bonus for a thriftier week that costs no more than was saved', async () => {
    await act('human', 'tip', { identity_id: 'ada', amount: 500, reason: 'to begin with' });
    let tasks = 0;
    const week = async (edits: number) => {
      for (let n = 0; n < 10; n++) {
        const task_id = `w${++tasks}`;
        for (let e = 0; e < edits; e++) ok(await edit('ada', `mood ${tasks} ${e}`, task_id));
        ok(await judge('ada', task_id, 'approved'));
        ok(await act('runtime', 'return_thrift', { task_id }));
        world.clock.advance(60_000);
      }
    };
    await week(2);
    world.clock.advance(7 * 86_400_000);
    await week(1);
    world.clock.advance(7 * 86_400_000);
    const held = free('ada');
    expect(due()).toEqual([{ action: 'share_thrift', args: {} }]);
    expect(await act('runtime', 'share_thrift')).toMatchObject({ participants: ['ada'], share: 0, bonus: 10 });
    expect(free('ada') - held).toBe(10);
    expect(await act('runtime', 'share_thrift')).toMatchObject({ reason: 'already_shared' });
    expect(due()).toEqual([]);
  });
});
