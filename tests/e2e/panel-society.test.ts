import { mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { FeedEvent } from '@vivarium/control-panel';
import { actorOf, asOwner, asResident, openSociety } from '@vivarium/core';
import { fileBackend } from '@vivarium/storage-files';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Answer, ask, aTaskNamed, charge, holdForReview, type TestPanel, testPanel, write } from './panel-kit.ts';

let panel: TestPanel;
beforeEach(async () => {
  panel = await testPanel();
  for (const [id, name] of [
    ['wren', 'Wren'],
    ['juniper', 'Juniper'],
    ['moss', 'Moss'],
  ] as const)
    await settle({ id, name });
});
afterEach(() => panel.remove());

async function settle(identity: { id: string; name: string } & Record<string, unknown>): Promise<void> {
  const { identities } = panel.world.paths;
  await mkdir(identities, { recursive: true });
  await writeFile(join(identities, `${identity.id}.json`), JSON.stringify(identity));
}

const get = (path: string) => ask(panel.port, path);
const post = (path: string, body: unknown = {}) => write(panel, path, body);

async function act(actor: string, action: string, args: object): Promise<Record<string, string>> {
  const answer = await panel.world.society.ask(actorOf(actor), action, args);
  expect(answer).toMatchObject({ ok: true });
  return answer as unknown as Record<string, string>;
}

const tip = (identity_id: string, amount = 100) => act('human', 'tip', { identity_id, amount, reason: 'to begin with' });

function refusedWith(answer: Answer, status: number, words: RegExp): void {
  expect([answer.status, answer.json.success, answer.json.error]).toEqual([status, false, expect.stringMatching(words)]);
}

async function walletOf(id: string): Promise<{ tokens: number; journal_tokens: number }> {
  const { json } = await get('/api/wallets');
  return json.wallets.find((row: { identity_id: string }) => row.identity_id === id);
}

