import { Task } from '../../contract/task.ts';
import type { Intent } from '../intent/types.ts';
import { breakdown, DEFAULT_MAX_SUBTASKS, gutCheck, looksLikeSeveral, type Subtask } from './breakdown.ts';
import { splitBudget } from './budget.ts';
import { COMPLEX_SCORE } from './signals.ts';

/** How deep children of children may go. */
export const MAX_DEPTH = 3;
const ID_CHARS = 128;
const NO_WORDS = ['false', 'no', 'off', '0', 'never'];

export type Candidacy =
  | { readonly kind: 'no'; readonly reason: string }
  /** `forced`: a person asked for a split; `signals`: the text looks like several tasks. */
  | { readonly kind: 'forced' | 'signals'; readonly max_subtasks: number };

/** Whether a task may be, and should be, broken down. An explicit request forces, `phase4_skip` forbids. */
export function candidacyOf(task: Task): Candidacy {
  const no = (reason: string): Candidacy => ({ kind: 'no', reason });
  if (task.prompt === undefined) return no('it has no prompt');
  if (task.command !== undefined || task.mode === 'local') return no('it is a local command');
  if (task.skill !== undefined) return no('it names a skill');
  if (task.phase4_skip === true) return no('phase4_skip forbids it');
  if (task['phase4_generated'] === true) return no('it was made by a breakdown itself');
  if (task['phase4_planned'] === true) return no('it is broken down already');
  if (depthOf(task) >= MAX_DEPTH) return no(`it stands ${MAX_DEPTH} levels deep`);
  const max_subtasks = task.max_subtasks ?? DEFAULT_MAX_SUBTASKS;
  const asked = [task.decompose, task['phase4_plan_request'], task['split'], task['plan']];
  if (asked.some(saysYes)) return { kind: 'forced', max_subtasks };
  if (task.decompose !== undefined) return no('decompose forbids it');
  return gutCheck(task.prompt).should_decompose || !surelyOne(task.prompt, max_subtasks)
    ? { kind: 'signals', max_subtasks }
    : no('it is one task');
}

/** A text that looks like several tasks and that the rules cannot cut is still a candidate for a model's breakdown. */
const surelyOne = (prompt: string, max: number): boolean =>
  !looksLikeSeveral(prompt) && (gutCheck(prompt).complexity_score < COMPLEX_SCORE || breakdown(prompt, max).sure);

const saysYes = (value: unknown): boolean =>
  value === true || (typeof value === 'string' && value.trim() !== '' && !NO_WORDS.includes(value.trim().toLowerCase()));

/** How many parents a task has, as its breakdowns wrote it down. */
export function depthOf(task: Task): number {
  const depth = task['phase4_depth'];
  if (typeof depth === 'number' && Number.isInteger(depth) && depth > 0) return depth;
  return task.parent_task_id === undefined ? 0 : 1;
}

/** Id of a parent's child, `<parent>__phase4_01`; a parent's id that leaves no room is shortened and kept apart by a sum. */
export function childId(parentId: string, index: number): string {
  const suffix = `__phase4_${String(index + 1).padStart(2, '0')}`;
  if (parentId.length + suffix.length <= ID_CHARS) return parentId + suffix;
  const sum = `-${checksum(parentId)}`;
  return parentId.slice(0, ID_CHARS - suffix.length - sum.length) + sum + suffix;
}

/** Settings of the parent that hold for its steps as well. What describes the whole result (files, schema, gates) does not. */
const INHERITED = [
  'mode',
  'model',
  'critic_model',
  'priority',
  'identity_id',
  'max_tokens',
  'temperature',
  'timeout',
  'discussion_room',
  'author_id',
] as const;

/**
 * The tasks that a breakdown makes of its parent. Each carries the parent's whole intent, a share of its budget, and waits
 * for the steps it needs; those that need none wait for what the parent waited for.
 */
export function childrenOf(parent: Task, subtasks: readonly Subtask[], intent: Intent): Task[] {
  const budgets = splitBudget(parent, subtasks.length);
  const ids = new Map(subtasks.map(({ key }, index) => [key, childId(parent.id, index)]));
  return subtasks.map((subtask, index) => {
    const needs = subtask.depends_on.flatMap((key) => ids.get(key) ?? []);
    return Task.parse({
      ...Object.fromEntries(INHERITED.flatMap((key) => (parent[key] === undefined ? [] : [[key, parent[key]]]))),
      id: childId(parent.id, index),
      type: 'cycle',
      prompt: subtask.prompt,
      ...budgets[index],
      intensity: parent.intensity,
      depends_on: needs.length > 0 ? needs : [...parent.depends_on],
      parent_task_id: parent.id,
      phase4_parent_task: parent.id,
      phase4_generated: true,
      phase4_skip: true,
      phase4_step: { index: index + 1, of: subtasks.length, key: subtask.key },
      phase4_depth: depthOf(parent) + 1,
      phase4_intent: intent,
    });
  });
}

/** What stands before a step's prompt, so that it does its part and no more. */
export function stepFraming(child: Task): string | undefined {
  const step = child['phase4_step'];
  if (typeof step !== 'object' || step === null || !('index' in step) || !('of' in step)) return undefined;
  return `This is step ${String(step.index)} of ${String(step.of)} of the task ${child.parent_task_id ?? ''}. Do this step only, as the smallest unit that can be verified.`;
}

/** How a child stands, for whoever wants to take a breakdown back. */
export interface ChildState {
  readonly id: string;
  readonly status: string;
  readonly attempt: number;
  readonly epoch: number;
}

export type Undo =
  | { readonly allowed: true; readonly cancel: readonly string[] }
  | { readonly allowed: false; readonly reason: string; readonly started: readonly string[] };

/** A breakdown can be taken back while none of its children has been claimed. */
export function undoOf(children: readonly ChildState[]): Undo {
  if (children.length === 0) return { allowed: false, reason: 'it was not broken down', started: [] };
  const started = children.filter(({ status, epoch }) => status !== 'queued' || epoch > 0).map(({ id }) => id);
  if (started.length > 0)
    return { allowed: false, reason: `${started.join(', ')} started already; cancel what is left instead`, started };
  return { allowed: true, cancel: children.map(({ id }) => id) };
}

/** FNV-1a, for ids only. */
function checksum(text: string): string {
  let sum = 0x811c9dc5;
  for (const char of text) sum = Math.imul(sum ^ (char.codePointAt(0) ?? 0), 0x01000193) >>> 0;
  return sum.toString(36);
}
