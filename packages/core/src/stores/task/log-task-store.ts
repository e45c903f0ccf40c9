import type { TaskEvent } from '../../contract/event.ts';
import { TASK_STATUSES, type TaskStatus } from '../../contract/status.ts';
import type { Task } from '../../contract/task.ts';
import { undoOf } from '../../domain/decomposition/plan.ts';
import { decidePerson } from '../../domain/task/decide-person.ts';
import { decideWorker } from '../../domain/task/decide-worker.ts';
import { wouldCount } from '../../domain/task/evolve.ts';
import { explain } from '../../domain/task/explain.ts';
import { commandFor, relatives } from '../../domain/task/family.ts';
import { graphProblems } from '../../domain/task/graph.ts';
import { InvalidInputError, LeaseLostError, TaskConflictError, TaskNotFoundError } from '../../errors/index.ts';
import type { Clock } from '../../ports/clock.ts';
import type { SharedLog } from '../../ports/shared-log.ts';
import type {
  Claim,
  ClaimRequest,
  Explanation,
  Lease,
  ListQuery,
  Liveness,
  PersonCommand,
  ProviderStanding,
  TaskRecord,
  TaskStore,
  WorkerCommand,
} from '../../ports/task-store.ts';
import { listTasks } from './list-tasks.ts';
import { sameBody } from './same-body.ts';
import type { TaskFold, TaskListener } from './task-fold.ts';

/** How soon a foreign claim is looked at again, to notice that its worker died. */
const TAKEOVER_CHECK_MS = 500;

/** Commands whose loss in a power cut would lose work, money or a verdict; the others would be found out again. */
const DURABLE: ReadonlySet<WorkerCommand['kind']> = new Set([
  'record_execution',
  'expand',
  'approve',
  'reject',
  'hold',
  'block',
  'fail',
]);

export interface TaskStoreOptions {
  readonly clock: Clock;
  readonly liveness: Liveness;
  /** 0..1, for the jitter of timers. */
  readonly random?: () => number;
}

/** The task store on any shared log: it decides on the fold, appends, and believes only what it reads back. */
export class LogTaskStore implements TaskStore {
  readonly #log: SharedLog<TaskEvent>;
  readonly #fold: TaskFold;
  readonly #clock: Clock;
  readonly #liveness: Liveness;
  readonly #random: () => number;

  constructor(log: SharedLog<TaskEvent>, fold: TaskFold, options: TaskStoreOptions) {
    this.#log = log;
    this.#fold = fold;
    fold.readFrom(log);
    this.#clock = options.clock;
    this.#liveness = options.liveness;
    this.#random = options.random ?? Math.random;
  }

  get position(): number {
    return this.#log.position;
  }