describe('Residents', () => {
  it('are created as documented, and refused when they are too much like another', async () => {
    const body = { name: 'EchoFlux', summary: 'Listens first', traits_csv: 'curious, reflective,curious', values_csv: 'clarity' };
    const made = await post('/api/identities/create', body);
    expect([made.status, made.json]).toEqual([
      200,
      {
        success: true,
        identity: { id: expect.stringMatching(/^oc_/), name: 'EchoFlux', summary: 'Listens first', creator_identity_id: 'human' },
      },
    ]);
    const file = JSON.parse(await readFile(join(panel.world.paths.identities, `${made.json.identity.id}.json`), 'utf8'));
    expect(file.attributes.core).toMatchObject({ personality_traits: ['curious', 'reflective'], core_values: ['clarity'] });
    refusedWith(await post('/api/identities/create', { name: 'Echo Flux' }), 409, /too close to that of EchoFlux/);
    refusedWith(await post('/api/identities/create', {}), 400, /name is required/);
    refusedWith(await post('/api/identities/create', { name: 'n'.repeat(81) }), 400, /name is too long/);
    refusedWith(await post('/api/identities/create', { name: 'Fern', summary: 's'.repeat(601) }), 400, /summary is too long/);
    refusedWith(await post('/api/identities/create', { name: 'Fern', creator_identity_id: 'nobody' }), 404, /nobody/);
  });

  it('have a profile with its documented fields, and nothing of their private journals', async () => {
    await tip('wren');
    await act('wren', 'write_journal', { content: 'I learned how the lock works.', journal_type: 'learning' });
    await act('wren', 'write_journal', { content: 'nobody may read this', journal_type: 'private' });
    await act('wren', 'remember', { content: 'Locks are polite' });
    await act('wren', 'edit_self', {
      changes: {
        profile: { display: 'Toolsmith', custom_html: '<b>hi</b><script>alert(1)</script><img src=x onerror=alert(1)>' },
      },
    });
    const message = await act('wren', 'message_human', { type: 'question', content: 'May I?' });
    await panel.world.store.add([aTaskNamed('t1', { identity_id: 'wren' })], 'test');
    await holdForReview(panel.world, 't1');
    await charge(panel, 't1', 0.0012);
    await post('/api/tasks/t1/approve');
    panel.world.activity.note({ actor: 'wren', action_type: 'TOOL', action: 'read_file', detail: 'README.md' });
    const { status, json, text } = await get('/api/identity/wren/profile');
    expect(status).toBe(200);
    expect(json).toMatchObject({
      identity_id: 'wren',
      name: 'Wren',
      level: 1,
      respec_cost: 10,
      recent_memories: [expect.stringMatching(/^Task t1, .*approved by the person/), 'Locks are polite'],
      journals: [{ preview: 'I learned how the lock works.', status: 'pending', journal_type: 'learning' }],
      chat_history: [{ id: message['message_id'], type: 'question', response: null }],
      core_summary: { traits: [], values: [], identity_statement: '', communication_style: '' },
      tasks: [{ id: 't1', status: 'approved' }],
      trend: [{ approved: 1, failed: 0, cost_usd: 0.0012 }],
      guild: null,
    });
    expect(json.profile.custom_html).not.toMatch(/<script|<img/);
    expect(text).not.toContain('nobody may read this');
    refusedWith(await get('/api/identity/nobody/profile'), 404, /identity_not_found/);
  });

  it('own wallets whose every entry can be paged through', async () => {
    for (let round = 0; round < 5; round += 1) await tip('wren', 10);
    expect((await get('/api/wallets')).json.wallets).toContainEqual(
      expect.objectContaining({ identity_id: 'wren', tokens: 35, journal_tokens: 15 }),
    );
    expect((await get('/api/wallets?limit=1')).json).toMatchObject({
      wallets: [{ identity_id: 'juniper' }],
      next_cursor: 'juniper',
    });
    expect((await get('/api/wallets?limit=1&cursor=juniper')).json.wallets).toMatchObject([{ identity_id: 'moss' }]);
    expect((await get('/api/wallets?limit=3')).json).toMatchObject({ wallets: [{}, {}, {}], next_cursor: null });
    refusedWith(await get('/api/wallets?cursor=unknown'), 400, /cursor/);
    const seen: number[] = [];
    for (let cursor: string | null = ''; cursor !== null; ) {
      const { json }: Answer = await get(`/api/wallets/wren/ledger?limit=2${cursor ? `&cursor=${cursor}` : ''}`);
      seen.push(...json.entries.map(({ seq }: { seq: number }) => seq));
      cursor = json.next_cursor;
    }
    expect(seen).toEqual([4, 3, 2, 1, 0]);
    refusedWith(await get('/api/wallets/nobody/ledger'), 404, /nobody/);
  });
});

