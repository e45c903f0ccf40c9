import type { Claim, Task, TaskEvent } from '@vivarium/core';
import { describe, expect, it } from 'vitest';
import { Worker, type WorkerOptions, type WorkerPorts } from './worker.ts';

const claimOf = (id: string, more: Partial<Task> = {}): Claim => {
  const lease = { task_id: id, worker_id: 'w', epoch: 1, attempt: 1, claimed_at: '2026-01-01T00:00:00.000Z' };
  return { lease, record: { task: { id, parallel_safe: true, ...more }, status: 'in_progress', lease } } as unknown as Claim;
};

/** A world of tasks that end when the test says so. */
function world(tasks: Claim[], options: Partial<WorkerOptions> = {}) {
  const running = new Map<string, { end: (status?: string) => void; signal: AbortSignal }>();
  const listeners = new Set<(event: TaskEvent) => void>();
  const waiters: (() => void)[] = [];
  const state = { may: true, due: undefined as number | undefined, asked: 0 };
  const settled = () => {
    for (const waiter of waiters.splice(0)) waiter();
  };
  let assignment: WorkerPorts['assign'] = () => ({});
  const ports: WorkerPorts = {
    claim: async (limit, assign) => {
      state.asked += 1;
      const taken: Claim[] = [];
      for (const claim of [...tasks]) {
        if (taken.length === limit) break;
        if (!assign(claim.record.task)) continue;
        tasks.splice(tasks.indexOf(claim), 1);
        taken.push(claim);
      }
      setImmediate(settled);
      return taken;
    },
    nextDue: () => (tasks.length > 0 ? 0 : state.due),
    mayClaim: () => state.may,
    assign: (task) => assignment(task),
    work: (run) =>
      new Promise((resolve) => {
        const end = (status = 'approved') => {
          running.delete(run.task.id);
          const { lease: _lease, ...record } = run.record;
          run.record = { ...record, status } as never;
          resolve();
        };
        running.set(run.task.id, { end, signal: run.signal });
        run.signal.addEventListener('abort', () => end('queued'));
      }),
    began: () => undefined,
    ended: () => setImmediate(settled),
    onEvent: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    onTrouble: () => undefined,
  };
  const worker = new Worker(ports, { concurrency: 2, untilIdle: false, ...options });
  const turn = () => new Promise<void>((resolve) => waiters.push(resolve));
  const hear = (event: Partial<TaskEvent>) => {
    for (const listener of listeners) listener(event as TaskEvent);
  };
  const assign = (next: WorkerPorts['assign']) => {
    assignment = next;
  };
  return { worker, running, state, tasks, turn, hear, assign };
}

