import type { Heartbeat } from '../contract/files.ts';
import type { ProcessIdentity } from '../contract/process.ts';
import type { Liveness } from './task-store.ts';

/** What this process can say of another one. `unknown`: it is out of sight, in another namespace or on another machine. */
export type Fate = 'alive' | 'dead' | 'unknown';

/** Who works in this world. A worker lives while its heartbeat is younger than its lease and its process has not provably ended. */
export interface Presence extends Liveness {
  /** Announce the worker of this process. Also forgets workers that ended more than a day ago. */
  start(worker: { worker_id: string; concurrency: number; lease_ms?: number }): Promise<void>;
  /** Say that it lives and what it runs. Call every `beatMs(lease_ms)`; not synced, since a lost beat costs nothing. */
  beat(running: readonly string[]): Promise<void>;
  /** Take the worker's heartbeat away: others may take over at once. */
  stop(): void;
  /** Every readable heartbeat, also of workers that ended. */
  heartbeats(): readonly (Heartbeat & { readonly live: boolean })[];
  /** This process, as others may judge it by `fateOf`. */
  self(): ProcessIdentity;
  fateOf(owner: ProcessIdentity): Fate;
}

/** How often a worker must beat to stay well inside its lease. Both in milliseconds. */
export const beatMs = (leaseMs: number): number => Math.ceil(leaseMs / 6);