describe('A bounty', () => {
  const offer = (body: object = {}) => post('/api/bounties', { title: 'Map the runtime', ...body });
  const work = (identity_id: string, more: object = {}) => ({
    identity_id,
    description: `The map that ${identity_id} drew of it`,
    ...more,
  });

  it('goes from its offer to its payout, once, out of escrow', async () => {
    const { status, json } = await offer({ description: 'All of it', reward: 50, slots: 2, max_teams: 2, game_mode: 'hybrid' });
    const { id } = json.bounty;
    expect([status, json.success]).toEqual([200, true]);
    expect(json.bounty).toMatchObject({
      title: 'Map the runtime',
      reward: 50,
      slots: 2,
      max_teams: 2,
      status: 'open',
      claimed_by: null,
      teams: [],
    });
    expect((await get('/api/bounties')).json).toMatchObject([{ id, status: 'open' }]);
    const first = await post(
      `/api/bounties/${id}/submit`,
      work('wren', { identity_name: 'Wren', members: ['wren', 'moss'], artifacts: ['a.md'] }),
    );
    expect(first.json).toMatchObject({
      success: true,
      submission: {
        members: ['wren', 'moss'],
        slot_index: 1,
        slots: 2,
        slot_multiplier: 1,
        slot_reason: 'in_slot',
        reward_cap: 50,
      },
    });
    await post(`/api/bounties/${id}/submit`, work('juniper'));
    refusedWith(await post(`/api/bounties/${id}/submit`, work('juniper')), 409, /handed in already/);
    expect((await get('/api/bounties')).json).toMatchObject([
      { status: 'claimed', claimed_by: { type: 'individual', id: 'wren', name: 'Wren' } },
    ]);
    expect((await get(`/api/bounties/${id}/submissions`)).json.submissions).toHaveLength(2);
    const tracked = await post(`/api/bounties/${id}/track_cost`, {
      api_cost: 0.25,
      session_increment: 1,
      tokens_spent: 3,
      artifact: 'a.md',
    });
    expect(tracked.json).toMatchObject({
      success: true,
      cost_tracking: { api_cost: 0.25, sessions_used: 1, tokens_spent: 3, artifacts_created: ['a.md'] },
    });
    const preview = await get(`/api/bounties/${id}/payout?winner_reward=101&runner_up_reward=40`);
    expect(preview.json).toMatchObject({ total: 141, in_escrow: 50, added: 91, returned: 0 });
    expect(preview.json.payouts[0].shares).toEqual([
      { identity: 'wren', amount: 51 },
      { identity: 'moss', amount: 50 },
    ]);
    const wanted = { winner_reward: 101, runner_up_reward: 40 };
    refusedWith(await post(`/api/bounties/${id}/complete`, wanted), 409, /pay 141 tokens and 50 are held.*top-up .* 91/);
    expect((await post(`/api/bounties/${id}/top_up`, { amount: 91 })).json).toMatchObject({ amount: 91, in_escrow: 141 });
    const paid = await post(`/api/bounties/${id}/complete`, wanted);
    expect(paid.json).toMatchObject({
      success: true,
      total_distributed: 141,
      distributions: [
        { identity: 'wren', reward: 51, place: 1, slot_multiplier: 1 },
        { identity: 'moss', reward: 50, place: 1, slot_multiplier: 1 },
        { identity: 'juniper', reward: 40, place: 2, slot_multiplier: 1 },
      ],
      cost_tracking: { api_cost: 0.25, completed_at: expect.any(String), duration_hours: 0 },
    });
    refusedWith(await post(`/api/bounties/${id}/complete`, {}), 409, /pays once/);
    const { tokens, journal_tokens } = await walletOf('juniper');
    expect(tokens + journal_tokens).toBe(40);
    expect((await get('/api/bounties')).json).toEqual([]);
    expect((await get('/api/bounties?status=completed')).json).toMatchObject([{ id }]);
    expect((await get('/api/wallets/juniper/ledger')).json.entries[0].memo).toMatch(new RegExp(`${id}.*escrow`));
  });

  it.each([
    ['negative', { reward: -5 }],
    ['nothing', { reward: 0 }],
    ['a fraction', { reward: 1.5 }],
    ['huge', { reward: 1e12 }],
    ['a word', { reward: 'many' }],
    ['no number', { reward: null }],
    ['without slots', { slots: 0 }],
    ['of an unknown game', { game_mode: 'chess' }],
    ['without a title', { title: ' ' }],
  ])('is refused when it is %s', async (_what, body) => {
    const answer = await offer(body);
    expect([answer.status, answer.json.success]).toEqual([400, false]);
    expect((await get('/api/bounties?status=all')).json).toEqual([]);
  });

  it('pays nothing for amounts that are none, and nothing for work that was rejected', async () => {
    const { id } = (await offer()).json.bounty;
    const { submission } = (await post(`/api/bounties/${id}/submit`, work('wren'))).json;
    for (const winner_reward of [-1, 0, 0.5, 1e12, 'all']) {
      const answer = await post(`/api/bounties/${id}/complete`, { winner_reward });
      expect([answer.status, answer.json.success]).toEqual([400, false]);
    }
    const verdict = { verdict: 'rejected', evidence: 'The file is not there' };
    await post(`/api/bounties/${id}/submissions/${submission.id}/review`, verdict);
    refusedWith(await post(`/api/bounties/${id}/complete`), 409, /cancel it instead/);
    expect((await walletOf('wren')).tokens).toBe(0);
  });

  it('is neither cancelled over work that nobody judged, nor paid to somebody who was not chosen', async () => {
    const { id } = (await offer()).json.bounty;
    const { submission } = (await post(`/api/bounties/${id}/submit`, work('wren'))).json;
    refusedWith(await write(panel, `/api/bounties/${id}`, undefined, 'DELETE'), 409, /Judge it first/);
    const choice = { winner_submission_id: 'sub_nobody' };
    refusedWith(await post(`/api/bounties/${id}/complete`, choice), 404, /Nobody handed in sub_nobody/);
    refusedWith(await get(`/api/bounties/${id}/payout?winner_submission_id=sub_nobody`), 404, /Nobody handed in sub_nobody/);
    for (const amount of [0, -1, 1.5, 'all', null])
      expect((await post(`/api/bounties/${id}/top_up`, { amount })).status).toBe(400);
    expect((await walletOf('wren')).tokens).toBe(0);
    const verdict = { verdict: 'rejected', evidence: 'The file is not there' };
    await post(`/api/bounties/${id}/submissions/${submission.id}/review`, verdict);
    expect((await write(panel, `/api/bounties/${id}`, undefined, 'DELETE')).json).toMatchObject({ returned: 50 });
  });

  it('gives its escrow back when it is cancelled, and is then over', async () => {
    const { id } = (await offer({ reward: '30' })).json.bounty;
    expect((await write(panel, `/api/bounties/${id}`, undefined, 'DELETE')).json).toEqual({
      success: true,
      bounty_id: id,
      returned: 30,
    });
    refusedWith(await write(panel, `/api/bounties/${id}`, undefined, 'DELETE'), 409, /cancelled/);
    refusedWith(await post(`/api/bounties/${id}/submit`, work('wren')), 409, /cancelled/);
    for (const path of ['/api/bounties/none', '/api/bounties/none/submissions']) refusedWith(await get(path), 404, /none/);
  });

  it('takes work only from residents, and for a guild only from its members', async () => {
    const { id } = (await offer()).json.bounty;
    refusedWith(await post(`/api/bounties/${id}/submit`, work('nobody')), 404, /nobody/);
    refusedWith(await post(`/api/bounties/${id}/submit`, { description: 'x' }), 400, /identity_id is required/);
    const { guild_id } = await act('wren', 'found_guild', { name: 'Makers' });
    refusedWith(await post(`/api/bounties/${id}/submit`, work('moss', { guild_id })), 409, /not in the guild/);
    const { json } = await post(`/api/bounties/${id}/submit`, work('wren', { guild_id }));
    expect(json.submission).toMatchObject({ guild_id, guild_name: 'Makers' });
  });
});

