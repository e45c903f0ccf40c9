import { z } from 'zod';
import { type Actor, loggedAs } from '../../contract/actor.ts';
import { TaskStatus } from '../../contract/status.ts';
import { TaskConflictError, VivariumError } from '../../errors/index.ts';
import type { PersonCommand, TaskRecord } from '../../ports/task-store.ts';
import { decideAsPerson } from '../../stores/gates/index.ts';
import { hearVerdicts } from '../after-verdict/index.ts';
import type { World } from '../world.ts';
import { approveInstead, endAttemptsChange } from './change-tasks.ts';
import { operation } from './entry.ts';
import { NothingToDecideError } from './refused.ts';

const Decided = z.object({
  task_id: z.string(),
  status: TaskStatus,
  left: z.array(z.string()).describe('What should follow and is left to a worker, in words'),
});
const Of = z.strictObject({ task_id: z.string().max(128) });
const Words = z.string().max(4000);
const Reason = z.string().trim().min(1, 'say why, so that the next attempt can do better').max(4000);
const MOST_AT_ONCE = 1000;
const refusals = ['VIV_INVALID_INPUT', 'VIV_TASK_NOT_FOUND', 'VIV_TASK_CONFLICT', 'VIV_GATE_ORDER'] as const;

/** A person's word on tasks. What follows a verdict is done before the answer, whether a worker runs or not. */
export const decisionOperations = {
  approve: operation({
    title: 'Accept a held task',
    lan: 'judge',
    refusals,
    input: Of.extend({ note: Words.optional() }),
    output: Decided,
    run: (world, { task_id, note }, actor) => decide(world, task_id, { kind: 'approve', ...(note ? { note } : {}) }, actor),
  }),
  reject: operation({
    title: 'Send a held task round again, with the reason',
    lan: 'judge',
    refusals,
    input: Of.extend({ reason: Reason }),
    output: Decided,
    run: (world, { task_id, reason }, actor) => decide(world, task_id, rejection(world, reason), actor),
  }),
  retry: operation({
    title: 'Queue a failed, blocked or cancelled task again',
    lan: 'task',
    refusals,
    input: Of,
    output: Decided,
    run: (world, { task_id }, actor) => decide(world, task_id, { kind: 'retry' }, actor),
  }),
  undo: operation({
    title: 'Take a breakdown back while none of its steps has started',
    lan: 'task',
    refusals,
    input: Of,
    output: Decided,
    run: (world, { task_id }, actor) => decide(world, task_id, { kind: 'collapse' }, actor),
  }),
  cancel: operation({
    title: 'Take a task out of the queue',
    lan: 'task',
    refusals,
    input: Of.extend({ reason: Words.optional() }),
    output: Decided,
    run: (world, { task_id, reason }, actor) => decide(world, task_id, cancellation(reason), actor),
  }),
  decide_many: operation({
    title: 'Approve, reject, retry or cancel many tasks; those it does not fit are named',
    lan: 'never',
    refusals,
    input: z
      .strictObject({
        verb: z.enum(['approve', 'reject', 'retry', 'cancel']),
        ids: z.array(z.string().max(128)).max(MOST_AT_ONCE),
        reason: z.string().trim().max(4000).optional().describe('Needed to reject'),
      })
      .refine(({ verb, reason }) => verb !== 'reject' || reason, {
        path: ['reason'],
        message: 'say why, so that the next attempts can do better',
      }),
    output: z.object({
      done: z.array(z.string()),
      refused: z.array(z.object({ id: z.string(), error: z.string() })),
      left: z.array(z.string()),
    }),
    run: decideMany,
  }),
};

const cancellation = (reason?: string): PersonCommand => ({ kind: 'cancel', ...(reason ? { reason } : {}) });
export const rejection = ({ config }: World, reason: string): PersonCommand => ({
  ...{ kind: 'reject', reason, max_attempts: config.maxRequeueAttempts },
});

async function decide(world: World, id: string, command: PersonCommand, actor: Actor) {
  const { value, left } = await withConsequences(world, actor, () => decideOne(world, id, command, actor));
  return { task_id: value.task.id, status: value.status, left };
}

/** A decision that does not fit the task's state changes nothing. */
export async function decideOne(world: World, id: string, command: PersonCommand, actor: Actor): Promise<TaskRecord> {
  const store = await world.tasks();
  await store.catchUp();
  const changesProject = store.get(id)?.task.project !== undefined;
  if (changesProject && command.kind === 'approve') throw new NothingToDecideError(await approveInstead(world, id));
  try {
    const decided = await decideAsPerson({ store, gates: world.gates }, id, command, loggedAs(actor));
    const because = 'reason' in command && command.reason ? command.reason : `${command.kind} by ${loggedAs(actor)}`;
    if (changesProject) await endAttemptsChange(world, decided, because);
    return decided;
  } catch (error) {
    throw error instanceof TaskConflictError ? new NothingToDecideError(error) : error;
  }
}

async function decideMany(
  world: World,
  { verb, ids, reason }: { verb: 'approve' | 'reject' | 'retry' | 'cancel'; ids: readonly string[]; reason?: string | undefined },
  actor: Actor,
) {
  const command =
    verb === 'reject' ? rejection(world, reason ?? '') : verb === 'cancel' ? cancellation(reason) : ({ kind: verb } as const);
  const done: string[] = [];
  const refused: { id: string; error: string }[] = [];
  const { left } = await withConsequences(world, actor, async () => {
    for (const id of ids) {
      try {
        await decideOne(world, id, command, actor);
        done.push(id);
      } catch (error) {
        if (!(error instanceof VivariumError) || error.status >= 500) throw error;
        refused.push({ id, error: error.message });
      }
    }
  });
  return { done, refused, left };
}

/** Do what may end tasks, and follow up what it ended. What cannot be followed up is named: a worker makes up for it. */
export async function withConsequences<T>(
  world: World,
  actor: Actor,
  work: () => Promise<T>,
): Promise<{ value: T; left: string[] }> {
  const store = await world.tasks();
  const verdicts = hearVerdicts(store, [loggedAs(actor)]);
  const left: string[] = [];
  try {
    return { value: await work(), left };
  } finally {
    verdicts.stop();
    if (verdicts.size > 0) {
      const warn = (_details: object, message: string) => void left.push(message);
      await world
        .society()
        .then((society) => verdicts.followUp({ config: world.config, store, society, warn }))
        .catch((error: unknown) =>
          left.push(`what follows is left to a worker: ${error instanceof Error ? error.message : String(error)}`),
        );
    }
  }
}