  async add(tasks: readonly Task[], actor: string) {
    await this.catchUp();
    const problems = graphProblems(tasks, (id) => this.get(id)?.task.depends_on);
    if (problems.length > 0) throw new InvalidInputError('These tasks cannot enter', problems);
    const known = tasks.filter((task) => this.#isKnown(task)).map((task) => task.id);
    const fresh = tasks.filter((task) => !known.includes(task.id));
    const timestamp = this.#clock.now().toISOString();
    const events = fresh.map((task) => addedEvent(task, actor, timestamp));
    const records = await this.#fold.append(this.#log, events, true);
    const lost = fresh.find((task, index) => records[index] === undefined && !this.#isKnown(task));
    if (lost) throw conflict(lost.id);
    return { added: fresh.map((task) => task.id), known };
  }

  async claim(request: ClaimRequest): Promise<readonly Claim[]> {
    if (request.limit < 1) return [];
    this.refresh();
    this.#fold.schedule.wakeTimers(this.#clock.now());
    const events: TaskEvent[] = [];
    for (const id of this.#candidates(request.worker_id)) {
      const record = this.#fold.table.get(id);
      const who = record && request.assign(record.task);
      if (!record || !who) continue;
      events.push(claimEvent(record, request.worker_id, who, this.#clock.now().toISOString()));
      if (events.length === request.limit) break;
    }
    const records = await this.#fold.append(this.#log, events, false);
    return records.flatMap((record) => (record?.lease ? [{ record, lease: record.lease }] : []));
  }

  async record(lease: Lease, ...commands: readonly WorkerCommand[]): Promise<TaskRecord> {
    this.refresh();
    const record = this.get(lease.task_id);
    if (!record) throw new TaskNotFoundError(lease.task_id);
    const moment = { now: this.#clock.now(), random: this.#random() };
    const events = commands.map((command) => decideWorker(record, lease, command, moment));
    // A claim that is known to be lost says nothing: who reads the log without the fold could take the line for one that counts.
    if (!wouldCount(record, events)) throw new LeaseLostError(lease.task_id, lease.epoch);
    for (const command of commands) if (command.kind === 'expand') this.#checkSteps(command.children);
    for (const command of commands)
      if (command.kind === 'expand') events.push(...stepEvents(record, command.children, lease, moment.now));
    const durable = commands.some((command) => DURABLE.has(command.kind));
    const made = (await this.#fold.append(this.#log, events, durable))[commands.length - 1];
    if (!made) throw new LeaseLostError(lease.task_id, lease.epoch);
    return made;
  }

  async decide(taskId: string, command: PersonCommand, actor: string): Promise<TaskRecord> {
    await this.catchUp();
    const record = this.get(taskId);
    if (!record) throw new TaskNotFoundError(taskId);
    const body = 'task' in command ? command.task : undefined;
    if (body) this.#checkEdit(record, body);
    if (command.kind === 'collapse') this.#checkCollapse(record);
    const decision = decidePerson(record, command, actor, this.#clock.now());
    if ('refused' in decision) throw new TaskConflictError(decision.refused, { fix: decision.fix });
    const family = relatives(record, command, (id) => this.get(id)).flatMap((relative) => {
      const also = decidePerson(relative, commandFor(relative, command), actor, this.#clock.now());
      return 'event' in also ? [also.event] : [];
    });
    const mended = command.kind === 'retry' && body ? [editedEvent(decision.event, body, actor)] : [];
    const events = [decision.event, ...mended, ...family];
    const made = (await this.#fold.append(this.#log, events, true))[mended.length];
    if (!made)
      throw new TaskConflictError(`Task ${taskId} changed at the same moment`, {
        fix: `Look again: pnpm worker explain ${taskId}`,
      });
    return made;
  }

  get(taskId: string): TaskRecord | undefined {
    return this.#fold.table.get(taskId);
  }

  list(query: ListQuery = {}) {
    return listTasks(this.#fold.table, query);
  }

  changedSince(position: number, status: TaskStatus): readonly string[] {
    return [...this.#fold.table.changedSince(position, status)];
  }

  counts() {
    const counts = this.#fold.table.counts();
    const of = (status: TaskStatus) => counts.get(status) ?? 0;
    const byStatus = {
      queued: of('queued'),
      in_progress: of('in_progress'),
      completed: of('completed'),
      pending_review: of('pending_review'),
      needs_qa: of('needs_qa'),
      needs_integration: of('needs_integration'),
      needs_e2e: of('needs_e2e'),
      requeue: of('requeue'),
      approved: of('approved'),
      ready_for_merge: of('ready_for_merge'),
      failed: of('failed'),
      safety_blocked: of('safety_blocked'),
      cancelled: of('cancelled'),
    } satisfies Record<TaskStatus, number>;
    return { ...byStatus, total: TASK_STATUSES.reduce((sum, status) => sum + byStatus[status], 0) };
  }

  history(taskId: string): readonly TaskEvent[] {
    return this.#log.read(this.get(taskId)?.positions ?? []);
  }

  explain(taskId: string, provider?: ProviderStanding): Explanation {
    this.refresh();
    const record = this.get(taskId);
    if (!record) throw new TaskNotFoundError(taskId);
    return explain(record, {
      provider,
      now: this.#clock.now(),
      statusOf: (id) => this.#fold.table.statusOf(id),
      isLive: (worker) => this.#liveness.isLive(worker),
      liveWorkers: this.#liveness.liveWorkers().length,
    });
  }

  nextDue(): number | undefined {
    const { schedule } = this.#fold;
    schedule.wakeTimers(this.#clock.now());
    if (schedule.ready.size > 0) return 0;
    const timer = schedule.timers.nextMs(this.#clock.now());
    if (schedule.leaseCount === 0) return timer;
    return Math.min(timer ?? Number.POSITIVE_INFINITY, TAKEOVER_CHECK_MS);
  }

  refresh(): void {
    this.#log.refresh();
  }

  catchUp(): Promise<void> {
    return this.#log.catchUp();
  }

  onEvent(listener: TaskListener): () => void {
    this.#fold.listeners.add(listener);
    return () => this.#fold.listeners.delete(listener);
  }

  follow(): () => void {
    return this.#log.follow(() => undefined);
  }

  close(): Promise<void> {
    this.#fold.listeners.clear();
    return this.#log.close();
  }

  /** Claims of dead workers first, because work has begun there; then what waits, best first. */
  *#candidates(self: string): Generator<string> {
    const { schedule } = this.#fold;
    yield* schedule.leasesOf((worker) => worker !== self && !this.#liveness.isLive(worker));
    yield* schedule.ready;
  }

  #isKnown(task: Task): boolean {
    const standing = this.get(task.id);
    if (!standing) return false;
    if (sameBody(standing.task, task)) return true;
    throw conflict(task.id);
  }

  #checkSteps(steps: readonly Task[]): void {
    const standing = steps.find(({ id }) => this.get(id) !== undefined);
    if (standing) throw conflict(standing.id);
    const problems = graphProblems(steps, (id) => this.get(id)?.task.depends_on);
    if (problems.length > 0) throw new InvalidInputError('These steps cannot enter', problems);
  }

  #checkCollapse(record: TaskRecord): void {
    const steps = (record.children ?? []).flatMap((id) => this.get(id) ?? []);
    const undo = undoOf(steps.map(({ task, status, attempt, epoch }) => ({ id: task.id, status, attempt, epoch })));
    if (!undo.allowed)
      throw new TaskConflictError(`The breakdown of ${record.task.id} cannot be taken back: ${undo.reason}`, {
        fix: `Look at its steps: pnpm worker show ${record.task.id}`,
      });
  }

  #checkEdit(record: TaskRecord, task: Task): void {
    if (task.id !== record.task.id)
      throw new InvalidInputError('A task keeps its id', [{ field: 'id', message: 'do not change it' }]);
    const problems = graphProblems([task], (id) => this.get(id)?.task.depends_on);
    if (problems.length > 0) throw new InvalidInputError(`Task ${task.id} cannot be changed like this`, problems);
  }
}

function addedEvent(task: Task, actor: string, timestamp: string): TaskEvent {
  const base = { task_id: task.id, timestamp, actor, event: 'task_added', status: 'queued', task } as const;
  if (task.proposed !== true) return base;
  const reason = `proposed by ${task.author_id ?? actor}; a person decides whether it runs`;
  return { ...base, hold: { kind: 'proposal', reason, action: `pnpm worker retry ${task.id}` } };
}

/** The same moment's change of a task's body. */
function editedEvent({ task_id, timestamp }: TaskEvent, task: Task, actor: string): TaskEvent {
  return { task_id, timestamp, actor, event: 'task_edited', status: 'queued', task };
}

function stepEvents({ task }: TaskRecord, steps: readonly Task[], lease: Lease, now: Date): TaskEvent[] {
  return steps.map((step) => ({ ...addedEvent(step, lease.worker_id, now.toISOString()), part_of: task.id }));
}

function claimEvent(
  record: TaskRecord,
  worker_id: string,
  who: { resident_id?: string; identity_id?: string },
  timestamp: string,
): TaskEvent {
  return {
    task_id: record.task.id,
    timestamp,
    event: 'task_claimed',
    status: 'in_progress',
    worker_id,
    ...who,
    epoch: record.epoch + 1,
    attempt: record.attempt,
    started_at: timestamp,
  };
}

const conflict = (taskId: string): TaskConflictError =>
  new TaskConflictError(`A task ${taskId} already exists with other content`, {
    fix: `Choose another id, or look at the one that exists: pnpm worker show ${taskId}`,
    data: { task_id: taskId },
  });