describe('Words between residents and the person', () => {
  it('answers mail as documented, pays for the first answer only, and keeps conversations', async () => {
    await tip('wren');
    const { message_id } = await act('wren', 'message_human', { type: 'question', content: 'May I sort the shelf?' });
    expect((await get('/api/messages')).json).toMatchObject([
      { id: message_id, from_id: 'wren', from_name: 'Wren', type: 'question', tokens_spent: 10 },
    ]);
    expect((await get('/api/messages/mailbox')).json).toMatchObject({
      unread_count: 1,
      threads: [{ id: 'wren', unread: 1 }, {}, {}],
    });
    const before = await walletOf('wren');
    const answered = await post('/api/messages/respond', { message_id, response: 'Please do' });
    expect(answered.json).toMatchObject({ success: true, responded_at: expect.any(String), bonus: 12 });
    await post('/api/messages/respond', { message_id, response: 'Please do, soon' });
    const after = await walletOf('wren');
    expect(after.tokens + after.journal_tokens - before.tokens - before.journal_tokens).toBe(12);
    expect((await get('/api/messages')).json[0].response).toMatchObject({ response: 'Please do, soon' });
    expect((await get('/api/messages/mailbox')).json.unread_count).toBe(0);
    expect((await post('/api/messages/send', { to_id: 'wren', content: 'Well done' })).json).toMatchObject({
      success: true,
      bonus: 8,
    });
    await act('wren', 'direct_message', { identity_id: 'human', content: 'Thank you' });
    const { json } = await get('/api/messages/mailbox/wren');
    expect(
      json.messages.map(({ direction, content }: { direction: string; content: string }) => `${direction} ${content}`),
    ).toEqual(['in May I sort the shelf?', 'out Please do, soon', 'out Well done', 'in Thank you']);
    refusedWith(await post('/api/messages/respond', { message_id }), 400, /Missing message_id or response/);
    refusedWith(await post('/api/messages/respond', { message_id: 'none', response: 'x' }), 404, /none/);
    refusedWith(await post('/api/messages/send', { to_id: 'nobody', content: 'x' }), 404, /nobody/);
  });

  it('speak in rooms, where residents hear the person', async () => {
    const said = await post('/api/chatrooms/town_hall', { content: 'Good morning <b>all</b>' });
    expect(said.json).toMatchObject({
      success: true,
      room: 'town_hall',
      message: { author_id: 'human', content: 'Good morning <b>all</b>' },
    });
    await act('wren', 'post_message', { room: 'town_hall', content: 'Morning', reply_to: said.json.message_id });
    const { json } = await get('/api/chatrooms/town_hall?limit=1');
    expect(json).toMatchObject({
      messages: [{ author_name: 'Wren', reply_to: said.json.message_id }],
      next_cursor: expect.any(String),
    });
    expect((await get(`/api/chatrooms/town_hall?cursor=${json.next_cursor}`)).json).toMatchObject({
      messages: [{ author_id: 'human' }],
      next_cursor: null,
    });
    expect((await get('/api/chatrooms')).json.rooms).toMatchObject([
      { id: 'town_hall', message_count: 2, latest_preview: 'Wren: Morning' },
    ]);
    expect((await get('/api/chatrooms?empty=true')).json.rooms.length).toBeGreaterThan(5);
    refusedWith(await post('/api/chatrooms/town_hall', { content: ' ' }), 400, /content is required/);
    refusedWith(await post('/api/chatrooms/dm__human__wren', { content: 'psst' }), 403, /direct_message/);
    await act('wren', 'direct_message', { identity_id: 'moss', content: 'between us' });
    expect((await get('/api/chatrooms')).json.rooms).toHaveLength(1);
  });

  it('keep the standing request and those that were met', async () => {
    expect((await get('/api/human_request')).json).toMatchObject({ request: '' });
    refusedWith(await post('/api/completed_requests'), 400, /No request text/);
    expect((await post('/api/human_request', { request: 'Tidy up' })).json).toMatchObject({
      success: true,
      updated_at: expect.any(String),
    });
    expect((await get('/api/human_request')).json).toMatchObject({ request: 'Tidy up' });
    const { json } = await post('/api/completed_requests', { request: 'Tidy up' });
    expect(json).toMatchObject({ success: true, completed: { request: 'Tidy up', duration: '0 min' } });
    expect((await get('/api/completed_requests')).json).toMatchObject([{ request: 'Tidy up' }]);
    expect((await get('/api/human_request')).json).toMatchObject({ request: '' });
    refusedWith(await post('/api/human_request', { request: 5 }), 400, /request/);
  });

  it('count in the insights', async () => {
    await tip('wren');
    await act('wren', 'message_human', { type: 'idea', content: 'A thought' });
    await post('/api/bounties', { title: 'One' });
    await post('/api/chatrooms/watercooler', { content: 'Tea?' });
    expect((await get('/api/insights')).json.social).toEqual({
      total_messages: 1,
      unread_messages: 1,
      open_bounties: 1,
      claimed_bounties: 0,
      completed_bounties: 0,
      chat_messages_24h: 1,
    });
  });
});

