import { Identity, Task } from '@vivarium/core';
import { describe, expect, it } from 'vitest';
import { Residents, servesShard, shardOf } from './residents.ts';

const resident = (id: string, traits: string[] = []) =>
  Identity.parse({ id, name: id, attributes: { core: { personality_traits: traits } } });
const task = (more: object = {}) => Task.parse({ id: 't', prompt: 'Write a careful summary', ...more });

function residents(minScore = 0) {
  const house = new Residents({ worker_id: 'w1', minScore, shard: { count: 1, serves: () => true } });
  house.settle([resident('ada', ['careful']), resident('bo'), resident('cy')]);
  return house;
}

describe('the choice of a resident', () => {
  it('takes turns', () => {
    const house = residents();
    const seen: (string | undefined)[] = [];
    for (let round = 0; round < 4; round += 1) {
      const who = house.assign(task())?.identity_id;
      house.begin(who);
      house.end(who);
      seen.push(who);
    }
    expect(seen).toEqual(['ada', 'bo', 'cy', 'ada']);
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
    expect(residents(1).assign(task())?.identity_id).toBe('ada');
    expect(residents(1).assign(task({ prompt: 'Count' }))).toBeUndefined();
    expect(residents(1).assign(task({ prompt: 'Count', reward: 150 }))?.identity_id).toBe('ada');
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
