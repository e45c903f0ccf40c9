import type { Claim, TaskStore } from '../../ports/task-store.ts';
import { aReview, type FakeLiveness } from '../builders.ts';
import type { FakeClock } from '../clock.ts';

export interface StoreBench {
  readonly store: TaskStore;
  readonly clock: FakeClock;
  readonly liveness: FakeLiveness;
}

/** A store of its own for each test. */
export type Bench = () => Promise<StoreBench>;

export async function take(store: TaskStore, worker = 'w1', limit = 1): Promise<Claim[]> {
  return [...(await store.claim({ worker_id: worker, limit, assign: () => ({ identity_id: 'ash' }) }))];
}

export async function takeOne(store: TaskStore, worker = 'w1'): Promise<Claim> {
  const [claim] = await take(store, worker);
  if (!claim) throw new Error('nothing to claim');
  return claim;
}

export async function approve(store: TaskStore, claim: Claim) {
  return store.record(claim.lease, { kind: 'approve', review: aReview() });
}
