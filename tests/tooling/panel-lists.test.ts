/** The live lists of the panel's page hold every task, whatever its id. */
import { expect, it } from 'vitest';
import type { FeedEvent } from '../../packages/control-panel/src/protocol/feed.ts';
import type { TaskRow } from '../../packages/control-panel/src/protocol/tasks.ts';
import { apply, type Picture } from '../../packages/control-panel/web/src/state/world.ts';

const LISTS = ['atWork', 'needsYou', 'touched'] as const;
const EMPTY = { lines: [], atWork: new Map(), needsYou: new Map(), touched: new Map() } as unknown as Picture;

const waits = { lease: { worker_id: 'w', claimed_at: '' }, hold: { kind: 'review' } };
const change = (id: string, more: object = {}, seq = 1) =>
  ({ kind: 'task', seq, line: {}, row: { id, ...more } as unknown as TaskRow }) as unknown as FeedEvent;
const idsIn = (picture: Picture) => LISTS.map((list) => [...picture[list].values()].map(({ id }) => id));

it.each(['__proto__', 'constructor', 'toString', 'hasOwnProperty', '7'])(
  'a task named %s comes and goes like any other',
  (id) => {
    const before = apply(EMPTY, [change('a', waits), change('b')]);
    expect(before.touched.get(id)).toBeUndefined();
    const there = apply(before, [change(id, waits)]);
    expect(idsIn(there)).toEqual([
      ['a', id],
      ['a', id],
      ['a', 'b', id],
    ]);
    const gone = apply(there, [change(id)]);
    expect(idsIn(gone)).toEqual([['a'], ['a'], ['a', 'b', id]]);
  },
);

it('a change that concerns no list at work leaves it the same object', () => {
  const before = apply(EMPTY, [change('a', waits)]);
  expect(apply(before, [change('constructor')]).atWork).toBe(before.atWork);
});
