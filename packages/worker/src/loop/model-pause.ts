import { isLocal, type Task } from '@vivarium/core';

/** How long no model call is possible, because a limit or the provider says so. Tasks that need no model are untouched. */
export class ModelPause {
  #until = 0;
  #timer: NodeJS.Timeout | undefined;
  readonly #over: () => void;

  /** @param over hears that calls are possible again */
  constructor(over: () => void) {
    this.#over = over;
  }

  begin(ms: number): void {
    const until = performance.now() + ms;
    if (until <= this.#until) return;
    this.#until = until;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(this.#over, ms);
  }

  /** Calls may be possible again before the time that was named. */
  clear(): void {
    if (this.left === 0) return;
    clearTimeout(this.#timer);
    this.#until = 0;
    this.#over();
  }

  /** Milliseconds that are left; 0 when calls are possible. */
  get left(): number {
    return Math.max(0, this.#until - performance.now());
  }

  /** @param kindOf the kind of a skill: one that only helps a model waits like a task without a skill */
  concerns(task: Task, kindOf: (skill: string) => string | undefined): boolean {
    return this.left > 0 && !isLocal(task) && (task.skill === undefined || kindOf(task.skill) === 'prompt');
  }

  end(): void {
    clearTimeout(this.#timer);
  }
}