describe('a worker', () => {
  it('takes as many tasks as it has slots, and the next when one ends', async () => {
    const { worker, running, turn } = world([claimOf('a'), claimOf('b'), claimOf('c')]);
    const ended = worker.run();
    await turn();
    expect([...running.keys()]).toEqual(['a', 'b']);
    running.get('a')?.end();
    await turn();
    await turn();
    expect([...running.keys()]).toEqual(['b', 'c']);
    worker.stop();
    for (const { end } of [...running.values()]) end();
    expect(await ended).toBe('stopped');
  });

  it('sleeps without asking while there is nothing to do, and wakes on an event', async () => {
    const { worker, running, state, tasks, turn, hear } = world([]);
    const ended = worker.run();
    await turn();
    expect(state.asked).toBe(1);
    tasks.push(claimOf('late'));
    hear({ event: 'task_added' });
    await turn();
    expect([...running.keys()]).toEqual(['late']);
    worker.stop();
    running.get('late')?.end();
    await ended;
  });

  it('ends when idle only if asked to, and never while a timer is set', async () => {
    const idle = world([], { untilIdle: true });
    expect(await idle.worker.run()).toBe('idle');
    const waiting = world([], { untilIdle: true });
    waiting.state.due = 5;
    const ended = waiting.worker.run();
    await waiting.turn();
    waiting.state.due = undefined;
    expect(await ended).toBe('idle');
    expect(waiting.state.asked).toBeGreaterThan(1);
  });

  it('does not call itself idle over a task that became possible while it asked', async () => {
    const { worker, running, turn, assign } = world([claimOf('a')], { untilIdle: true });
    let refusals = 1;
    assign(() => (refusals-- > 0 ? undefined : {}));
    const ended = worker.run();
    await turn();
    await turn();
    expect([...running.keys()]).toEqual(['a']);
    running.get('a')?.end();
    expect(await ended).toBe('idle');
  });

  it('stops at its limit, and does not count a task that was put back', async () => {
    const { worker, running, turn } = world([claimOf('a'), claimOf('b'), claimOf('c')], { maxTasks: 1, concurrency: 4 });
    const ended = worker.run();
    await turn();
    expect([...running.keys()]).toEqual(['a']);
    running.get('a')?.end('queued');
    await turn();
    await turn();
    expect([...running.keys()]).toEqual(['b']);
    running.get('b')?.end();
    expect(await ended).toBe('limit');
  });

  it('takes nothing while it may not, without asking again and again', async () => {
    const { worker, state, turn } = world([claimOf('a')]);
    state.may = false;
    const ended = worker.run();
    await new Promise((resolve) => setImmediate(resolve));
    expect(state.asked).toBe(0);
    state.may = true;
    worker.wake();
    await turn();
    expect(state.asked).toBeGreaterThan(0);
    worker.stop();
    worker.abort();
    await ended;
  });

  it('aborts what runs when told to', async () => {
    const { worker, running, turn } = world([claimOf('a')]);
    const ended = worker.run();
    await turn();
    const signal = running.get('a')?.signal;
    worker.stop();
    worker.abort();
    await ended;
    expect(signal?.aborted).toBe(true);
  });

  it('runs so many steps of one task at once as are allowed, and others beside them', async () => {
    const step = (id: string) => claimOf(id, { parent_task_id: 'p' });
    const { worker, running, turn } = world([step('s1'), step('s2'), step('s3'), claimOf('other')], {
      concurrency: 4,
      siblings: 2,
    });
    const ended = worker.run();
    await turn();
    expect([...running.keys()]).toEqual(['s1', 's2', 'other']);
    running.get('s1')?.end();
    await turn();
    await turn();
    expect([...running.keys()]).toContain('s3');
    for (const { end } of [...running.values()]) end();
    worker.stop();
    await ended;
  });

  it('runs a task alone that is not safe beside others, and starves it not', async () => {
    const { worker, running, turn } = world([claimOf('a'), claimOf('alone', { parallel_safe: false }), claimOf('c')], {
      concurrency: 4,
    });
    const ended = worker.run();
    await turn();
    expect([...running.keys()]).toEqual(['a']);
    running.get('a')?.end();
    await turn();
    await turn();
    expect([...running.keys()]).toEqual(['alone']);
    running.get('alone')?.end();
    await turn();
    await turn();
    expect([...running.keys()]).toEqual(['c']);
    worker.stop();
    running.get('c')?.end();
    await ended;
  });

  it('runs no two tasks at once that say they change the same files of a project', async () => {
    const change = (id: string, project: string, paths?: string[]) => claimOf(id, { project, ...(paths ? { paths } : {}) });
    const waiting = [
      change('a', 'invoice', ['src/**']),
      change('b', 'invoice', ['src/money.ts']),
      change('other-files', 'invoice', ['docs/**']),
      change('other-project', 'site', ['src/**']),
      change('says-nothing', 'invoice'),
    ];
    const { worker, running, turn } = world(waiting, { concurrency: 9 });
    const ended = worker.run();
    await turn();
    expect([...running.keys()]).toEqual(['a', 'other-files', 'other-project', 'says-nothing']);
    running.get('a')?.end();
    await turn();
    await turn();
    expect([...running.keys()]).toContain('b');
    worker.stop();
    for (const { end } of [...running.values()]) end();
    await ended;
  });
});
