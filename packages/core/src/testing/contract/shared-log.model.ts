import { expect, it } from 'vitest';
import { items, numbers, type View, view } from './shared-log.bench.ts';
import { type NewWorld, twoProcesses } from './world.ts';

const RUNS = 30;

/** What the views of a log may do in any order. `at` says which one, `count` how many records an append has. */
interface Step {
  readonly does: 'append' | 'together' | 'unawaited' | 'refresh' | 'restart';
  readonly at: number;
  readonly count: number;
}

/** Everything at once, by chance. Part of `describeSharedLog`. */
export function describeLogModel(newWorld: NewWorld) {
  it('gives every view every acknowledged record once, in one order, whatever three of them do', async () => {
    // Loaded here: programs that use the rest of the kit run without it.
    const { default: fc } = await import('fast-check');
    const step: import('fast-check').Arbitrary<Step> = fc.record({
      does: fc.constantFrom('append', 'together', 'unawaited', 'refresh', 'restart'),
      at: fc.nat(2),
      count: fc.integer({ min: 1, max: 4 }),
    });
    const run = fc.asyncProperty(fc.array(step, { maxLength: 25 }), (steps) => play(newWorld, steps));
    await fc.assert(run, { numRuns: RUNS });
  });
}

async function play(newWorld: NewWorld, steps: readonly Step[]): Promise<void> {
  const { one, other, start } = await twoProcesses(newWorld);
  const views = [await view(one), await view(one), await view(other)];
  let next = 0;
  let unawaited: Promise<unknown>[] = [];
  const append = ({ log }: View, count: number) => {
    const batch = items(next, count);
    next += count;
    return log.append(batch, { durable: count === 4 });
  };
  for (const { does, at, count } of steps) {
    const actor = views[at];
    if (!actor) throw new Error('no such view');
    if (does === 'append') await append(actor, count);
    if (does === 'together') await Promise.all(views.map((each) => append(each, count)));
    if (does === 'unawaited') unawaited.push(append(actor, count));
    if (does === 'refresh') actor.log.refresh();
    if (does === 'restart') {
      await Promise.all(unawaited);
      unawaited = [];
      await actor.log.close();
      views[at] = await view(at === 2 ? other : one);
    }
  }
  await Promise.all(unawaited);
  for (const { log } of views) await log.catchUp();
  const [first, ...rest] = [...views, await view(await start())].map(numbers);
  expect(first?.toSorted((a, b) => a - b)).toEqual(items(0, next).map(({ n }) => n));
  for (const seen of rest) expect(seen).toEqual(first);
}
