import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { walletAccount } from '../../economy/accounts.ts';
import { emptyTokenFold } from '../../economy/fold.ts';
import { Postings } from '../../economy/postings.ts';
import type { TokenRecord } from '../../economy/record.ts';
import type { Powers } from './covered.ts';
import { Amount, Nothing, RESIDENT } from './index.ts';
import { shared, subjectOn } from './subject.ts';
import type { Context } from './world.ts';

interface LanternSlice {
  readonly lanterns: Map<string, number>;
}

const Lit = z.object({ by: z.string(), oil: z.int() });
const context: Context = { actor: 'ada', kind: 'resident', now: '2026-12-01T00:00:00.000Z', key: 'act:1' };
const record = (data: object): TokenRecord => ({
  ...{ key: 'k', kind: 'lantern_lit', memo: 'lit', timestamp: context.now, postings: [], data: { ...data } },
});

/** A subject of lanterns, whose oil comes from wherever a test says. */
function lanterns(from: string, powers: Powers = {}) {
  const { action, on, subject } = subjectOn<LanternSlice>(powers);
  return subject({
    name: 'lanterns',
    empty: (): LanternSlice => ({ lanterns: new Map() }),
    acts: {
      light: action(RESIDENT, z.strictObject({ oil: Amount }), Nothing, (world, { oil }, { actor }) => {
        const booking = new Postings(world.tokens);
        booking.move(from, 'sink:oil', oil);
        const event = { kind: 'lantern_lit', memo: 'lit', data: { by: actor, oil }, subjects: [], booking };
        return { ok: true, event, answer: {} };
      }),
    },
    events: { lantern_lit: on(Lit, ({ lanterns: lit }, { by, oil }) => void lit.set(by, oil)) },
  });
}

function light(from: string, powers?: Powers) {
  const { acts, empty } = lanterns(from, powers);
  const tokens = emptyTokenFold();
  tokens.balances.set(walletAccount('ada', 'free'), 7).set(walletAccount('ben', 'free'), 7).set('pool:p', 7);
  return (oil: number) => acts.light.run({ tokens, society: empty(), identities: new Map() }, { oil }, context);
}

describe('a subject', () => {
  it('moves what is there and what is its actor’s, whatever its own rule says', () => {
    expect(light(walletAccount('ada', 'free'))(7)).toMatchObject({ ok: true });
    expect(light('pool:p')(7)).toMatchObject({ ok: true });
    for (const [from, oil] of [
      [walletAccount('ada', 'free'), 8],
      [walletAccount('ben', 'free'), 1],
      ['pool:p', 8],
      ['mint:oil', 1],
    ] as const)
      expect(light(from)(oil), from).toMatchObject({ ok: false, reason: 'not_covered' });
  });

  it('mints and takes back by its own powers only', () => {
    expect(light('mint:oil', { mints: { lantern_lit: 'mint:oil' } })(9)).toMatchObject({ ok: true });
    expect(light('mint:oil', { mints: { lantern_lit: 'mint:tip' } })(9)).toMatchObject({ reason: 'not_covered' });
    expect(light('mint:oil', { mints: { lantern_sold: 'mint:oil' } })(9)).toMatchObject({ reason: 'not_covered' });
    expect(light(walletAccount('ben', 'free'), { takes_back: 'lantern_lit' })(7)).toMatchObject({ ok: true });
    expect(light(walletAccount('ben', 'free'), { takes_back: 'lantern_sold' })(7)).toMatchObject({ reason: 'not_covered' });
  });

  it('is not changed by a record of another shape', () => {
    const { empty, events } = lanterns('pool:p');
    const society = empty();
    for (const data of [{ by: 'ada' }, { by: 1, oil: 1 }, { by: 'ada', oil: 'much' }])
      events['lantern_lit']?.(society, record(data));
    expect(society.lanterns.size).toBe(0);
    events['lantern_lit']?.(society, record({ by: 'ada', oil: 3 }));
    expect([...society.lanterns]).toEqual([['ada', 3]]);
  });

  it('reads what it shares with others once for each record, and anew for the next', () => {
    let reads = 0;
    const read = shared(
      Lit.transform((data) => {
        reads += 1;
        return data;
      }),
    );
    const [one, other] = [record({ by: 'ada', oil: 1 }), record({ by: 'ben', oil: 2 })];
    expect([one, one, other, other, one].map((each) => read(each)?.by)).toEqual(['ada', 'ada', 'ben', 'ben', 'ada']);
    expect(reads).toBe(3);
    expect(read(record({ by: 'ada' }))).toBeUndefined();
  });
});