describe('What residents decide together', () => {
  it('lists guilds with requests, and hides the author of a journal until the vote is decided', async () => {
    const { guild_id } = await act('wren', 'found_guild', { name: 'Makers' });
    const { request_id } = await act('moss', 'request_guild', { guild_id, message: 'I make things' });
    expect((await get('/api/guilds')).json).toMatchObject({
      success: true,
      guilds: [
        {
          id: guild_id,
          name: 'Makers',
          founder: 'wren',
          refund_pool: 0,
          requests: [{ request_id, status: 'pending' }],
          spendings: [],
        },
      ],
    });
    await tip('wren');
    const { journal_id } = await act('wren', 'write_journal', { content: 'I learned a thing today' });
    await act('wren', 'write_journal', { content: 'private thing', journal_type: 'private' });
    const pending = await get('/api/journals');
    expect(pending.json.journals).toMatchObject([
      { journal_id, status: 'pending', votes: 0, review_excerpt: 'I learned a thing today' },
    ]);
    expect(pending.text).not.toMatch(/wren|private thing/i);
    for (const voter of ['moss', 'juniper'])
      await act(voter, 'vote_journal', { journal_id, vote: 'accept', reason: 'It is clear' });
    await settle({ id: 'ash', name: 'Ash' });
    await act('ash', 'vote_journal', { journal_id, vote: 'reject', reason: 'Too short' });
    const { json } = await get('/api/journals?status=rejected');
    expect(json.journals).toMatchObject([{ journal_id, status: 'rejected', author_id: 'wren', votes: 3 }]);
    const { dispute_id } = await act('wren', 'open_dispute', {
      target_type: 'journal',
      target_id: journal_id,
      reason: 'It is clear and true',
    });
    expect((await get('/api/disputes')).json.disputes).toMatchObject([
      { dispute_id, status: 'open', requester_name: 'Wren', mediator: null },
    ]);
    refusedWith(await post(`/api/disputes/${dispute_id}/appoint`, { identity_id: 'moss' }), 409, /no part in it/);
    refusedWith(await post(`/api/disputes/${dispute_id}/resolve`, { outcome: 'reopen' }), 400, /rests on/);
    const resolved = await post(`/api/disputes/${dispute_id}/resolve`, { outcome: 'reopen', notes: 'Read it again' });
    expect(resolved.json.dispute).toMatchObject({ status: 'resolved', outcome: 'reopen' });
    refusedWith(await post('/api/disputes/none/resolve', { outcome: 'uphold', notes: 'x' }), 404, /none/);
  });

  it('lists the library, finds words in it, and takes a suggestion in', async () => {
    const file = async (path: string, content: string) => {
      await mkdir(dirname(join(panel.workspace, path)), { recursive: true });
      await writeFile(join(panel.workspace, path), content);
    };
    const suggestion = 'library/community_library/resident_suggestions/wren/shelf-plan.md';
    await file(suggestion, '# A better shelf\n');
    await file('library/community_library/swarm_docs/guide.md', '# Guide\n');
    await file('library/creative_works/secret.env.md', 'A poem');
    const { json } = await get('/api/library');
    expect(json.items.map(({ kind }: { kind: string }) => kind).sort()).toEqual(['document', 'suggestion', 'work']);
    expect((await get('/api/library?q=better+SHELF')).json.items).toMatchObject([
      { path: suggestion, kind: 'suggestion', author: 'wren', title: 'shelf plan' },
    ]);
    await mkdir(join(panel.workspace, 'library/community_library/resident_suggestions/moss'), { recursive: true });
    await symlink(
      join(panel.workspace, 'queue.json'),
      join(panel.workspace, 'library/community_library/resident_suggestions/moss/link.md'),
    );
    for (const path of ['.swarm/ledger.jsonl', 'library/community_library/resident_suggestions/../swarm_docs/guide.md'])
      refusedWith(await post('/api/library/accept', { path }), 400, /not a suggestion/);
    refusedWith(
      await post('/api/library/accept', { path: 'library/community_library/resident_suggestions/moss/link.md' }),
      404,
      /no such suggestion/,
    );
    const outside = join(panel.workspace, 'private');
    await file('private/note.md', 'not a suggestion');
    await symlink(outside, join(panel.workspace, 'library/community_library/resident_suggestions/linked'));
    const linked = { path: 'library/community_library/resident_suggestions/linked/note.md' };
    refusedWith(await post('/api/library/accept', linked), 404, /no such suggestion/);
    expect((await post('/api/library/accept', { path: suggestion })).json).toEqual({
      success: true,
      path: 'library/community_library/swarm_docs/wren/shelf-plan.md',
    });
    await file(suggestion, 'again');
    refusedWith(await post('/api/library/accept', { path: suggestion }), 409, /already exists/);
  });

  it('lists skills with what they are worth', async () => {
    const { json } = await get('/api/skills');
    expect(json.skills.length).toBeGreaterThan(0);
    expect(json.skills[0]).toMatchObject({ name: expect.any(String), status: 'active', counters: { uses: 0 }, lift: null });
  });
});

