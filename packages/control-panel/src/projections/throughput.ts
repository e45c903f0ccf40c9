import { FINAL, type TaskEvent, type TaskRecord } from '@vivarium/core';
import type { ThroughputStep } from '../protocol/money.ts';
import { Timeline } from './timeline.ts';

/** How many tasks came in and were finished, minute by minute. */
export class Throughput {
  readonly #added = new Timeline();
  readonly #approved = new Timeline();
  readonly #failed = new Timeline();

  /**
   * A task that stood when the panel was opened: it came when it was added, and ended when it last changed. What `changed`
   * since then was seen to end.
   */
  recall(record: TaskRecord, changed: boolean): void {
    this.#added.add(record.added_at, 1);
    if (!changed && FINAL.has(record.status)) this.#ended(record.status, record.updated_at);
  }

  see(event: TaskEvent, record: TaskRecord): void {
    if (event.event === 'task_added') this.#added.add(event.timestamp, 1);
    // A retry from the end begins a new series of attempts, and the task is open again.
    else if (event.event === 'task_retried' && event.next_attempt > 1 && record.first_attempt === event.next_attempt)
      this.#added.add(event.timestamp, 1);
    else if (FINAL.has(record.status)) this.#ended(record.status, event.timestamp);
  }

  /** Steps from `from` to `to`, told that `open` tasks are unfinished at the end. */
  steps(from: number, to: number, step: number, open: number): readonly ThroughputStep[] {
    const [added, approved, failed] = [this.#added, this.#approved, this.#failed].map((line) => line.sums(from, to, step));
    const steps: ThroughputStep[] = [];
    let depth = open;
    for (let index = (added?.length ?? 0) - 1; index >= 0; index -= 1) {
      const [came, good, bad] = [added?.[index] ?? 0, approved?.[index] ?? 0, failed?.[index] ?? 0];
      steps.push({ at: new Date(from + index * step).toISOString(), added: came, approved: good, failed: bad, open: depth });
      depth = Math.max(0, depth - came + good + bad);
    }
    return steps.reverse();
  }

  #ended(status: TaskRecord['status'], at: string): void {
    const line = status === 'approved' || status === 'ready_for_merge' ? this.#approved : this.#failed;
    line.add(at, 1);
  }
}
