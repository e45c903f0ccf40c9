import { z } from 'zod';
import { type ObjectShape, readShaped } from '../answers/shape.ts';
import { wordsOf } from '../words/index.ts';
import type { Subtask } from './breakdown.ts';

const Key = z.string().trim().min(1).max(64);

/** The answer a `task_breakdown` call must give. */
export const TaskBreakdown = z
  .strictObject({
    subtasks: z.array(z.strictObject({ key: Key, prompt: z.string().trim().min(1).max(20_000), depends_on: z.array(Key) })),
  })
  .meta({ id: 'TaskBreakdown' });
export type TaskBreakdown = z.infer<typeof TaskBreakdown>;

/** The schema of `task_breakdown`, as it goes to the provider. */
export const BREAKDOWN_SCHEMA: Readonly<Record<string, unknown>> = {
  type: 'object',
  additionalProperties: false,
  required: ['subtasks'],
  properties: {
    subtasks: {
      type: 'array',
      items: {
        type: 'object',
        additionalProperties: false,
        required: ['key', 'prompt', 'depends_on'],
        properties: {
          key: { type: 'string' },
          prompt: { type: 'string' },
          depends_on: { type: 'array', items: { type: 'string' } },
        },
      },
    },
  },
};

const SHAPE: ObjectShape = { subtasks: [{ key: 'text', prompt: 'text', depends_on: 'texts' }] };

export type BreakdownRule =
  | 'undecodable'
  | 'duplicate_key'
  | 'unknown_key'
  | 'cycle'
  | 'repeats_parent'
  | 'repeats_sibling'
  | 'too_many';

export type BreakdownVerdict =
  | { readonly kind: 'one_task' }
  | { readonly kind: 'several'; readonly subtasks: readonly Subtask[] }
  | { readonly kind: 'refused'; readonly rule: BreakdownRule; readonly reason: string };

/** What the model is asked. The request stands between marked lines by the caller's fence. */
export function breakdownPrompt(fencedRequest: string, max: number): string {
  return [
    `Is the request below several tasks? If so, give at most ${max} subtasks that together do all of it and nothing else.`,
    'Keep every detail, name, number and quotation. A list of things is one task. Leave depends_on empty unless a subtask needs the result of another one.',
    'If it is one task, give an empty list.',
    fencedRequest,
  ].join('\n\n');
}

/**
 * Judge a model's breakdown. An empty list, or a single subtask, means one task. A breakdown that is cyclic, names keys it
 * does not have, or repeats its parent or a sibling is refused, and nothing changes.
 */
export function judgeBreakdown(answer: string, parentPrompt: string, max: number): BreakdownVerdict {
  const refused = (rule: BreakdownRule, reason: string): BreakdownVerdict => ({ kind: 'refused', rule, reason });
  const reply = readShaped(answer, SHAPE, TaskBreakdown);
  if (!reply.found) return refused('undecodable', reply.fault);
  const { subtasks } = reply.value;
  if (subtasks.length === 0) return { kind: 'one_task' };
  if (subtasks.length > max) return refused('too_many', `${subtasks.length} subtasks; at most ${max} are allowed`);
  const keys = new Set(subtasks.map(({ key }) => key));
  const twice = subtasks.find(({ key }, index) => subtasks.findIndex((other) => other.key === key) !== index);
  if (twice) return refused('duplicate_key', `the key "${twice.key}" is given twice`);
  for (const { key, depends_on } of subtasks) {
    const unknown = depends_on.find((other) => !keys.has(other));
    if (unknown !== undefined) return refused('unknown_key', `"${key}" depends on "${unknown}", which is not a subtask`);
  }
  const circle = cycleIn(subtasks);
  if (circle) return refused('cycle', `the subtasks ${circle.join(', ')} wait for each other`);
  const parent = normal(parentPrompt);
  const parrot = subtasks.find(({ prompt }) => normal(prompt).includes(parent));
  if (parrot) return refused('repeats_parent', `"${parrot.key}" repeats the whole request`);
  const double = subtasks.find(
    ({ prompt }, index) => subtasks.findIndex((other) => normal(other.prompt) === normal(prompt)) !== index,
  );
  if (double) return refused('repeats_sibling', `"${double.key}" repeats another subtask`);
  if (subtasks.length === 1) return { kind: 'one_task' };
  return { kind: 'several', subtasks: subtasks.map((subtask) => ({ ...subtask, depends_on: [...new Set(subtask.depends_on)] })) };
}

const normal = (text: string): string => wordsOf(text).join(' ');

/** Keys that wait for each other, or undefined. */
function cycleIn(subtasks: readonly Subtask[]): string[] | undefined {
  let open = [...subtasks];
  for (;;) {
    const left = new Set(open.map(({ key }) => key));
    const next = open.filter(({ depends_on }) => depends_on.some((key) => left.has(key)));
    if (next.length === 0) return undefined;
    if (next.length === open.length) return next.map(({ key }) => key);
    open = next;
  }
}