describe("The person's voice", () => {
  it('is one among the residents on journals, newcomers and spending, and gives tokens', async () => {
    expect((await post('/api/wallets/wren/tip', { amount: 100, reason: 'for a start' })).json).toMatchObject({
      success: true,
      amount: 100,
    });
    refusedWith(await post('/api/wallets/wren/tip', { amount: -5, reason: 'no' }), 400, /at least 1/);
    refusedWith(await post('/api/wallets/nobody/tip', { amount: 5, reason: 'for it' }), 404, /nobody/);
    const { journal_id } = await act('wren', 'write_journal', { content: 'I learned a pattern' });
    const vote = { vote: 'accept', reason: 'clear' };
    expect((await post(`/api/journals/${journal_id}/vote`, vote)).json).toMatchObject({
      success: true,
      votes: 1,
      status: 'pending',
    });
    refusedWith(await post(`/api/journals/${journal_id}/vote`, vote), 409, /stands/);
    refusedWith(await post(`/api/journals/${journal_id}/vote`, { vote: 'accept' }), 400, /rests on/);
    refusedWith(await post('/api/journals/none/vote', vote), 404, /none/);
    const { guild_id } = await act('wren', 'found_guild', { name: 'Ink' });
    const { request_id } = await act('moss', 'request_guild', { guild_id, message: 'please' });
    expect((await post(`/api/guilds/requests/${request_id}/vote`, vote)).json).toMatchObject({ status: 'accepted' });
    await act('wren', 'contribute_treasury', { amount: 20 });
    const { spend_id } = await act('wren', 'spend_treasury', { guild_id, amount: 10, purpose: 'paper' });
    expect((await post(`/api/guilds/spendings/${spend_id}/vote`, vote)).json).toMatchObject({ status: 'accepted' });
  });
});

