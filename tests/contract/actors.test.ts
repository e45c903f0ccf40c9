import { ACTIONS, ACTS, actorOf, asOwner, asResident, asRuntime, isPerson, type SocietyStore } from '@vivarium/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { TestWorld } from './society-world.ts';

describe('who acts', () => {
  let world: TestWorld;
  let society: SocietyStore;
  beforeEach(async () => {
    world = new TestWorld();
    society = await world.open();
  });
  afterEach(() => world.close());

  it('is known by kind, never by what somebody is called', async () => {
    world.settle({ id: 'human', name: 'Not the person' });
    await society.refresh();
    const tip = { identity_id: 'ben', amount: 5, reason: 'for nothing' };
    expect(await society.act(asResident('human'), 'tip', tip)).toMatchObject({ ok: false, reason: 'not_permitted' });
    expect(await society.act(asResident('runtime'), 'tip', tip)).toMatchObject({ ok: false, reason: 'not_permitted' });
    expect(await society.act(asResident('nobody'), 'rest', {})).toMatchObject({ ok: false, reason: 'identity_not_found' });
    expect(await society.act(asOwner, 'tip', tip)).toMatchObject({ ok: true });
    expect(await society.act(asRuntime, 'tip', tip)).toMatchObject({ ok: true });
  });

  it.each([
    ['human', asOwner],
    ['runtime', asRuntime],
    ['ada', asResident('ada')],
  ])('is named %s in the logs', async (id, actor) => {
    expect(actorOf(id)).toEqual(actor);
    await society.act(actor, 'create_pool', { name: `Pool of ${id}` });
    expect([...society.world.society.pools.values()]).toMatchObject([{ creator_id: id }]);
  });

  it.each(['human', 'person', 'person:panel', 'queue.json'])('is the person where a log says %s', (id) => {
    expect(isPerson(id)).toBe(true);
    expect(actorOf(id)).toEqual(asOwner);
  });

  it.each(['ada', 'runtime', 'SYSTEM', 'Person', 'persons', 'human_1', ''])('is not the person where a log says %j', (id) => {
    expect(isPerson(id)).toBe(false);
    expect(actorOf(id).kind).not.toBe('person');
  });

  it('is told at compile time what does not fit, and at run time where words come from outside', async () => {
    // @ts-expect-error an actor is no text
    expect(await society.act('ada', 'rest', {})).toMatchObject({ reason: 'not_permitted' });
    // @ts-expect-error there is no such act
    expect(await society.act(asResident('ada'), 'restt', {})).toMatchObject({ reason: 'unknown_action' });
    // @ts-expect-error an amount is a number
    expect(await society.act(asOwner, 'tip', { identity_id: 'ada', amount: '5', reason: 'why not' })).toMatchObject({
      reason: 'invalid_arguments',
    });
    expect(await society.ask(asOwner, 'tip', 'five tokens')).toMatchObject({ reason: 'invalid_arguments' });
    expect(await society.ask(asOwner, 'restt', {})).toMatchObject({ reason: 'unknown_action' });
    expect(Object.keys(ACTS)).toEqual([...ACTIONS.keys()]);
  });

  it('is answered as the act says, and the same again under the same key', async () => {
    const offer = () => society.act(asOwner, 'create_bounty', { title: 'A map' }, { execution_key: 'once' });
    const [first, again] = [await offer(), await offer()];
    if (!first.ok || !again.ok) throw new Error('refused');
    const id: string = first.bounty_id;
    expect(again).toEqual({ ...first, replayed: true });
    expect([...society.world.society.bounties.keys()]).toEqual([id]);
    // @ts-expect-error it answers no such thing
    expect(first.journal_id).toBeUndefined();
    const paid = await society.act(asOwner, 'top_up_bounty', { bounty_id: id, amount: 5 });
    expect(paid.ok && paid.in_escrow).toBe(55);
  });
});
