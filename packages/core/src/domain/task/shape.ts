import type { TaskEvent, TaskEventName } from '../../contract/event.ts';

type Check = (value: unknown) => boolean;
type Fields = Readonly<Record<string, Check>>;

const text: Check = (value) => typeof value === 'string';
const amount: Check = (value) => typeof value === 'number';
const listOf = (check: Check): Check => {
  return (value) => Array.isArray(value) && value.every(check);
};
const texts = listOf(text);
const maybe = (check: Check): Check => {
  return (value) => value === undefined || check(value);
};
const fits = (fields: Fields): Check => {
  const checks = Object.entries(fields);
  return (value) => isObject(value) && checks.every(([key, check]) => check(value[key]));
};

const task = fits({
  id: text,
  prompt: maybe(text),
  command: maybe(text),
  skill: maybe(text),
  title: maybe(text),
  model: maybe(text),
  identity_id: maybe(text),
  parent_task_id: maybe(text),
  priority: amount,
  min_budget: amount,
  max_budget: amount,
  depends_on: texts,
});
const hold = fits({ kind: text, reason: text, action: text });
const review = fits({
  verdict: text,
  confidence: amount,
  issues: texts,
  suggestions: texts,
  witnesses: listOf(fits({ kind: text, detail: text })),
});
const feedback = fits({ issues: texts, suggestions: texts });
const outcome = fits({ result_summary: text, budget_used: amount, execution_key: text });

const byActor: Fields = { actor: text };
const underLease: Fields = { worker_id: text, epoch: amount, attempt: amount };

/** What the fold and its readers rely on, by event. */
const FIELDS: Readonly<Record<TaskEventName, Fields>> = {
  task_added: { ...byActor, task, hold: maybe(hold), part_of: maybe(text) },
  task_edited: { ...byActor, task },
  task_claimed: { ...underLease, resident_id: maybe(text), identity_id: maybe(text) },
  task_executed: { ...underLease, outcome },
  task_reviewed: { ...underLease, review },
  task_blocked: { ...underLease, reason: text, safety_report: fits({ checks: listOf(isObject) }) },
  task_held: { ...underLease, hold, review: maybe(review) },
  task_gated: { hold: maybe(hold), epoch: maybe(amount) },
  task_approved: { ...underLease, review },
  task_requeued: {
    ...underLease,
    reason: text,
    feedback: maybe(feedback),
    not_before: text,
    delay_ms: amount,
    next_attempt: amount,
    failures: amount,
  },
  task_failed: { ...underLease, reasons: texts },
  task_expanded: { ...underLease, children: texts },
  task_released: { ...underLease, declined_by: maybe(text) },
  task_accepted: { ...byActor, review },
  task_rejected: { ...byActor, reason: text, feedback, next_attempt: amount },
  task_retried: { ...byActor, next_attempt: amount },
  task_collapsed: { ...byActor, task },
  task_unheld: { ...byActor, reason: text },
  task_cancelled: { ...byActor, reason: text },
};

const CHECKS = new Map<unknown, Check>(
  Object.entries(FIELDS).map(([event, fields]) => [event, fits({ task_id: text, timestamp: text, status: text, ...fields })]),
);

/**
 * Whether a line is an event that can be folded. It was checked against the contract before it was written, so this looks
 * only at what code relies on: a whole history folds in a fraction of the time that a full schema would take, and a line
 * that another version or a hand wrote is one bad line instead of a world that does not open.
 */
export const canBeFolded = (value: unknown): value is TaskEvent =>
  isObject(value) && (CHECKS.get(value['event'])?.(value) ?? false) && namesItsTask(value);

function namesItsTask({ task_id, task }: Record<string, unknown>): boolean {
  return !isObject(task) || task['id'] === task_id;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