describe('The feed', () => {
  it('carries what residents do, also in other processes', async () => {
    const since = async (seq: number): Promise<FeedEvent[]> => (await get(`/api/events?after=${seq}&limit=1000`)).json.events;
    const { seq } = (await get('/api/events')).json;
    const { paths } = panel.world;
    const other = await openSociety({ backend: fileBackend(paths) });
    await other.act(asOwner, 'tip', { identity_id: 'wren', amount: 50, reason: 'to begin with' });
    await other.act(asResident('wren'), 'message_human', { type: 'idea', content: 'A thought' });
    await other.act(asResident('wren'), 'post_message', { room: 'watercooler', content: 'Tea?' });
    await post('/api/bounties', { title: 'Tidy up' });
    const wanted = ['mail', 'rooms', 'bounties'];
    const told = async () => (await since(seq)).flatMap((event) => (event.kind === 'society' ? [event] : []));
    await expect
      .poll(async () => (await told()).map(({ topic }) => topic), { timeout: 10_000 })
      .toEqual(expect.arrayContaining(wanted));
    expect((await told()).map(({ text }) => text)).toEqual(
      expect.arrayContaining(['Mail from Wren: A thought', 'Wren in Break Room: Tea?', 'Bounty “Tidy up” is open']),
    );
    await other.close();
  });
});

