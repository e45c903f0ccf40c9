import { asOwner, asResident, type Backend, GateOrderError, openBudgetLedger, openGates, openSociety } from '@vivarium/core';
import { type NewWorld, twoProcesses } from '@vivarium/core/testing';
import { describe, expect, it, onTestFinished } from 'vitest';
import { BACKENDS } from './backends.ts';

/** One store for each of two processes of a world; closed when the test ends. */
async function both<T extends { close(): Promise<void> }>(newWorld: NewWorld, open: (backend: Backend) => Promise<T>) {
  const { one, other, start } = await twoProcesses(newWorld);
  const opened = async (backend: Backend) => {
    const store = await open(backend);
    onTestFinished(() => store.close());
    return store;
  };
  return { one: await opened(one), other: await opened(other), again: async () => opened(await start()) };
}

describe.each(BACKENDS)('stores on %s', (_name, newWorld) => {
  describe('the budget', () => {
    const ledgers = (capUsd: number) => both(newWorld, (backend) => openBudgetLedger({ backend, capUsd }));
    const ask = (call_id: string, amount_usd: number) => ({ call_id, amount_usd, minimum_usd: amount_usd });

    it('is one over two processes: what one reserved, the other cannot', async () => {
      const { one, other, again } = await ledgers(1);
      const answers = await Promise.all([0, 1, 2, 3].map((n) => (n % 2 ? one : other).reserve(ask(`c${n}`, 0.25))));
      expect(answers.map(({ granted }) => granted)).toEqual([true, true, true, true]);
      await Promise.all([0, 1, 2, 3].map((n) => (n % 2 ? other : one).settle(`c${n}`, 0.2)));
      expect(await one.reserve(ask('c4', 0.25))).toMatchObject({ granted: false, level: 'run' });
      expect(await other.reserve(ask('c5', 0.2))).toMatchObject({ granted: true });
      const states = [one, other, await again()].map((ledger) => {
        ledger.refresh();
        return ledger.state();
      });
      for (const state of states) expect(state).toMatchObject({ cap_usd: 1, spent_usd: 0.8, reserved_usd: 0.2 });
    });

    it('gives who waits what another process settles for less', async () => {
      const { one, other } = await ledgers(1);
      await one.reserve(ask('long', 1));
      const waiting = other.reserve(ask('next', 0.5));
      await one.settle('long', 0.1);
      expect(await waiting).toMatchObject({ granted: true, amount_usd: 0.5 });
    });

    it('books a call once, however often it is reserved and settled', async () => {
      const { one, other } = await ledgers(1);
      await Promise.all([one.reserve(ask('c', 0.5)), other.reserve(ask('c', 0.5))]);
      for (const ledger of [one, other, one]) await ledger.settle('c', 0.3);
      expect(one.state()).toMatchObject({ spent_usd: 0.3, reserved_usd: 0 });
    });
  });

  describe('the gates', () => {
    const gates = () => both(newWorld, (backend) => openGates({ backend }));
    const submitted = (ballot_id: string) =>
      ({
        event: 'change_submitted',
        actor: 'runtime',
        change_id: 't1',
        attempt: 1,
        title: 'Write it',
        description: 'Write it',
        author_id: 'ada',
        excerpt: 'It is written',
        ballot_id,
      }) as const;
    const vote = { event: 'vote_cast', actor: 'ben', ballot_id: 'vote_a', vote: 'approved', reason: '' } as const;

    it('let one of two processes take a step, and show both the same', async () => {
      const { one, other, again } = await gates();
      const taken = await Promise.all([one.tryRecord(submitted('vote_a')), other.tryRecord(submitted('vote_b'))]);
      expect(taken.filter(Boolean)).toHaveLength(1);
      const changes = [one, other, await again()].map((store) => {
        store.refresh();
        return store.change('t1');
      });
      expect(changes[0]?.ballot_id).toBe(taken[0] ? 'vote_a' : 'vote_b');
      for (const change of changes) expect(change).toEqual(changes[0]);
    });

    it('refuse a step out of order in the other process, and tell it of the one in order', async () => {
      const { one, other } = await gates();
      await expect(other.record(vote)).rejects.toThrow(GateOrderError);
      const told = new Promise<void>((done) => onTestFinished(other.follow(done)));
      await one.record(submitted('vote_a'));
      await told;
      await other.record(vote);
      expect(await one.tryRecord(vote)).toBe(false);
    });
  });

  describe('the society', () => {
    const societies = async () => {
      const world = await both(newWorld, async (backend) => {
        for (const [id, name] of [
          ['ada', 'Fennel'],
          ['ben', 'Lantern'],
        ])
          await backend.documents.place(`.swarm/identities/${id}.json`, { id, name });
        return openSociety({ backend });
      });
      await world.one.act(asOwner, 'tip', { identity_id: 'ada', amount: 50, reason: 'to begin with' });
      return world;
    };
    const gift = (amount: number) => ['gift_tokens', { identity_id: 'ben', amount }] as const;

    it('pays what one process gives out of what another booked', async () => {
      const { one, other, again } = await societies();
      const held = one.wallet('ada').tokens;
      expect(await other.act(asResident('ada'), ...gift(10))).toMatchObject({ ok: true });
      for (const society of [one, other, await again()]) {
        await society.refresh();
        expect(society.wallet('ada').tokens).toBe(held - 10);
        expect(society.wallet('ben').tokens).toBeGreaterThan(0);
      }
    });

    it('never pays a wallet’s tokens twice, whichever process is asked', async () => {
      const { one, other } = await societies();
      const held = one.wallet('ada').tokens;
      const gifts = [one, other, one, other].map((society) => society.act(asResident('ada'), ...gift(held - 1)));
      expect((await Promise.all(gifts)).filter(({ ok }) => ok)).toHaveLength(1);
      await one.refresh();
      expect(one.wallet('ada').tokens).toBe(1);
    });

    it('does an act once for its key, though both processes are asked', async () => {
      const { one, other } = await societies();
      const held = one.wallet('ada').tokens;
      const key = { execution_key: 't1#1', index: 0 };
      const answers = await Promise.all([one, other].map((society) => society.act(asResident('ada'), ...gift(5), key)));
      for (const answer of answers) expect(answer).toMatchObject({ ok: true });
      await one.refresh();
      expect(one.wallet('ada').tokens).toBe(held - 5);
    });
  });
});
