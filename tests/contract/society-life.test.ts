import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { actorOf, asResident, asRuntime, type SocietyStore } from '@vivarium/core';
import { verifyLedger } from '@vivarium/world';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { scriptNow } from '../../scripts/lib/compile.mjs';
import { ok, TestWorld, tip } from './society-world.ts';

let world: TestWorld;
beforeEach(() => {
  world = new TestWorld();
});
afterEach(() => world.close());

/** Everything that can be asked, as one value. */
async function portrait(society: SocietyStore) {
  return {
    identities: society.identities(),
    wallets: society.wallets(),
    ledgers: ['ada', 'ben', 'cyn', 'dov', 'eve'].map((id) => society.walletLedger(id, { limit: 500 })),
    people: ['ada', 'ben'].map((id) => society.profile(id)?.person),
    groups: [society.bounties(), society.guilds(), society.disputes()],
    journals: await society.journals('ada'),
    memories: society.memories('ada', 'links', 50),
    mail: [society.mailToHuman(), society.unreadMail('ada')],
    town: await society.room('town_hall', 'human'),
  };
}

describe('continuity', () => {
  it('keeps name, memories, wallet and relations over twenty days with restarts; day 20 uses what day 3 taught', async () => {
    for (let day = 1; day <= 20; day++) {
      const society = await world.open();
      const body = { identity_id: 'ada', cycle_id: day, resident_id: `resident_${day}` };
      ok(await society.act(asRuntime, 'wake', body));
      const lesson =
        day === 3 ? 'Umlauts in links have to be encoded before they are checked' : `On page ${day} the table was long`;
      ok(await society.act(asRuntime, 'learn', { identity_id: 'ada', task_id: `t${day}`, content: lesson, skill: 'pages' }));
      ok(await society.act(asRuntime, 'record_outcome', { identity_id: 'ada', task_id: `t${day}`, verdict: 'approved' }));
      ok(await society.act(asResident('ada'), 'thank', { identity_id: 'ben', message: `day ${day}` }));
      await tip(society, 'ada', 10);
      if (day === 20) {
        expect(society.profile('ada')).toMatchObject({ level: 4, person: { days: 20, sessions: 20, tasks_completed: 20 } });
        expect(society.profile('ada')?.person.relations.get('ben')).toBe(20);
        expect(society.wallet('ada')).toMatchObject({ tokens: 140, journal_tokens: 60 });
        const woke = await society.wakeUp('ada', 'Check the links of the library');
        expect(woke?.text).toMatch(/day 3: Umlauts in links/);
        expect(woke?.text).toContain('your day 20: day 6 of 7 in week 3');
      }
      ok(await society.act(asRuntime, 'sleep', { identity_id: 'ada' }));
      await society.close();
      world.clock.advance(60_000);
    }
  });
});

describe('a whole life', () => {
  it('is rebuilt from the log when views and snapshots are gone', async () => {
    const society = await world.open();
    const act = async (actor: string, action: string, args: object = {}) => ok(await society.ask(actorOf(actor), action, args));
    await act('runtime', 'wake', { identity_id: 'ada', cycle_id: 1, resident_id: 'r1' });
    await act('human', 'send_message', { identity_id: 'ada', content: 'welcome' });
    await act('ada', 'read_mail');
    await tip(society, 'ada', 100);
    await act('ada', 'edit_self', { changes: { name: 'Thistle' }, reason: 'because I have grown into it' });
    const { journal_id } = await act('ada', 'write_journal', { content: 'I understand the cellar now' });
    for (const voter of ['ben', 'cyn', 'dov']) await act(voter, 'vote_journal', { journal_id, vote: 'accept', reason: 'clear' });
    const { guild_id } = await act('ada', 'found_guild', { name: 'Moss' });
    const { request_id } = await act('ben', 'request_guild', { guild_id, message: 'please' });
    await act('ada', 'vote_guild', { request_id, vote: 'accept', reason: 'welcome' });
    const { bounty_id } = await act('human', 'create_bounty', { title: 'Map', description: 'the cellar', reward: 61 });
    await act('ben', 'claim_bounty', { bounty_id, as_guild: true });
    await act('ben', 'submit_bounty', { bounty_id, description: 'The whole map of the cellar' });
    const { dispute_id } = await act('cyn', 'open_dispute', {
      target_type: 'journal',
      target_id: journal_id,
      reason: 'too short',
    });
    await act('eve', 'wear_hat', { hat: 'Hat of Objectivity' });
    await act('eve', 'resolve_dispute', { dispute_id, outcome: 'uphold', notes: 'it was clear' });
    await act('human', 'complete_bounty', { bounty_id });
    await act('ada', 'post_message', { content: 'what a day' });
    await act('ada', 'message_human', { content: 'thank you' });
    await act('runtime', 'learn', { identity_id: 'ada', task_id: 't1', content: 'Cellars have links' });
    await society.publish();
    const before = await portrait(society);
    expect(before.wallets.map(({ tokens }) => tokens)).toEqual([89, 31, 0, 0, 0]);
    await society.close();
    for (const file of ['free_time_balances.json', 'bounties.json', 'guilds.json', 'disputes.json', 'ledger.jsonl.snapshot'])
      rmSync(join(world.paths.swarm, file), { force: true });
    const again = await world.open();
    expect(await portrait(again)).toEqual(before);
    await again.publish();
    expect(JSON.parse(readFileSync(join(world.paths.swarm, 'guilds.json'), 'utf8'))).toMatchObject([{ founder_name: 'Thistle' }]);
    expect(verifyLedger(world.paths.tokenLedger)).toMatchObject({ ok: true });
  });
});

describe('a process that is killed', () => {
  const script = fileURLToPath(new URL('society-process.ts', import.meta.url));
  const ACTS = 18;
  const run = async (from: number, killAfter: number) => {
    const args = scriptNow(script, world.paths.root, String(from), String(ACTS));
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    let reached = from;
    child.stdout.on('data', (chunk: Buffer) => {
      reached = Number(chunk.toString().trim().split('\n').at(-1)) + 1;
      if (reached >= killAfter) child.kill('SIGKILL');
    });
    const [code] = await once(child, 'exit');
    return { reached, done: code === 0 };
  };

  it('leaves nothing half done, and a repeat under the same keys does nothing twice', { timeout: 60_000 }, async () => {
    for (const killAfter of [5, 11]) expect((await run(0, killAfter)).done).toBe(false);
    expect(await run(0, Number.POSITIVE_INFINITY)).toEqual({ reached: ACTS, done: true });
    const society = await world.open();
    const { lines } = society.walletLedger('ada', { limit: 1_000 });
    const count = (kind: string) => lines.filter((line) => line.kind === kind).length;
    expect([count('tip'), count('mail_sent'), count('journal_written')]).toEqual([ACTS, ACTS, ACTS]);
    expect(society.mailToHuman().length).toBe(ACTS);
    const mailbox = readFileSync(join(world.paths.swarm, 'messages_to_human.jsonl'), 'utf8');
    for (let n = 0; n < ACTS; n++) expect(mailbox.split(`mail ${n}"`).length, `mail ${n}`).toBe(2);
    expect((await society.room('town_hall', 'ada', { limit: 1_000 }))?.lines.length).toBe(ACTS);
    expect((await society.journals('ada', { limit: 1_000 })).map(({ content }) => content)).toContain('journal 17');
    expect([...society.world.tokens.balances.values()].reduce((sum, n) => sum + n, 0)).toBe(0);
    expect(verifyLedger(world.paths.tokenLedger)).toMatchObject({ ok: true });
  });
});