describe('What the panel takes', () => {
  const long = (length: number) => 'x'.repeat(length);
  const bounty = { bounty_id: 'b', submission_id: 's' };

  it.each<[string, string, Record<string, unknown>, Record<string, unknown>]>([
    ['post_message', '/api/chatrooms/town_hall', { room: 'town_hall' }, { content: long(1_201) }],
    ['post_message', '/api/chatrooms/town_hall', { room: 'town_hall' }, { content: 'hi', mood: long(33) }],
    ['reply_message', '/api/messages/respond', {}, { message_id: 'm', response: long(4_001) }],
    ['reply_message', '/api/messages/respond', {}, { message_id: '', response: 'yes' }],
    ['tip', '/api/wallets/wren/tip', { identity_id: 'wren' }, { amount: 5_001, reason: 'no' }],
    ['tip', '/api/wallets/wren/tip', { identity_id: 'wren' }, { amount: 1.5 }],
    ['create_bounty', '/api/bounties', {}, { title: long(201), reward: 0, slots: 101, bid_hours: 721 }],
    ['create_bounty', '/api/bounties', {}, { reward: 1_000_001, game_mode: 'chess' }],
    ['top_up_bounty', '/api/bounties/b/top_up', { bounty_id: 'b' }, { amount: -1 }],
    ['submit_bounty', '/api/bounties/b/submit', { bounty_id: 'b' }, { identity_id: 'wren', artifacts: [''], notes: long(2_001) }],
    ['review_submission', '/api/bounties/b/submissions/s/review', bounty, { verdict: 'maybe', evidence: 'x' }],
    ['track_bounty_cost', '/api/bounties/b/track_cost', { bounty_id: 'b' }, { api_cost: -1, tokens_spent: 0.5 }],
    ['vote_journal', '/api/journals/j/vote', { journal_id: 'j' }, { vote: 'yes', reason: 'x' }],
    ['vote_guild', '/api/guilds/requests/r/vote', { request_id: 'r' }, { reason: long(1_001) }],
    ['vote_treasury', '/api/guilds/spendings/s/vote', { spend_id: 's' }, { vote: 'exceptional', reason: 'fine by me' }],
    ['resolve_dispute', '/api/disputes/d/resolve', { dispute_id: 'd' }, { outcome: 'maybe', notes: '' }],
    ['appoint_mediator', '/api/disputes/d/appoint', { dispute_id: 'd' }, { identity_id: 'no id' }],
    ['create_identity', '/api/identities/create', {}, { name: long(81), identity_statement: long(601) }],
  ])('is what %s takes: %s', async (action, path, named, body) => {
    const answer = await post(path, body);
    const refused = await panel.world.society.ask(asOwner, action, { ...named, ...body });
    const told = answer.json.errors.map(({ field, message }: { field: string; message: string }) => `${field}: ${message}`);
    expect([answer.status, told.join('; ')]).toEqual([400, !refused.ok && refused.fix]);
    expect(refused).toMatchObject({ reason: 'invalid_arguments' });
  });

  it('takes digits for a number, as forms send them, and passes over what it does not know', async () => {
    const { json } = await post('/api/bounties', { title: 'Map it', reward: ' 60 ', slots: '2', colour: 'green' });
    expect(json.bounty).toMatchObject({ reward: 60, slots: 2 });
    refusedWith(await post('/api/bounties', { title: 'Map it', reward: '60 tokens' }), 400, /give a whole number of tokens/);
    refusedWith(await post('/api/bounties', { title: 'Map it', reward: '-60' }), 400, /positive whole number of tokens/);
    const { json: paid } = await get(`/api/bounties/${json.bounty.id}/payout?winner_reward=0`);
    expect(paid.errors).toMatchObject([{ field: 'winner_reward' }]);
  });
});
