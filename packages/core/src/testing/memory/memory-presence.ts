import type { Heartbeat } from '../../contract/files.ts';
import type { ProcessIdentity } from '../../contract/process.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Presence } from '../../ports/presence.ts';

const LEASE_MS = 30_000;
const FORGET_MS = 24 * 3_600_000;
const SELF: ProcessIdentity = { pid: 1, process_start: '1', boot_id: 'memory', host: 'memory', pid_ns: '', time_ns: '' };

/** Workers of one process, judged by their heartbeats alone. */
export function memoryPresence(clock: Clock, beats: Map<string, Heartbeat>): Presence {
  let own: Heartbeat | undefined;
  const live = (beat: Heartbeat | undefined): boolean =>
    beat !== undefined && clock.monotonicMs() - beat.monotonic_ms < (beat.lease_ms ?? LEASE_MS);
  const beat = async (running: readonly string[]) => {
    if (own === undefined) return;
    own = { ...own, monotonic_ms: clock.monotonicMs(), beat_at: clock.now().toISOString(), running: [...running] };
    beats.set(own.worker_id, own);
  };
  return {
    async start({ worker_id, concurrency, lease_ms }) {
      const at = clock.now().toISOString();
      const lease = lease_ms === undefined ? {} : { lease_ms };
      own = { ...SELF, ...lease, worker_id, concurrency, monotonic_ms: 0, beat_at: at, started_at: at, running: [] };
      for (const [id, { beat_at }] of beats) if (clock.now().getTime() - Date.parse(beat_at) >= FORGET_MS) beats.delete(id);
      await beat([]);
    },
    beat,
    stop() {
      if (own) beats.delete(own.worker_id);
      own = undefined;
    },
    isLive: (worker_id) => live(beats.get(worker_id)),
    liveWorkers: () => [...beats.values()].filter(live).map(({ worker_id }) => worker_id),
    heartbeats: () => [...beats.values()].map((one) => ({ ...one, live: live(one) })),
    self: () => SELF,
    fateOf: ({ boot_id }) => (boot_id === SELF.boot_id ? 'alive' : 'unknown'),
  };
}
