import { expect, it } from 'vitest';
import { z } from 'zod';
import { type NewWorld, twoProcesses } from './world.ts';

const NAME = '.swarm/board/count.json';
const Count = z.object({ count: z.number() });
const LANES = 10;
const EACH = 10;

/** What only one process at a time may do. Part of `describeDocuments`. */
export function describeExclusion(newWorld: NewWorld) {
  const both = async () => {
    const { one, other } = await twoProcesses(newWorld);
    return [one.documents, other.documents] as const;
  };
  const add = (current?: z.infer<typeof Count>) => ({ count: (current?.count ?? 0) + 1 });

  it('loses none of a hundred updates that two processes make at once', async () => {
    const [one, other] = await both();
    const lane = async (at: number) => {
      for (let n = 0; n < EACH; n++) await (at % 2 ? one : other).update(NAME, Count, add);
    };
    await Promise.all(Array.from({ length: LANES }, (_, at) => lane(at)));
    expect(await one.get(NAME, Count)).toEqual({ count: LANES * EACH });
  });

  it('resolves to what stands afterwards, and leaves it as it was when nothing is to change', async () => {
    const [one, other] = await both();
    expect(await one.update(NAME, Count, () => undefined)).toBeUndefined();
    expect(await one.get(NAME, Count)).toBeUndefined();
    expect(await one.update(NAME, Count, async (current) => add(current))).toEqual({ count: 1 });
    expect(await other.update(NAME, Count, () => undefined)).toEqual({ count: 1 });
  });

  it('leaves it as it was when a change throws, and keeps nobody waiting', async () => {
    const [one, other] = await both();
    await one.put(NAME, { count: 1 });
    for (const failing of [() => Promise.reject(new RangeError('no')), () => raise()])
      await expect(one.update(NAME, Count, failing)).rejects.toThrow(RangeError);
    expect(await other.update(NAME, Count, add)).toEqual({ count: 2 });
  });

  it('runs the work under one name one at a time, whoever asks, and gives back what it comes to', async () => {
    const [one, other] = await both();
    let inside = 0;
    const work = (n: number) => async (guard: { check(): void }) => {
      expect(++inside).toBe(1);
      await new Promise(setImmediate);
      guard.check();
      inside -= 1;
      return n;
    };
    const answers = [1, 2, 3, 4].map((n) => (n % 2 ? one : other).exclusive(NAME, work(n)));
    expect(await Promise.all(answers)).toEqual([1, 2, 3, 4]);
  });

  it('lets the next one in after work that failed, and works under other names meanwhile', async () => {
    const [one, other] = await both();
    await expect(one.exclusive(NAME, async () => raise())).rejects.toThrow(RangeError);
    const nested = one.exclusive(NAME, () => other.exclusive(`${NAME}.other`, async () => 'both'));
    expect(await nested).toBe('both');
  });
}

function raise(): never {
  throw new RangeError('no');
}
