import { readdir } from 'node:fs/promises';
import { actorOf, openGates, openSociety, type SocietyStore } from '@vivarium/core';
import { type ModelRequest, obliging } from '@vivarium/core/testing';
import { fileBackend } from '@vivarium/storage-files';
import { afterEach, describe, expect, it } from 'vitest';
import { type InsideWorld, openInside } from '../phases/phase-kit.ts';

/** The whole body of a first call, as the model's server gets it. */
const PLAIN_BYTES = 3 * 1024;
const BUSY_BYTES = 6 * 1024;

let inside: InsideWorld;
afterEach(() => inside.close());

const bytesOf = ({ body }: ModelRequest) => Buffer.byteLength(JSON.stringify(body));
const toolsOf = ({ body }: ModelRequest) =>
  ((body['tools'] ?? []) as { function: { name: string } }[]).map((one) => one.function.name);
const systemOf = ({ body }: ModelRequest) => String((body['messages'] as { content: string }[])[0]?.content);
const working = () => inside.model.requests.filter(({ schemaName }) => schemaName === undefined);

/** The first call of a task of this resident. */
async function firstCall(id: string, prompt: string, identity_id: string): Promise<ModelRequest> {
  const before = working().length;
  await inside.run([{ id, prompt, identity_id }], 1);
  return working()[before] as ModelRequest;
}

async function residents(): Promise<string[]> {
  await inside.run([{ id: 'warm-up', command: 'pwd' }]);
  const files = await readdir(inside.world.paths.identities);
  return files.filter((name) => name.endsWith('.json')).map((name) => name.replace('.json', ''));
}

async function withSociety(
  use: (society: SocietyStore, act: (...args: Act) => Promise<Record<string, unknown>>) => Promise<void>,
) {
  const society = await openSociety({ backend: fileBackend(inside.world.paths) });
  await use(society, async (actor, action, args) => {
    const answer = await society.ask(actorOf(actor), action, args);
    expect(answer).toMatchObject({ ok: true });
    return { ...answer };
  });
  await society.close();
}
type Act = [actor: string, action: string, args: object];

const long = (words: string) => `${words} ${'and every word of it is meant as it stands here, '.repeat(12)}`;

describe('the first call of a task', () => {
  it('is at most 3 KB when nothing waits, whatever was done and said before', async () => {
    inside = await openInside(obliging);
    const [ada = '', ben = ''] = await residents();
    const fresh = await firstCall('t0', 'Write a haiku about moss.', ada);
    expect(bytesOf(fresh)).toBeLessThanOrEqual(PLAIN_BYTES);
    for (let n = 1; n <= 10; n++) await firstCall(`t${n}`, long(`Write haiku number ${n} about moss`), ada);
    await withSociety(async (_, act) => {
      await act('human', 'tip', { identity_id: ada, amount: 100, reason: 'to begin with' });
      await act(ada, 'remember', { content: long('Moss likes the shade').slice(0, 590) });
      for (let n = 0; n < 5; n++) await act(ben, 'post_message', { room: 'watercooler', content: long(`A word ${n}`) });
    });
    const last = await firstCall('t11', 'Write a haiku about moss.', ada);
    expect(bytesOf(last)).toBeLessThanOrEqual(PLAIN_BYTES);
    const others = systemOf(last).match(/haiku number \d+/g) ?? [];
    expect(others.length).toBeLessThanOrEqual(1);
    expect(systemOf(last)).toMatch(/<<<untrusted origin="your memories"[^\n]*\n- day/);
  });

  it('is at most 6 KB with mail, ballots and bounties waiting, and offers what they ask for', async () => {
    inside = await openInside(obliging);
    const [ada = '', ben = '', cyn = ''] = await residents();
    const gates = await openGates({ backend: fileBackend(inside.world.paths) });
    await gates.record({
      ...{ event: 'change_submitted', actor: 'runtime', attempt: 1, description: '', author_id: ben, change_id: 'code' },
      ...{ title: 'Write the parser', excerpt: long('function parse'), ballot_id: 'vote_1' },
    } as never);
    await gates.close();
    await withSociety(async (_, act) => {
      for (const who of [ada, ben, cyn]) await act('human', 'tip', { identity_id: who, amount: 200, reason: 'to begin with' });
      for (let n = 0; n < 6; n++) {
        await act('human', 'send_message', { identity_id: ada, content: long(`Letter ${n}`) });
        await act('human', 'create_bounty', { title: `Map the paths of valley ${n} ${'with care '.repeat(10)}`, reward: 40 });
        await act(n % 2 ? ben : cyn, 'write_journal', { content: long(`I learned number ${n}`) });
        await act(ben, 'post_message', { room: 'town_hall', content: long(`A word ${n}`) });
      }
      await act(cyn, 'direct_message', { identity_id: ada, content: long('Will you come') });
    });
    const call = await firstCall('t1', 'Write a haiku about moss.', ada);
    expect(bytesOf(call)).toBeLessThanOrEqual(BUSY_BYTES);
    const waiting = ['vote_gate', 'vote_journal', 'claim_bounty', 'submit_bounty', 'message_human'];
    expect(toolsOf(call)).toEqual(expect.arrayContaining(waiting));
    for (const origin of ['mail', 'ballots', 'bounties']) expect(systemOf(call)).toContain(`<<<untrusted origin="${origin}"`);
  });
});
