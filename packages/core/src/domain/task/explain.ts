import type { TaskStatus } from '../../contract/status.ts';
import type { Explanation, Mover, ProviderStanding, TaskRecord } from '../../ports/task-store.ts';
import { isDue } from './backoff.ts';
import { lostSteps, openDependencies } from './graph.ts';
import { needsModel } from './kind.ts';
import { standingOf } from './transitions.ts';

export interface ExplainContext {
  readonly now: Date;
  readonly statusOf: (taskId: string) => TaskStatus | undefined;
  readonly isLive: (workerId: string) => boolean;
  readonly liveWorkers: number;
  readonly provider?: ProviderStanding | undefined;
}

/** The one next mover of a task, why it is that, and the command that helps. */
export function explain(record: TaskRecord, context: ExplainContext): Explanation {
  const found = moverOf(record, context);
  return { id: record.task.id, status: record.status, ...found };
}

type Found = Pick<Explanation, 'mover' | 'because' | 'action'>;

function moverOf(record: TaskRecord, context: ExplainContext): Found {
  switch (standingOf(record)) {
    case 'succeeded':
      return nobody(`it is ${record.status}`, 'none');
    case 'ended':
      return ended(record, context);
    case 'held_for_review':
    case 'held':
      return held(record);
    case 'held_at_gate':
      return atGate(record, context);
    case 'leased':
      return leased(record, context);
    default:
      return waiting(record, context);
  }
}

const nobody = (because: string, action: string): Found => ({ mover: { kind: 'nobody' }, because, action });

function ended(record: TaskRecord, context: ExplainContext): Found {
  const because = record.reasons.at(-1) ?? `it is ${record.status}`;
  const [lost] = lostSteps(record, context.statusOf);
  const action = lost === undefined ? command('retry', record) : `pnpm worker retry ${lost}`;
  return { mover: { kind: 'person' }, because, action };
}

function held(record: TaskRecord): Found {
  const { reason = 'held', action = command('retry', record), until } = record.hold ?? {};
  const because = until === undefined ? reason : `${reason}; it is asked again by itself at ${until}`;
  return { mover: { kind: 'person' }, because, action };
}

/** At a gate the runtime or a vote moves it, except where its hold says that only a person can. */
function atGate(record: TaskRecord, context: ExplainContext): Found {
  if (record.hold) return held(record);
  const idle = context.liveWorkers === 0;
  return {
    mover: { kind: 'worker', live_workers: context.liveWorkers },
    because: `${record.gate?.reason ?? 'it waits at a quality gate'}${idle ? '; no worker is running' : ''}`,
    action: idle ? 'pnpm worker run' : 'none',
  };
}

function leased(record: TaskRecord, context: ExplainContext): Found {
  const lease = record.lease;
  if (!lease) return nobody('no lease', 'none');
  const live = context.isLive(lease.worker_id);
  const mover: Mover = { kind: 'lease', worker_id: lease.worker_id, epoch: lease.epoch, live };
  const who = lease.identity_id ? `${lease.identity_id} (worker ${lease.worker_id})` : `worker ${lease.worker_id}`;
  if (live) {
    const waits = needsModel(record.task) ? atProvider(record, context.provider)?.because : undefined;
    const works = `${who} works on it since ${lease.claimed_at}, attempt ${lease.attempt}`;
    return { mover, because: waits === undefined ? works : `${works}; ${waits}`, action: 'none' };
  }
  return {
    mover,
    because: `${who} died; the next free worker takes over at the last checkpoint`,
    action: context.liveWorkers > 0 ? 'none' : 'pnpm worker run',
  };
}

function waiting(record: TaskRecord, context: ExplainContext): Found {
  const [open] = [...lostSteps(record, context.statusOf), ...openDependencies(record, context.statusOf)];
  if (open !== undefined) return dependency(open, context.statusOf(open), record.children?.includes(open) ?? false);
  const timer = record.not_before;
  if (timer && !isDue(timer, context.now)) {
    const reason = record.reasons.at(-1);
    return {
      mover: { kind: 'timer', at: timer.at },
      because: `it waits until ${timer.at}${reason ? ` after: ${reason}` : ''}`,
      action: command('retry', record),
    };
  }
  const blocked = context.liveWorkers > 0 && needsModel(record.task) ? atProvider(record, context.provider) : undefined;
  if (blocked) return blocked;
  return {
    mover: { kind: 'worker', live_workers: context.liveWorkers },
    because: context.liveWorkers > 0 ? 'it is next for a free worker' : 'no worker is running',
    action: context.liveWorkers > 0 ? 'none' : 'pnpm worker run',
  };
}

/** A task that needs a model waits as long as its provider does; undefined while nothing stands in between. */
function atProvider(record: TaskRecord, provider: ProviderStanding | undefined): Found | undefined {
  if (!provider || provider.state === 'closed') return undefined;
  const { state, because = 'it does not answer', until } = provider;
  if (state === 'backing_off' && until !== undefined)
    return {
      mover: { kind: 'timer', at: until },
      because: `the model provider is backing off until ${until}: ${because}`,
      action: 'none',
    };
  const again = until === undefined ? '' : `; it is asked again by itself at ${until}`;
  return {
    mover: { kind: 'person' },
    because: `the model provider refused: ${because}${again}`,
    action: command('retry', record),
  };
}

const HOPELESS: ReadonlySet<TaskStatus> = new Set(['failed', 'safety_blocked', 'cancelled']);

function dependency(id: string, status: TaskStatus | undefined, step: boolean): Found {
  const mover: Mover = { kind: 'dependency', task_id: id, status: status ?? 'queued' };
  if (status !== undefined && HOPELESS.has(status)) {
    const because = step
      ? `it is blocked: its step ${id} is ${status}`
      : `it is blocked: it depends on ${id}, which is ${status}`;
    return { mover, because, action: `pnpm worker retry ${id}` };
  }
  if (step) return { mover, because: `it waits for its step ${id}, which is ${status}`, action: `pnpm worker explain ${id}` };
  return { mover, because: `it depends on ${id}, which is ${status ?? 'unknown'}`, action: `pnpm worker explain ${id}` };
}

const command = (name: string, record: TaskRecord): string => `pnpm worker ${name} ${record.task.id}`;
