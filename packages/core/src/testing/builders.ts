import type { Outcome, Review } from '../contract/outcome.ts';
import { Task } from '../contract/task.ts';
import type { Liveness } from '../ports/task-store.ts';

export const aTask = (fields: { id: string } & Record<string, unknown>): Task => Task.parse({ prompt: 'Say hello', ...fields });

export const anOutcome = (fields: Partial<Outcome> = {}): Outcome => ({
  result_summary: 'hello',
  budget_used: 0.01,
  execution_key: 't#1',
  ...fields,
});

export const aReview = (fields: Partial<Review> = {}): Review => ({
  verdict: 'APPROVE',
  confidence: 0.95,
  issues: [],
  suggestions: [],
  witnesses: [],
  by: 'evidence',
  ...fields,
});

/** Liveness that a test decides: every worker lives until it is killed. */
export class FakeLiveness implements Liveness {
  readonly #dead = new Set<string>();

  kill(worker: string): void {
    this.#dead.add(worker);
  }

  isLive(worker: string): boolean {
    return !this.#dead.has(worker);
  }

  liveWorkers(): readonly string[] {
    return ['w1'].filter((worker) => this.isLive(worker));
  }
}
