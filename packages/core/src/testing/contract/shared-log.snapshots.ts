import { expect, it } from 'vitest';
import type { Backend } from '../../ports/backend.ts';
import type { SnapshotCodec } from '../../ports/shared-log.ts';
import { items, numbers, view } from './shared-log.bench.ts';
import { type NewWorld, twoProcesses } from './world.ts';

const LONG = 'x'.repeat(2_000);
const all = items(0, 200).map(({ n }) => n);

/** What a log keeps over a restart, with a snapshot and without. Part of `describeSharedLog`. */
export function describeSnapshots(newWorld: NewWorld) {
  /** A store that keeps snapshots of the numbers it saw. */
  const withSnapshots = async (backend: Backend, version = 1) => {
    let state: number[] = [];
    const loaded: number[] = [];
    const snapshot: SnapshotCodec = {
      version,
      everyBytes: 10_000,
      save: () => Buffer.from(JSON.stringify(state)),
      load: (saved) => {
        state = JSON.parse(saved.toString());
        loaded.push(state.length);
      },
    };
    const { log } = await view(backend, { snapshot, onRecord: ({ value }) => state.push(value.n) });
    return { log, loaded, state: () => state };
  };
  const grown = async () => {
    const { one, start } = await twoProcesses(newWorld);
    const { log } = await withSnapshots(one);
    for (const n of all) await log.append([{ n, text: LONG }]);
    await log.close();
    return start;
  };

  it('folds everything from the start in who opens it later', async () => {
    const { one, start } = await twoProcesses(newWorld);
    const { log, seen } = await view(one);
    for (const n of [1, 2, 3]) await log.append(items(n, 1));
    const late = await view(await start());
    expect([late.seen, late.log.position]).toEqual([seen, log.position]);
    await late.log.append(items(4, 1));
    await log.catchUp();
    expect(numbers({ seen })).toEqual([1, 2, 3, 4]);
  });

  it('comes to the same state from a snapshot, folding only what follows it, and goes on', async () => {
    const start = await grown();
    const again = await withSnapshots(await start());
    expect([again.state(), again.loaded.length <= 1]).toEqual([all, true]);
    await again.log.append(items(200, 1));
    const other = await withSnapshots(await start());
    expect([again.state(), other.state()]).toEqual([
      [...all, 200],
      [...all, 200],
    ]);
  });

  it('folds from the start for a store that keeps no snapshots, or has another shape of state', async () => {
    const start = await grown();
    expect(numbers(await view(await start()))).toEqual(all);
    const newer = await withSnapshots(await start(), 2);
    expect([newer.state(), newer.loaded]).toEqual([all, []]);
  });
}
