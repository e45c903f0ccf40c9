import type { TaskDetail } from '../../../../src/protocol/tasks.ts';
import { numberOr } from '../../state/number.ts';

const NUMBERS = ['max_budget', 'min_budget', 'priority', 'max_tokens', 'temperature', 'timeout'] as const;
const TEXTS = ['prompt', 'command', 'title', 'model', 'identity_id', 'expect_file'] as const;

export const FIELDS = [...NUMBERS, ...TEXTS, 'depends_on'] as const;
export type Field = (typeof FIELDS)[number];
/** What the fields of a task hold, as typed. */
export type Draft = Readonly<Record<Field, string>>;

export function draftOf(task: TaskDetail['task']): Draft {
  const text = (value: string | number | undefined) => String(value ?? '');
  return {
    prompt: text(task.prompt),
    command: text(task.command),
    title: text(task.title),
    model: text(task.model),
    identity_id: text(task.identity_id),
    expect_file: text(task.expect_file),
    max_budget: text(task.max_budget),
    min_budget: text(task.min_budget),
    priority: text(task.priority),
    max_tokens: text(task.max_tokens),
    temperature: text(task.temperature),
    timeout: text(task.timeout),
    depends_on: task.depends_on.join(', '),
  };
}

const numeric: ReadonlySet<string> = new Set(NUMBERS);

/** What differs, as the contract wants it; a field made empty goes back to its default. */
export function changesBetween(from: Draft, to: Draft): Record<string, unknown> {
  const changes: Record<string, unknown> = {};
  for (const key of FIELDS) {
    const text = to[key].trim();
    if (text === from[key].trim()) continue;
    if (key === 'depends_on') changes[key] = text;
    else if (text === '') changes[key] = null;
    else changes[key] = numeric.has(key) ? numberOr(text) : text;
  }
  return changes;
}
