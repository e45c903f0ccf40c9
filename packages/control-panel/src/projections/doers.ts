import type { ApiAuditLine, TaskEvent } from '@vivarium/core';

/** Who did a task last, as far as it was seen in events and calls: enough to look for a resident's tasks without their histories. */
export class Doers {
  readonly #by = new Map<string, string>();

  see(event: TaskEvent): void {
    if (event.event !== 'task_claimed') return;
    this.#by.set(event.task_id, event.identity_id ?? event.resident_id ?? event.worker_id);
  }

  /** A call that paid for the task's own work names its resident. */
  seeCall({ task_id, identity_id, purpose }: ApiAuditLine): void {
    if (task_id !== null && identity_id !== null && purpose === 'task') this.#by.set(task_id, identity_id);
  }

  of(taskId: string): string | undefined {
    return this.#by.get(taskId);
  }
}
