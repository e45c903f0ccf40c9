import { z } from 'zod';
import { type Actor, PERSON_IDS } from '../../contract/actor.ts';
import { inWords } from '../../domain/changes/approvals.ts';
import { approveCommand, CHANGE_STATES, type ChangeRecord, short, stateOf, storyOf } from '../../domain/changes/index.ts';
import { ChangeMovedError, ChangeOrderError, InvalidInputError, TaskConflictError } from '../../errors/index.ts';
import type { Project } from '../../ports/projects.ts';
import { type ChangeStore, changeNamed, giveApproval, yesOf } from '../../stores/changes/index.ts';
import type { World } from '../world.ts';
import { decideOne, rejection, withConsequences } from './decisions.ts';
import { operation } from './entry.ts';
import { projectNamed } from './projects.ts';

const Named = z.string().min(1).max(160).describe('The id of the change, or of its task');
const Hash = z.string().regex(/^[0-9a-f]{16,64}$/, 'repeat at least its first 16 hex digits, as they are shown');
const Reason = z.string().trim().min(1, 'say why: the next attempt reads it').max(4_000);
const refusals = ['VIV_INVALID_INPUT', 'VIV_CHANGE_NOT_FOUND', 'VIV_CHANGE_ORDER', 'VIV_CHANGE_MOVED'] as const;
const State = z.enum(CHANGE_STATES);

/** A person's word on changes. Only for the person at this machine: no tool has them, and the log takes no yes of anybody else. */
export const changeOperations = {
  approve_change: operation({
    title: 'Approve a change to a project, exactly these bytes',
    ...{ lan: 'never', refusals },
    input: z.strictObject({ change_id: Named, entries_sha256: Hash, tree: Hash.optional() }),
    output: z.object({
      ...{ change_id: z.string(), approval_id: z.string(), state: State },
      ...{ entries_sha256: z.string(), tree: z.string(), at: z.string(), expires_at: z.string() },
    }),
    run: (world, asked) => approve(world, asked),
  }),
  reject_change: operation({
    title: 'Withdraw the approval of a change, or without one send its task round again with the reason',
    ...{ lan: 'never', refusals },
    input: z.strictObject({ change_id: Named, reason: Reason }),
    output: z.object({ change_id: z.string(), state: State, withdrawn: z.boolean(), left: z.array(z.string()) }),
    run: (world, { change_id, reason }, actor) => reject(world, change_id, reason, actor),
  }),
  retry_change: operation({
    title: 'Have a landing that was held tried again, or a change that ended made anew',
    ...{ lan: 'never', refusals: [...refusals, 'VIV_TASK_CONFLICT'] },
    input: z.strictObject({ change_id: Named }),
    output: z.object({ change_id: z.string(), state: State, left: z.array(z.string()) }),
    run: (world, { change_id }, actor) => retry(world, change_id, actor),
  }),
};

async function standing(world: World, changes: ChangeStore, id: string) {
  const change = await changeNamed(changes, id);
  const gates = await world.gates();
  await gates.catchUp();
  return stateOf(change, gates.change(change.task_id));
}

interface Asked {
  readonly change_id: string;
  readonly entries_sha256: string;
  readonly tree?: string | undefined;
}

async function approve(world: World, asked: Asked) {
  const changes = await world.changes();
  const change = await changeNamed(changes, asked.change_id);
  const project = await projectNamed(world.projects, change.project);
  bindingHolds(changes, change, asked, project);
  const yes = await giveApproval({ changes, clock: world.clock }, change, project, 'human');
  await goOn(world, change);
  const { approval_id, entries_sha256, tree, at, expires_at } = yes;
  const { change_id } = change;
  return { change_id, approval_id, state: await standing(world, changes, change_id), entries_sha256, tree, at, expires_at };
}

/** What is repeated has to be what stands. @throws ChangeMovedError, InvalidInputError */
function bindingHolds(changes: ChangeStore, change: ChangeRecord, { entries_sha256, tree }: Asked, project: Project): void {
  const { approval } = project.settings;
  const fix = `Look at it again: pnpm worker change diff ${change.change_id}; then: ${approveCommand(change, approval)}`;
  if (change.phase !== 'handed_in') throw tooLate(change, 'approved', ['approval_given']);
  if (!change.entries_sha256.startsWith(entries_sha256))
    throw new ChangeMovedError(movedWords(changes, change, entries_sha256), {
      fix,
      data: { entries_sha256: change.entries_sha256 },
    });
  if (tree !== undefined && !change.tree.startsWith(tree)) {
    const message = `Nothing was approved: the tree of ${change.change_id} is ${short(change.tree)}, not ${short(tree)}`;
    throw new ChangeMovedError(message, { fix, data: { tree: change.tree } });
  }
  if (tree === undefined && approval === 'exact') {
    const message = `${project.name} lands exactly what was approved: repeat the tree as well, as it is shown`;
    throw new InvalidInputError('Nothing was approved', [{ field: 'tree', message }], fix);
  }
}

