import { ChangeOrderError, changeIdOf, openChanges } from '@vivarium/core';
import { aChangesLife, twoProcesses } from '@vivarium/core/testing';
import { describe, expect, it, onTestFinished } from 'vitest';
import { BACKENDS } from './backends.ts';

const change_id = changeIdOf('mend', 1);
const life = aChangesLife(change_id);
const untilYes = [life.seen(), life.opened(), life.saved(1), life.handedIn(), life.checked(), life.approved(), life.checkpoint()];

describe.each(BACKENDS)('changes on %s', (_name, newWorld) => {
  async function changes() {
    const { one, other, start } = await twoProcesses(newWorld);
    const opened = async (backend: typeof one) => {
      const store = await openChanges({ backend });
      onTestFinished(() => store.close());
      return store;
    };
    return { one: await opened(one), other: await opened(other), again: async () => opened(await start()) };
  }

  it('are what the log tells, in every process and after a restart', async () => {
    const { one, other, again } = await changes();
    for (const event of untilYes) await one.record(event);
    await other.record(life.landing());
    await other.record(life.landed());
    const stores = [one, other, await again()];
    for (const store of stores) {
      await store.catchUp();
      expect(store.change(change_id)).toMatchObject({ phase: 'landed', landing: { landing_id: 'land_1' } });
      expect(store.state).toEqual(one.state);
      expect(store.ofTask('mend')).toEqual(store.ofTask('mend', 1));
      expect(store.ofTask('mend', 2)).toBeUndefined();
      expect(store.history(change_id).map(({ event }) => event)).toEqual(
        [...untilYes, life.landing(), life.landed()]
          .map(({ event }) => event)
          .filter((name) => !/project_seen|checkpoint/.test(name)),
      );
    }
  });

  it('land once for one approval, whoever of several begins at the same moment', async () => {
    const { one, other } = await changes();
    await one.record(...untilYes);
    const tries = [0, 1, 2, 3].map((n) => (n % 2 ? one : other).tryRecord(life.landing(`land_${n}`, { by: `w${n}` })));
    const begun = await Promise.all(tries);
    expect(begun.filter(Boolean)).toHaveLength(1);
    const winner = begun.indexOf(true);
    await one.record(life.landed(`land_${winner}`, { by: `w${winner}` }));
    expect(await other.tryRecord(life.landing('land_9', { from_commit: life.landing().to_commit }))).toBe(false);
  });

  it('take one of two yeses that are given at the same moment', async () => {
    const { one, other } = await changes();
    await one.record(...untilYes.slice(0, 4));
    const given = await Promise.all([one.tryRecord(life.approved('apr_a')), other.tryRecord(life.approved('apr_b'))]);
    expect(given.filter(Boolean)).toHaveLength(1);
  });

  it('record several events all or none, and tell why not', async () => {
    const { one, other } = await changes();
    await one.record(life.seen(), life.opened());
    const failing = one.record(life.handedIn(), life.approved(), life.saved(9));
    await expect(failing).rejects.toThrow(ChangeOrderError);
    await expect(one.record(life.landing())).rejects.toMatchObject({ code: 'VIV_CHANGE_ORDER', status: 409 });
    await other.catchUp();
    for (const store of [one, other]) expect(store.change(change_id)).toMatchObject({ phase: 'working' });
    for (const store of [one, other]) expect(store.state.approvals.size).toBe(0);
  });

  it('tell another process of what came', async () => {
    const { one, other } = await changes();
    const told = new Promise<void>((done) => onTestFinished(other.follow(done)));
    await one.record(life.seen(), life.opened());
    await told;
    expect(other.change(change_id)).toMatchObject({ phase: 'working', project: 'invoice' });
  });
});
