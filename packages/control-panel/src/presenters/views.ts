import type { StopStatus, SwitchView, WorkerView } from '../protocol/running.ts';
import type { World } from '../world/world.ts';

export function switchView(world: World): SwitchView {
  const { state, reason } = world.switches.reason();
  return reason === '' ? { state } : { state, reason };
}

/** The documented shape of HALT: stopped or not, and why. */
export function stopStatus(world: World): StopStatus {
  const { state, reason } = world.switches.reason();
  return { stopped: state === 'halted', reason: state === 'halted' && reason !== '' ? reason : null };
}

export function workerViews(world: World): readonly WorkerView[] {
  return world.workers
    .heartbeats()
    .map((beat) => ({
      worker_id: beat.worker_id,
      live: beat.live,
      pid: beat.pid,
      beat_at: beat.beat_at,
      started_at: beat.started_at,
      concurrency: beat.concurrency,
      running: beat.running,
    }))
    .sort((a, b) => a.started_at.localeCompare(b.started_at));
}
