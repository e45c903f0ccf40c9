import { describe, expect, it } from 'vitest';
import { beatMs } from '../../ports/presence.ts';
import { type NewWorld, soon, twoProcesses } from './world.ts';

const LEASE_MS = 3_000;
const DAY_MS = 24 * 3_600_000;

/** The promises every `Presence` keeps. Call once per backend. */
export function describePresence(backend: string, newWorld: NewWorld): void {
  const twoWorkers = async () => {
    const { clock, one, other, start } = await twoProcesses(newWorld);
    const watcher = (await start()).presence;
    const live = (...expected: string[]) =>
      soon(() => {
        expect(watcher.liveWorkers().toSorted()).toEqual(expected);
        for (const id of ['w1', 'w2']) expect(watcher.isLive(id)).toBe(expected.includes(id));
      });
    return { clock, first: one.presence, second: other.presence, watcher, live };
  };
  describe(`Presence on ${backend}`, () => {
    it('shows every process the workers that started, until they stop', async () => {
      const { first, second, live } = await twoWorkers();
      await live();
      await first.start({ worker_id: 'w1', concurrency: 2 });
      await live('w1');
      await second.start({ worker_id: 'w2', concurrency: 1 });
      await live('w1', 'w2');
      first.stop();
      await live('w2');
      await first.start({ worker_id: 'w1', concurrency: 2 });
      await live('w1', 'w2');
    });

    it('takes a worker for dead once its lease ran out without a beat', async () => {
      const { clock, first, second, watcher, live } = await twoWorkers();
      await first.start({ worker_id: 'w1', concurrency: 1, lease_ms: LEASE_MS });
      await second.start({ worker_id: 'w2', concurrency: 1 });
      for (let beat = 0; beat < 7; beat++) {
        clock.advance(beatMs(LEASE_MS));
        await first.beat([]);
      }
      await live('w1', 'w2');
      clock.advance(LEASE_MS - 1);
      await live('w1', 'w2');
      clock.advance(1);
      await live('w2');
      expect(watcher.heartbeats().find(({ worker_id }) => worker_id === 'w1')).toMatchObject({ live: false });
      await first.beat([]);
      await live('w1', 'w2');
    });

    it('says in a heartbeat what a worker is and runs', async () => {
      const { first, watcher } = await twoWorkers();
      await first.start({ worker_id: 'w1', concurrency: 2, lease_ms: LEASE_MS });
      await first.beat(['t1', 't2']);
      const beat = { ...first.self(), worker_id: 'w1', concurrency: 2, lease_ms: LEASE_MS, running: ['t1', 't2'], live: true };
      await soon(() => expect(watcher.heartbeats()).toMatchObject([beat]));
      await first.beat([]);
      await soon(() => expect(watcher.heartbeats()).toMatchObject([{ running: [] }]));
    });

    it('lets no late beat bring back a worker that stopped', async () => {
      const { first, watcher, live } = await twoWorkers();
      await first.beat([]);
      await live();
      await first.start({ worker_id: 'w1', concurrency: 1 });
      const late = first.beat(['t1']);
      first.stop();
      await late;
      await first.beat([]);
      await live();
      expect(watcher.heartbeats()).toEqual([]);
    });

    it('forgets at a start the workers that ended more than a day ago, and no others', async () => {
      const { clock, first, second, watcher } = await twoWorkers();
      const known = (...ids: string[]) =>
        soon(() =>
          expect(
            watcher
              .heartbeats()
              .map(({ worker_id }) => worker_id)
              .toSorted(),
          ).toEqual(ids),
        );
      await first.start({ worker_id: 'w1', concurrency: 1 });
      clock.advance(DAY_MS / 2);
      await second.start({ worker_id: 'w2', concurrency: 1 });
      await known('w1', 'w2');
      clock.advance(DAY_MS / 2 + 1);
      await second.start({ worker_id: 'w3', concurrency: 1 });
      await known('w2', 'w3');
    });

    it.each(['../w', 'a/b', '.', 'ü w%2F'])('takes any worker id for a name and nothing else: %s', async (worker_id) => {
      const { first, watcher } = await twoWorkers();
      await first.start({ worker_id, concurrency: 1 });
      await soon(() => expect([watcher.isLive(worker_id), watcher.liveWorkers()]).toEqual([true, [worker_id]]));
    });

    it('knows that this process is alive, and nothing of one that is out of sight', async () => {
      const { first, second } = await twoWorkers();
      expect([first.fateOf(first.self()), second.fateOf(second.self())]).toEqual(['alive', 'alive']);
      const far = { ...first.self(), boot_id: 'another', host: 'another', pid_ns: 'another', time_ns: 'another' };
      expect(first.fateOf(far)).toBe('unknown');
    });
  });
}
