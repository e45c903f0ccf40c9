import { describe, expect, it } from 'vitest';
import { TaskEvent, type TaskEventName } from '../../contract/event.ts';
import { anOutcome, aReview, aTask } from '../../testing/builders.ts';
import { canBeFolded } from './shape.ts';

const base = { task_id: 't', timestamp: '2026-01-01T00:00:00.000Z' };
const actor = 'person';
const lease = { worker_id: 'w', resident_id: 'r', epoch: 1, attempt: 1 };
const task = aTask({
  id: 't',
  priority: 'high',
  expect_http: 'http://127.0.0.1:3000/',
  tests: 'true',
  files_created: 'a.txt',
  depends_on: ['s'],
  skill: 'count_lines',
});
const witnesses = [{ kind: 'output', passed: true, decisive: false, detail: 'hello' } as const];
const review = aReview({ issues: ['one'], witnesses });
const feedback = { issues: ['one'], suggestions: [] };
const hold = { kind: 'review', reason: 'look', action: 'pnpm worker approve t' };
const outcome = anOutcome({ phase_ms: { safety: 1 }, usage: { prompt_tokens: 1, completion_tokens: 1 }, wrote: ['a'] });
const safety_report = {
  ...base,
  stage: 'worker',
  subject: 'x',
  subject_sha256: 'y',
  passed: false,
  checks: [{ check: 'network', passed: false }],
};

/** One of each event, as it may be written. */
const WRITTEN: Readonly<Record<TaskEventName, object>> = {
  task_added: { status: 'queued', actor, task, hold, part_of: 'whole' },
  task_edited: { status: 'queued', actor, task },
  task_claimed: { status: 'in_progress', ...lease, identity_id: 'i' },
  task_executed: { status: 'completed', ...lease, outcome },
  task_reviewed: { status: 'pending_review', ...lease, review },
  task_blocked: { status: 'safety_blocked', ...lease, reason: 'no', safety_report },
  task_held: { status: 'queued', ...lease, hold, review },
  task_gated: { status: 'needs_qa', actor, hold, epoch: 1 },
  task_approved: { status: 'approved', ...lease, review },
  task_requeued: {
    status: 'requeue',
    ...lease,
    reason: 'again',
    feedback,
    not_before: base.timestamp,
    delay_ms: 1,
    next_attempt: 2,
    failures: 0,
  },
  task_failed: { status: 'failed', ...lease, errors: 'bad', reasons: ['bad'] },
  task_expanded: { status: 'queued', ...lease, reason: 'several', children: ['t_1'] },
  task_released: { status: 'queued', ...lease, reason: 'stop', declined_by: 'r' },
  task_accepted: { status: 'approved', actor, review },
  task_rejected: { status: 'requeue', actor, reason: 'no', feedback, next_attempt: 2 },
  task_retried: { status: 'queued', actor, next_attempt: 2 },
  task_collapsed: { status: 'queued', actor, reason: 'one', task },
  task_unheld: { status: 'queued', actor, reason: 'go' },
  task_cancelled: { status: 'failed', actor, reason: 'stop' },
};
type Fields = Record<string, unknown>;
const events = Object.entries(WRITTEN).map(([event, fields]): [string, Fields] => [event, { ...base, event, ...fields }]);
const isFields = (value: unknown): value is Fields => typeof value === 'object' && value !== null && !Array.isArray(value);

/** The event once for each of its fields, at any depth, with another value there; `undefined` leaves the field out. */
function* spoilt(value: Fields, by: unknown): Generator<[path: string, spoilt: Fields]> {
  for (const [key, part] of Object.entries(value)) {
    yield [key, { ...value, [key]: by }];
    if (isFields(part)) for (const [path, inner] of spoilt(part, by)) yield [`${key}.${path}`, { ...value, [key]: inner }];
  }
}

/** What stands here in several forms, or under free names, is not looked at; the contract has checked it. */
const LOOSE = /^(task\.(expect_http|tests|files_created)|outcome\.phase_ms\.)/;
const withoutKeys = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

describe.each(events)('%s', (_name, event) => {
  it('is folded as the contract takes it, with keys that nobody knows', () => {
    expect(TaskEvent.parse(event)).toEqual(event);
    expect([canBeFolded(event), canBeFolded({ ...event, later: { x: 1 } })]).toEqual([true, true]);
  });

  it.each([[{}], [null], [true]])('is not folded with %j in the place of any value', (by) => {
    for (const [path, line] of spoilt(event, by))
      if (!LOOSE.test(path) && !TaskEvent.safeParse(line).success) expect([path, canBeFolded(line)]).toEqual([path, false]);
  });

  it('is not folded when it lacks what the contract needs or fills in', () => {
    const needed = [...spoilt(event, undefined)].filter(([, line]) => {
      const read = TaskEvent.safeParse(withoutKeys(line));
      return !read.success || JSON.stringify(read.data).length > JSON.stringify(line).length;
    });
    expect(needed.length).toBeGreaterThan(3);
    for (const [path, line] of needed)
      if (!LOOSE.test(path)) expect([path, canBeFolded(withoutKeys(line))]).toEqual([path, false]);
  });
});

it.each([
  ['no object', 'task_added'],
  ['a list', []],
  ['no event', { ...base }],
  ['an event of another version', { ...base, event: 'task_dreamt', status: 'queued', actor }],
  ['an event by a name of every object', { ...base, event: 'constructor', status: 'queued' }],
  ['the body of another task', { ...base, event: 'task_edited', status: 'queued', actor, task: { ...task, id: 'other' } }],
])('%s is no line that can be folded', (_what, line) => expect(canBeFolded(line)).toBe(false));
