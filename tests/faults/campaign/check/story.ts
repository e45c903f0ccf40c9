import type { Line } from '../../kit/read-log.ts';

type Standing = 'ready' | 'leased' | 'held' | 'review' | 'approved' | 'ended';

/** One task as its counted lines tell it. Written from docs/lifecycle.md; shares nothing with the product's fold. */
export interface Story {
  readonly id: string;
  readonly depends_on: readonly string[];
  readonly part_of: string | undefined;
  readonly max_budget: number;
  readonly local: boolean;
  status: string;
  standing: Standing;
  epoch: number;
  attempt: number;
  holder: string | undefined;
  timer: boolean;
  children: readonly string[];
  hold:
    | { readonly kind: string; readonly reason: string; readonly action: string; readonly provider_fingerprint?: string }
    | undefined;
  /** By attempt: how often it was executed, and the last verdict on record. */
  readonly executions: Map<number, number>;
  readonly reviews: Map<number, Line>;
  readonly approvals: Approval[];
  cancelledBy: string | undefined;
}

export interface Approval {
  readonly attempt: number;
  /** Undefined: a person accepted it. */
  readonly review: Line | undefined;
  readonly rewarded: boolean;
  /** Steps and dependencies that were not approved at that moment. */
  readonly early: readonly string[];
}

/** Fold the lines of the task log in their order. `onEarly` hears of claims that came before a dependency was approved. */
export function storiesOf(lines: readonly Line[], onEarly: (task: string, waitsFor: string) => void): Map<string, Story> {
  const stories = new Map<string, Story>();
  const open = (story: Story) =>
    [...story.depends_on, ...story.children].filter((id) => stories.get(id)?.standing !== 'approved');
  for (const line of lines) {
    const id = String(line['task_id']);
    const story = stories.get(id);
    if (line['event'] === 'task_added') {
      const parent = line['part_of'] === undefined ? undefined : stories.get(String(line['part_of']));
      const partOfNothing = line['part_of'] !== undefined && !parent?.children.includes(id);
      if (!story && !partOfNothing) stories.set(id, begin(id, line));
    } else if (story && counts(story, line)) {
      if (line['event'] === 'task_claimed') for (const other of open(story)) onEarly(id, other);
      tell(story, line, open(story));
    }
  }
  return stories;
}

function begin(id: string, line: Line): Story {
  const task = record(line['task']);
  const hold = line['hold'] === undefined ? undefined : (record(line['hold']) as Story['hold']);
  return {
    id,
    depends_on: Array.isArray(task['depends_on']) ? task['depends_on'].map(String) : [],
    part_of: line['part_of'] === undefined ? undefined : String(line['part_of']),
    max_budget: Number(task['max_budget']),
    local: task['command'] !== undefined,
    status: 'queued',
    standing: hold ? 'held' : 'ready',
    epoch: 0,
    attempt: 1,
    holder: undefined,
    timer: false,
    children: [],
    hold,
    executions: new Map(),
    reviews: new Map(),
    approvals: [],
    cancelledBy: undefined,
  };
}

/** Which of the events that nobody needs a claim for may come when. */
const BY_PERSONS: Readonly<Record<string, readonly Standing[]>> = {
  task_edited: ['ready', 'held'],
  task_retried: ['ready', 'held', 'review', 'ended'],
  task_cancelled: ['ready', 'leased', 'held', 'review'],
  task_collapsed: ['ready'],
  task_unheld: ['held', 'review'],
  task_accepted: ['review'],
  task_rejected: ['review'],
};

function counts(story: Story, line: Line): boolean {
  const event = String(line['event']);
  if (event === 'task_claimed')
    return (
      (story.standing === 'ready' || story.standing === 'leased') &&
      line['epoch'] === story.epoch + 1 &&
      line['attempt'] === story.attempt
    );
  if (line['epoch'] !== undefined)
    return story.standing === 'leased' && line['epoch'] === story.epoch && line['worker_id'] === story.holder;
  if (event === 'task_collapsed' && story.children.length === 0) return false;
  // A verdict is a person's, unless only the critic was away.
  if (event === 'task_unheld' && story.standing === 'review' && story.hold?.provider_fingerprint === undefined) return false;
  return BY_PERSONS[event]?.includes(story.standing) ?? false;
}

function tell(story: Story, line: Line, open: readonly string[]): void {
  const event = String(line['event']);
  switch (event) {
    case 'task_claimed':
      Object.assign(story, {
        standing: 'leased',
        epoch: line['epoch'],
        holder: line['worker_id'],
        timer: false,
        status: 'in_progress',
      });
      return;
    case 'task_expanded':
      if (story.children.length > 0) return;
      Object.assign(story, { children: (line['children'] as unknown[]).map(String) });
      leave(story, 'ready', 'queued');
      return;
    case 'task_executed':
      story.executions.set(story.attempt, (story.executions.get(story.attempt) ?? 0) + 1);
      story.status = 'completed';
      return;
    case 'task_reviewed':
      story.reviews.set(story.attempt, record(line['review']));
      story.status = 'pending_review';
      return;
    case 'task_approved':
    case 'task_accepted': {
      const review = event === 'task_approved' ? record(line['review']) : undefined;
      const rewarded = Number(line['phase5_reward_tokens_awarded']) > 0;
      story.approvals.push({ attempt: story.attempt, review, rewarded, early: open });
      leave(story, 'approved', 'approved');
      return;
    }
    case 'task_held': {
      const hold = record(line['hold']) as NonNullable<Story['hold']>;
      leave(story, hold.kind === 'review' ? 'review' : 'held', String(line['status']));
      story.hold = hold;
      return;
    }
    case 'task_requeued':
      leave(story, 'ready', 'requeue');
      story.attempt = Number(line['next_attempt']);
      story.timer = true;
      return;
    case 'task_released':
      leave(story, 'ready', 'queued');
      return;
    case 'task_failed':
      leave(story, 'ended', 'failed');
      return;
    case 'task_blocked':
      leave(story, 'ended', 'safety_blocked');
      return;
    default:
      tellPersons(story, line, event);
  }
}

function tellPersons(story: Story, line: Line, event: string): void {
  switch (event) {
    case 'task_rejected':
      leave(story, line['status'] === 'failed' ? 'ended' : 'ready', String(line['status']));
      if (line['status'] !== 'failed') story.attempt = Number(line['next_attempt']);
      return;
    case 'task_retried':
      leave(story, 'ready', 'queued');
      story.attempt = Number(line['next_attempt']);
      return;
    case 'task_unheld':
      leave(story, 'ready', 'queued');
      return;
    case 'task_cancelled':
      story.cancelledBy = String(line['actor']);
      leave(story, 'ended', 'cancelled');
      return;
    case 'task_collapsed':
      story.children = [];
  }
}

function leave(story: Story, standing: Standing, status: string): void {
  Object.assign(story, { standing, status, holder: undefined, hold: undefined, timer: false });
}

const record = (value: unknown): Record<string, unknown> => (typeof value === 'object' && value !== null ? { ...value } : {});