/** What changed since the person looked: whose hash it is that was repeated, and what came after. */
function movedWords(changes: ChangeStore, change: ChangeRecord, given: string): string {
  const { change_id, task_id } = change;
  const words = `Nothing was approved: the entries of ${change_id} are ${short(change.entries_sha256)}, not ${short(given)}`;
  const story = storyOf(change_id, changes.history(change_id));
  const seen = story.findLastIndex(({ text }) => text.includes(`entries ${short(given)}`));
  const after = seen < 0 ? [] : story.slice(seen + 1).filter(({ event }) => event === 'tests_added' || event === 'change_moved');
  if (after.length > 0) return `${words}. Since then: ${after.map(({ at, text }) => `${text} (${at})`).join('; ')}`;
  const other = [...changes.state.changes.values()].find((one) => one !== change && one.entries_sha256.startsWith(given));
  if (!other) return words;
  const whose =
    other.task_id === task_id ? `attempt ${other.attempt} of the task` : `the change ${other.change_id} of ${other.project}`;
  return `${words}, which is ${whose}`;
}

/** A result that waited for the person's judgement has it. */
async function goOn(world: World, { task_id }: ChangeRecord): Promise<void> {
  const store = await world.tasks();
  if (store.get(task_id)?.hold?.kind !== 'review') return;
  await store
    .decide(task_id, { kind: 'unhold', reason: 'its change was approved' }, PERSON_IDS.society)
    .catch((error: unknown) => {
      if (!(error instanceof TaskConflictError)) throw error;
    });
}

async function reject(world: World, id: string, reason: string, actor: Actor) {
  const changes = await world.changes();
  const change = await changeNamed(changes, id);
  const { change_id, task_id } = change;
  const yes = yesOf(change, world.clock.now().toISOString());
  if (yes) {
    const because = `withdrawn: ${reason}`;
    await changes.record({ event: 'approval_void', actor: PERSON_IDS.society, approval_id: yes.approval_id, because });
    return { change_id, state: await standing(world, changes, change_id), withdrawn: true, left: [] };
  }
  if (change.phase === 'working') throw stillWorking(change);
  if (change.phase !== 'handed_in') throw tooLate(change, 'rejected', ['change_ended']);
  await changes.record({ event: 'change_ended', actor: PERSON_IDS.society, change_id, state: 'rejected', because: reason });
  const { left } = await withConsequences(world, actor, () => sendRound(world, task_id, reason, actor));
  return { change_id, state: await standing(world, changes, change_id), withdrawn: false, left };
}

/** What helps a person whose word comes to a change that has none left to hear. */
const INSTEAD: Readonly<Record<Exclude<ChangeRecord['phase'], 'handed_in'>, (id: string) => string>> = {
  working: (id) => `Wait until it is handed in; see where it stands: pnpm worker change show ${id}`,
  landing: (id) => `See how it ends: pnpm worker change show ${id}`,
  landed: () => 'Take it back with the checkpoint before it: pnpm worker checkpoint list',
  rejected: (id) => `See what became of its task: pnpm worker explain ${id}`,
  abandoned: (id) => `Have its task tried again: pnpm worker retry ${id}`,
};

function tooLate({ change_id, task_id, phase }: ChangeRecord, verb: string, events: readonly string[]): ChangeOrderError {
  const reason = `it is ${inWords(phase)}`;
  const instead = INSTEAD[phase === 'handed_in' ? 'working' : phase];
  const of = phase === 'rejected' || phase === 'abandoned' ? task_id : change_id;
  const message = `Nothing was ${verb}: ${change_id} is ${inWords(phase)}`;
  return new ChangeOrderError(reason, events, change_id, { message, fix: instead(of) });
}

function stillWorking({ change_id, task_id }: ChangeRecord): TaskConflictError {
  return new TaskConflictError(`Nothing was rejected: ${change_id} is still being worked on`, {
    fix: `Wait until it is handed in, or end the task: pnpm worker cancel ${task_id}`,
  });
}

/** Where a worker holds the task just then, its gates are told, and it sends the task round itself. */
async function sendRound(world: World, taskId: string, reason: string, actor: Actor): Promise<void> {
  try {
    await decideOne(world, taskId, rejection(world, reason), actor);
  } catch (error) {
    if (!isConflict(error)) throw error;
    const gates = await world.gates();
    await gates.tryRecord({ event: 'change_stopped', actor: PERSON_IDS.society, change_id: taskId, reason });
  }
}

const isConflict = (error: unknown): boolean => error instanceof Error && 'status' in error && error.status === 409;

async function retry(world: World, id: string, actor: Actor) {
  const changes = await world.changes();
  const change = await changeNamed(changes, id);
  const { change_id, task_id, phase, held } = change;
  if (phase === 'handed_in' && held) {
    await changes.record({ event: 'landing_retried', actor: PERSON_IDS.society, change_id });
    return { change_id, state: await standing(world, changes, change_id), left: [] };
  }
  if (phase === 'landed' || phase === 'landing') throw tooLate(change, 'tried again', ['retry']);
  const { left } = await withConsequences(world, actor, () => decideOne(world, task_id, { kind: 'retry' }, actor));
  return { change_id, state: await standing(world, changes, change_id), left };
}
