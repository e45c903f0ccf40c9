import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { actorOf, asResident, openSociety } from '@vivarium/core';
import { fileBackend } from '@vivarium/storage-files';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { cliHere } from './cli-here.ts';
import { TestWorld } from './worker-kit.ts';

let world: TestWorld;
beforeEach(async () => {
  world = await TestWorld.open();
});
afterEach(() => world.close());

const worker = (...args: string[]) => cliHere(world, args);
const json = async (...args: string[]) => JSON.parse((await worker(...args, '--json')).stdout);
const lines = async (...args: string[]) => {
  const { stdout } = await worker(...args, '--json');
  return stdout
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line));
};

describe('The society on the command line', () => {
  it('creates a resident, refuses one that is too much like it, and shows both what it owns', async () => {
    const created = await json('resident', 'create', 'Thistle', '--summary', 'Says little', '--traits', 'bold, brief');
    expect(created).toMatchObject({ name: 'Thistle', id: expect.stringMatching(/^oc_/) });
    const twin = await worker('resident', 'create', 'Thistles', '--json');
    expect([twin.code, JSON.parse(twin.stdout).error]).toEqual([1, expect.stringContaining('too close to that of Thistle')]);
    expect(await lines('resident', 'list')).toContainEqual(expect.objectContaining({ id: created.id, tokens: 0, level: 1 }));
    expect(await json('resident', 'show', created.id)).toMatchObject({
      attributes: { core: { personality_traits: ['bold', 'brief'] } },
      tasks_completed: 0,
    });
    await worker('mail', 'send', created.id, 'Welcome');
    expect(await json('wallet', 'show', created.id)).toMatchObject({
      tokens: 5,
      journal_tokens: 3,
      entries: [{ kind: 'letter_sent', free: 5, journal: 3 }],
    });
    expect(await json('ledger', 'verify')).toMatchObject({ ok: true, entries: 2 });
    expect((await worker('wallet', 'show', 'nobody')).code).toBe(3);
  });

  it('takes a bounty through its offer and its end', async () => {
    const offered = await json('bounty', 'create', 'Map it', '--reward', '30', '--slots', '2');
    expect(offered).toMatchObject({ title: 'Map it', status: 'open', reward: 30, slots: 2 });
    expect((await worker('bounty', 'create', 'None', '--reward', '-5')).code).toBe(2);
    expect((await worker('bounty', 'complete', offered.id)).code).toBe(1);
    expect(await json('bounty', 'cancel', offered.id)).toMatchObject({ status: 'cancelled', returned: 30 });
    expect((await worker('bounty', 'cancel', offered.id)).code).toBe(1);
    expect(await lines('bounty', 'list')).toEqual([]);
    expect(await json('bounty', 'show', offered.id)).toMatchObject({ status: 'cancelled' });
    expect((await worker('bounty', 'show', 'none')).code).toBe(3);
    const sealed = await json('bounty', 'create', 'Map it', '--bid-hours', '0.5');
    expect(sealed).toMatchObject({ status: 'open', bids_until: expect.any(String), bidding: { bids: 0 } });
    expect((await worker('bounty', 'open', sealed.id)).code).toBe(1);
    expect((await worker('bounty', 'create', 'Map it', '--bid-hours', '0')).code).toBe(2);
  });

  it('pays a bounty from what is held for it, after a top-up more, and never over work that nobody judged', async () => {
    const { id: who } = await json('resident', 'create', 'Thistle', '--summary', 'Says little');
    const { id } = await json('bounty', 'create', 'Map it', '--reward', '60');
    const society = await openSociety({ backend: fileBackend(world.paths) });
    const description = 'The whole map of the garden, drawn twice';
    const handed = await society.act(asResident(who), 'submit_bounty', { bounty_id: id, description });
    await society.close();
    const submission = String(handed.ok && handed['submission_id']);
    for (const args of [
      ['cancel', id],
      ['complete', id, '--winner-reward', '1000000'],
    ])
      expect((await worker('bounty', ...args)).code, args.join(' ')).toBe(1);
    expect((await worker('bounty', 'complete', id, '--winner', 'sub_nobody')).code).toBe(3);
    const refused = await worker('bounty', 'complete', id, '--winner-reward', '100');
    expect(refused.stderr).toMatch(/60 are held/);
    const advice = /pnpm worker (bounty top-up \S+ 40)/.exec(refused.stderr)?.[1] ?? '';
    expect(await json(...advice.split(' '))).toEqual({ id, amount: 40, in_escrow: 100 });
    expect((await worker('bounty', 'top-up', id, '0')).code).toBe(2);
    expect(await json('bounty', 'review', id, submission, 'accepted', '--evidence', 'read it')).toMatchObject({
      teams: [{ review: { verdict: 'accepted' } }],
    });
    expect(await json('bounty', 'complete', id, '--winner-reward', '100')).toMatchObject({ total_distributed: 100 });
    expect(await json('ledger', 'verify')).toMatchObject({ ok: true });
  });

  it('shows what a resident keeps, and doubts it', async () => {
    const { id } = await json('resident', 'create', 'Thistle', '--summary', 'Says little');
    const society = await openSociety({ backend: fileBackend(world.paths) });
    await society.act(asResident(id), 'remember', { content: 'The well is deep' });
    await society.close();
    const [kept] = await lines('resident', 'memories', id);
    expect(kept).toMatchObject({ content: 'The well is deep', weight: 0.8 });
    expect(await json('resident', 'doubt', id, kept.id, '--because', 'it is dry')).toMatchObject({ weight: 0.4 });
    expect(await json('resident', 'doubt', id, kept.id, '--because', 'it is dry', '--harmful')).toMatchObject({ weight: 0 });
    expect((await worker('resident', 'doubt', id, 'none', '--because', 'it is dry')).code).toBe(3);
  });

  it('gives tokens and has a voice where residents vote', async () => {
    mkdirSync(world.paths.identities, { recursive: true });
    for (const id of ['ada', 'ben']) writeFileSync(join(world.paths.identities, `${id}.json`), JSON.stringify({ id, name: id }));
    expect(await json('wallet', 'tip', 'ada', '100', '--reason', 'for a start')).toMatchObject({ amount: 100, tokens: 70 });
    expect(await json('wallet', 'vouch', 'ben', 't1', '--bug')).toMatchObject({ amount: 75, tokens: 75 });
    expect((await worker('wallet', 'vouch', 'ben', 't1', '--bug')).code).toBe(1);
    expect((await worker('wallet', 'vouch', 'ben', 't1')).code).toBe(2);
    expect((await worker('wallet', 'vouch', 'ben', 't1', '--test', '3')).code).toBe(1);
    const society = await openSociety({ backend: fileBackend(world.paths) });
    const act = async (actor: string, action: string, args: object) => {
      const answer = await society.ask(actorOf(actor), action, args);
      expect(answer).toMatchObject({ ok: true });
      return JSON.parse(JSON.stringify(answer));
    };
    const { journal_id } = await act('ada', 'write_journal', { content: 'I learned a pattern' });
    const { guild_id } = await act('ada', 'found_guild', { name: 'Ink' });
    const { request_id } = await act('ben', 'request_guild', { guild_id, message: 'please' });
    await society.close();
    const vote = ['journal', 'vote', journal_id, 'accept', '--reason', 'clear'];
    expect(await json(...vote)).toMatchObject({ votes: 1, status: 'pending' });
    expect(await json('guild', 'vote', request_id, 'accept', '--reason', 'gladly')).toMatchObject({ status: 'accepted' });
    const refused = await Promise.all([
      worker(...vote),
      worker('journal', 'vote', journal_id, 'splendid', '--reason', 'so'),
      worker('guild', 'vote', 'none', 'accept', '--reason', 'so be it'),
      worker('wallet', 'tip', 'ada', '-5', '--reason', 'no'),
    ]);
    expect(refused.map(({ code }) => code)).toEqual([1, 2, 3, 2]);
  });

  it('speaks in rooms, and says what is not there', async () => {
    const said = await json('room', 'say', 'Town Hall', 'Good morning');
    expect(said).toMatchObject({ room: 'town_hall', message_id: expect.any(String) });
    expect(await lines('room', 'show', 'town_hall')).toMatchObject([
      { id: said.message_id, author_id: 'human', content: 'Good morning' },
    ]);
    expect(await lines('room', 'list')).toContainEqual(expect.objectContaining({ room: 'town_hall', message_count: 1 }));
    const empty = [
      ['guild', 'list'],
      ['journal', 'list'],
      ['dispute', 'list'],
      ['mail', 'list'],
    ];
    const missing = [
      ['guild', 'show', 'g'],
      ['dispute', 'show', 'd'],
      ['mail', 'reply', 'm', 'x'],
    ];
    const [listed, shown] = await Promise.all([
      Promise.all(empty.map((command) => worker(...command, '--json'))),
      Promise.all(missing.map((command) => worker(...command))),
    ]);
    for (const ended of listed) expect(ended).toMatchObject({ code: 0, stdout: '' });
    for (const ended of shown) expect(ended.code).toBe(3);
  });
});
