import { Identity, Task } from '@vivarium/core';
import { describe, expect, it } from 'vitest';
import { Residents, type ResidentsOptions, servesShard, shardOf } from './residents.ts';

const resident = (id: string, traits: string[] = [], more: object = {}) =>
  Identity.parse({ id, name: id, attributes: { core: { personality_traits: traits } }, ...more });
const task = (more: object = {}) => Task.parse({ id: 't', prompt: 'Write a careful summary', ...more });

type Awake = ReturnType<ResidentsOptions['awake']>;

function residents({ minScore = 0, worker_id = 'w1', awake = {} as Record<string, Awake> } = {}) {
  const shard = { count: 1, serves: () => true };
  const house = new Residents({ worker_id, minScore, shard, cycle: () => 7, awake: (id) => awake[id] });
  house.settle([resident('ada', ['careful']), resident('bo'), resident('cy')]);
  return house;
}

describe('the choice of a resident', () => {
  it('takes turns', () => {
    const house = residents();
    const seen: (string | undefined)[] = [];
    for (let round = 0; round < 4; round += 1) {
      const who = house.assign(task({ prompt: 'Count' }))?.identity_id;
      house.begin(who);
      house.end(who);
      seen.push(who);
    }
    expect(seen.slice(0, 3).sort()).toEqual(['ada', 'bo', 'cy']);
    expect(seen[3]).toBe(seen[0]);
  });

  it('gives a task to whose own it is, before anybody takes turns', () => {
    const house = residents();
    for (let round = 0; round < 3; round += 1) {
      const who = house.assign(task())?.identity_id;
      expect(who).toBe('ada');
      house.begin(who);
      house.end(who);
    }
  });

  it('draws between equals: neither the name nor the order of the files decides who is first', () => {
    const first = new Map<string | undefined, number>();
    for (let n = 0; n < 300; n += 1) {
      const who = residents({ worker_id: `w${n}` }).assign(task({ prompt: 'Count' }))?.identity_id;
      first.set(who, (first.get(who) ?? 0) + 1);
    }
    expect([...first.keys()].sort()).toEqual(['ada', 'bo', 'cy']);
    // 13.82 is passed by chance once in a thousand (two degrees of freedom).
    expect([...first.values()].reduce((sum, count) => sum + (count - 100) ** 2 / 100, 0)).toBeLessThan(13.82);
  });

  it('asks those last whom another worker has awake in this cycle, and not those who come later', () => {
    const elsewhere = { cycle_id: 7, resident_id: 'other' };
    const house = residents({ awake: { ada: elsewhere, bo: { ...elsewhere, cycle_id: 6 } } });
    house.settle([resident('ada', ['careful']), resident('bo'), resident('dee', ['careful'], { available_cycle: 8 })]);
    expect(house.assign(task())?.identity_id).toBe('bo');
    house.settle([resident('ada')]);
    expect(house.assign(task())?.identity_id).toBe('ada');
    const body = house.body('ada') ?? '';
    const own = residents({ awake: { ada: { cycle_id: 7, resident_id: body } } });
    expect(own.assign(task())?.identity_id).toBe('ada');
  });

  it('prefers whoever has the least to do', () => {
    const house = residents();
    house.begin('ada');
    house.begin('bo');
    expect(house.assign(task())?.identity_id).toBe('cy');
  });

  it('keeps a pinned task for its resident, and hands an unknown one over without any', () => {
    expect(residents().assign(task({ identity_id: 'cy' }))?.identity_id).toBe('cy');
    expect(residents().assign(task({ identity_id: 'nobody' }))).toEqual({});
  });

  it('uses one resident_id per worker and identity', () => {
    const house = residents();
    const [one, two] = [house.assign(task({ identity_id: 'bo' })), house.assign(task({ identity_id: 'bo' }))];
    expect(one?.resident_id).toMatch(/^resident_[0-9a-f]{8}$/);
    expect(two?.resident_id).toBe(one?.resident_id);
  });

  it('leaves a task alone that nobody here scores high enough on', () => {
    expect(residents({ minScore: 1 }).assign(task())?.identity_id).toBe('ada');
    expect(residents({ minScore: 1 }).assign(task({ prompt: 'Count' }))).toBeUndefined();
    expect(residents({ minScore: 1 }).assign(task({ prompt: 'Count', reward: 150 }))?.identity_id).toBeDefined();
  });
});

describe('shards', () => {
  it.each([
    ['task_001', 3],
    ['task_002', 1],
    ['t1', 1],
    ['a', 3],
    ['b', 2],
  ])('put %s into shard %i of 4', (id, shard) => expect(shardOf(id, 4)).toBe(shard));

  it('are all served by whoever lives, however few', () => {
    for (const live of [['w1'], ['w1', 'w2'], ['w1', 'w2', 'w3', 'w4', 'w5']]) {
      for (let shard = 0; shard < 4; shard += 1) {
        const serving = live.filter((worker) => servesShard('auto', 4, worker, () => live)(shard));
        expect(serving).toHaveLength(1);
      }
    }
  });
});
