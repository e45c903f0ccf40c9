import type { ModelCall } from '../model.ts';
import type { Found } from './found.ts';
import type { Story } from './story.ts';

/** Words of people who were told that a task stands, and what the product itself says at the end. */
export interface Said {
  readonly told: ReadonlySet<string>;
  readonly byHand: ReadonlyMap<string, string>;
  /** By `pnpm worker list`: status of every task. */
  readonly listed: ReadonlyMap<string, string>;
  /** By the store's own `explain`, of every task that is not approved. */
  readonly movers: ReadonlyMap<string, { readonly kind: string; readonly because: string; readonly action: string }>;
}

/** Every task is final, or held with reason and action, or waits for such a one; and the product says the same. */
export function checkStuck(found: Found, stories: ReadonlyMap<string, Story>, said: Said): void {
  for (const story of stories.values()) {
    found.count(`tasks ${story.status}`);
    const stuck = whyStuck(story, stories);
    if (stuck !== undefined) found.broke('nothing gets stuck', `${story.id} is ${story.status}: ${stuck}`);
    const listed = said.listed.get(story.id);
    if (listed !== story.status)
      found.broke('nothing is lost', `${story.id} is ${story.status} by its log and ${listed ?? 'absent'} by the list`);
    const mover = said.movers.get(story.id);
    if (story.standing !== 'approved' && (!mover || mover.because === '' || !/person|dependency/.test(mover.kind)))
      found.broke('nothing gets stuck', `${story.id} is explained by ${JSON.stringify(mover)}`);
  }
}

function whyStuck(story: Story, stories: ReadonlyMap<string, Story>): string | undefined {
  switch (story.standing) {
    case 'approved':
    case 'ended':
      return undefined;
    case 'leased':
      return `worker ${story.holder} holds it and is gone`;
    case 'held':
    case 'review':
      return story.hold?.reason && story.hold.action ? undefined : 'it is held without reason or action';
    case 'ready': {
      const waitsFor = [...story.depends_on, ...story.children].map((id) => stories.get(id));
      const open = waitsFor.filter((other) => other?.standing !== 'approved');
      if (open.length === 0) return 'nobody took it';
      return open.some((other) => other && whyStuck(other, stories) === undefined) ? undefined : 'what it waits for is stuck';
    }
  }
}

/** Whoever was told that a task stands finds it; nothing came from nowhere; no file of people cancelled anything. */
export function checkLost(found: Found, stories: ReadonlyMap<string, Story>, { told, byHand }: Said): void {
  for (const id of told) if (!stories.has(id)) found.broke('nothing is lost', `${id} was confirmed and is not in the log`);
  for (const [id, how] of byHand) {
    if (stories.has(id)) found.count('hand-written tasks adopted');
    else found.broke('nothing is lost', `${id} was saved into queue.json ${how} and never adopted`);
  }
  for (const { id, part_of, cancelledBy } of stories.values()) {
    if (part_of === undefined && !/^[th]\d+$/.test(id)) found.broke('nothing is lost', `${id} is in the log and nobody added it`);
    if (cancelledBy !== undefined && cancelledBy !== 'person')
      found.broke('nothing is lost', `${id} was cancelled by ${cancelledBy}`);
  }
}

/**
 * An approval has a verdict on record before it, of the same attempt, and the evidence that the verdict rests on really
 * came to pass: the critic of the model server said so, or the command ended with 0, or it was the person.
 */
export function checkVerified(found: Found, stories: ReadonlyMap<string, Story>, calls: readonly ModelCall[]): void {
  const accepted = new Set(calls.flatMap(({ task, good, verdict }) => (good && verdict === 'APPROVE' ? [task] : [])));
  for (const { id, approvals, executions, reviews, local } of stories.values())
    for (const { attempt, review, early } of approvals) {
      found.count('approvals checked');
      const broke = (what: string) => found.broke('done means verified', `${id}, attempt ${attempt}: ${what}`);
      if (!executions.has(attempt)) broke('approved without an execution');
      for (const other of early) broke(`approved before ${other}`);
      if (review === undefined) continue;
      const before = reviews.get(attempt);
      if (!before) broke('approved without a review on record');
      for (const each of [review, before ?? review]) {
        if (each['verdict'] !== 'APPROVE' && each['verdict'] !== 'MINOR_ISSUES')
          broke(`its review says ${String(each['verdict'])}`);
        if (each['by'] !== 'critic' && each['by'] !== 'evidence') broke(`its review is by ${String(each['by'])}`);
        if (!witnessesOf(each).some(({ passed, decisive }) => passed === true && decisive === true))
          broke('no witness proves it');
        if (witnessesOf(each).some(({ passed }) => passed === false)) broke('a witness speaks against it');
      }
      if (local ? review['by'] !== 'evidence' : !accepted.has(id)) broke('no critic accepted it');
    }
}

type Witness = { readonly kind?: unknown; readonly passed?: unknown; readonly decisive?: unknown };
const witnessesOf = (review: Readonly<Record<string, unknown>>): Witness[] =>
  Array.isArray(review['witnesses']) ? review['witnesses'] : [];

/** Each attempt is executed once and each task approved once; the steps of a task never cost more than it may. */
export function checkOnce(found: Found, stories: ReadonlyMap<string, Story>): void {
  for (const { id, approvals, executions, children, max_budget } of stories.values()) {
    if (approvals.length > 1) found.broke('nothing is done twice', `${id} was approved ${approvals.length} times`);
    for (const [attempt, times] of executions)
      if (times > 1) found.broke('nothing is done twice', `${id}, attempt ${attempt} was executed ${times} times`);
    if (children.length > 0) found.count('tasks broken down');
    const steps = children.reduce((sum, child) => sum + (stories.get(child)?.max_budget ?? 0), 0);
    if (steps > max_budget + 1e-9) found.broke('a cap is never passed', `the steps of ${id} may cost ${steps}, it ${max_budget}`);
    for (const child of children)
      if (!stories.has(child)) found.broke('nothing is lost', `step ${child} of ${id} is not in the log`);
  }
}
