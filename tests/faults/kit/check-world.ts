import { join } from 'node:path';
import { type Line, namesIn, readLog, readPlainLog } from './read-log.ts';
import type { Purchase } from './scripted-model.ts';

/**
 * An independent reading of a workspace after a campaign: only its files, the model server's record and the times of
 * death go in, and it shares no code with the folds.
 */
export interface Evidence {
  readonly root: string;
  readonly purchases: readonly Purchase[];
  /** Wall-clock milliseconds at which an API process ended. */
  readonly apiDeaths: readonly number[];
}

export function checkWorld({ root, purchases, apiDeaths }: Evidence) {
  const tasks = foldTasks(readLog(join(root, 'execution_log.jsonl')));
  const all = [...tasks.values()];
  const count = (wanted: (task: Story) => boolean) => all.filter(wanted).length;
  return {
    tasks: all.length,
    lost: count((task) => task.approvals === 0),
    approvedTwice: count((task) => task.approvals > 1),
    executedTwice: count((task) => [...task.executions.values()].some((times) => times > 1)),
    ...checkPurchases(readLog(join(root, '.swarm', 'executions.jsonl')), purchases, apiDeaths),
    ...checkRewards(readLog(join(root, '.swarm', 'ledger.jsonl')), all),
    ...checkMoney(readLog(join(root, '.swarm', 'budget_ledger.jsonl')), readPlainLog(join(root, '.swarm', 'audit', 'api.jsonl'))),
    locksLeft: namesIn(join(root, 'task_locks')).length,
  };
}

/** What a campaign must have left behind, whatever was done to it. */
export const clean = {
  lost: 0,
  approvedTwice: 0,
  executedTwice: 0,
  twiceBought: 0,
  storedTwice: 0,
  doubleRewards: 0,
  missingRewards: 0,
  unbalanced: 0,
  overCap: 0,
  callsWithoutAudit: 0,
  callsAuditedTwice: 0,
  reservationsLeft: 0,
  locksLeft: 0,
};

interface Story {
  readonly id: string;
  epoch: number;
  attempt: number;
  holder: string | undefined;
  approvals: number;
  rewarded: boolean;
  readonly executions: Map<number, number>;
}

/** Only lines that hold the claim in force count, as the lifecycle says. */
function foldTasks(lines: readonly Line[]): Map<string, Story> {
  const tasks = new Map<string, Story>();
  for (const line of lines) {
    const id = String(line['task_id']);
    if (line['event'] === 'task_added' && !tasks.has(id))
      tasks.set(id, { id, epoch: 0, attempt: 1, holder: undefined, approvals: 0, rewarded: false, executions: new Map() });
    const story = tasks.get(id);
    if (story) applyLine(story, line);
  }
  return tasks;
}

function applyLine(story: Story, line: Line): void {
  if (line['event'] === 'task_claimed') {
    if (line['epoch'] !== story.epoch + 1 || line['attempt'] !== story.attempt || story.approvals > 0) return;
    story.epoch += 1;
    story.holder = String(line['worker_id']);
    return;
  }
  if (line['epoch'] !== story.epoch || line['worker_id'] !== story.holder) return;
  switch (line['event']) {
    case 'task_executed':
      story.executions.set(story.attempt, (story.executions.get(story.attempt) ?? 0) + 1);
      return;
    case 'task_approved':
      story.approvals += 1;
      story.rewarded = Number(line['phase5_reward_tokens_awarded']) > 0;
      story.holder = undefined;
      return;
    case 'task_requeued':
      story.attempt = Number(line['next_attempt']);
      story.holder = undefined;
      return;
    case 'task_released':
    case 'task_failed':
    case 'task_held':
    case 'task_blocked':
      story.holder = undefined;
  }
}

/**
 * An answer that the API stored was delivered: no call for it may come later. Before that a second call is allowed only
 * when the API died in between, for then nobody ever had the answer.
 */
function checkPurchases(executions: readonly Line[], purchases: readonly Purchase[], apiDeaths: readonly number[]) {
  const stored = new Map<string, number>();
  let storedTwice = 0;
  for (const line of executions) {
    const key = String(line['execution_key']);
    if (stored.has(key)) storedTwice += 1;
    else stored.set(key, Date.parse(String(line['stored_at'])));
  }
  const byKey = new Map<string, Purchase[]>();
  for (const call of purchases) {
    const key = `${call.task}#${call.attempt}${call.purpose === 'critic' ? '#critic' : ''}`;
    byKey.set(key, [...(byKey.get(key) ?? []), call]);
  }
  let [twiceBought, boughtAgainAfterDeath] = [0, 0];
  for (const [key, calls] of byKey) {
    for (const [index, call] of calls.entries()) {
      if (call.at > (stored.get(key) ?? Number.POSITIVE_INFINITY) + 1) twiceBought += 1;
      const before = calls[index - 1];
      if (!before) continue;
      if (apiDeaths.some((at) => at >= before.at - 5 && at <= call.at)) boughtAgainAfterDeath += 1;
      else twiceBought += 1;
    }
  }
  return { answersStored: stored.size, modelCalls: purchases.length, twiceBought, boughtAgainAfterDeath, storedTwice };
}

/** The first line under a key is the booking; a task is rewarded once, whoever was said to have done it. */
function checkRewards(ledger: readonly Line[], tasks: readonly Story[]) {
  const keys = new Set<string>();
  const rewards = new Map<string, number>();
  let unbalanced = 0;
  for (const line of ledger) {
    const key = String(line['key']);
    if (keys.has(key)) continue;
    keys.add(key);
    const postings = Array.isArray(line['postings']) ? (line['postings'] as { amount: number }[]) : [];
    if (postings.reduce((sum, { amount }) => sum + amount, 0) !== 0) unbalanced += 1;
    const task = /^reward:(.+)::/.exec(key)?.[1];
    if (task !== undefined) rewards.set(task, (rewards.get(task) ?? 0) + 1);
  }
  return {
    rewards: rewards.size,
    doubleRewards: [...rewards.values()].filter((times) => times > 1).length,
    missingRewards: tasks.filter((task) => task.rewarded && !rewards.has(task.id)).length,
    unbalanced,
  };
}

/** Money line by line, as anybody can add it up: reserved and spent never exceed the cap; each call stands in the audit. */
function checkMoney(ledger: readonly Line[], audit: readonly Line[]) {
  const reserved = new Map<string, number>();
  const settled = new Set<string>();
  let [cap, spent, overCap, highest] = [0, 0, 0, 0];
  for (const line of ledger) {
    const id = String(line['call_id']);
    if (line['kind'] === 'cap_set') cap = Number(line['cap_usd']);
    if (line['kind'] === 'reserved' && !reserved.has(id) && !settled.has(id)) reserved.set(id, Number(line['amount_usd']));
    if (line['kind'] === 'settled' && reserved.delete(id)) {
      settled.add(id);
      spent += Number(line['cost_usd']);
    }
    const total = spent + [...reserved.values()].reduce((sum, amount) => sum + amount, 0);
    highest = Math.max(highest, total);
    if (total > cap + 1e-9) overCap += 1;
  }
  const audited = audit.filter((line) => String(line['event']).startsWith('API_CALL_')).map((line) => String(line['call_id']));
  const once = new Set(audited);
  return {
    spentUsd: Math.round(spent * 1e6) / 1e6,
    highestUsd: Math.round(highest * 1e6) / 1e6,
    overCap,
    reservationsLeft: reserved.size,
    callsWithoutAudit: [...settled].filter((id) => !once.has(id)).length,
    callsAuditedTwice: audited.length - once.size,
  };
}

/** For each task that a dead worker left behind: when that worker died and when the task was claimed again. */
export function takeovers(root: string, deaths: ReadonlyMap<string, number>) {
  const held = new Map<string, { worker: string | undefined; epoch: number }>();
  const found: { task: string; death: number; claimed: number }[] = [];
  for (const line of readLog(join(root, 'execution_log.jsonl'))) {
    const task = String(line['task_id']);
    const worker = String(line['worker_id']);
    const now = held.get(task) ?? { worker: undefined, epoch: 0 };
    if (line['event'] === 'task_claimed') {
      if (line['epoch'] !== now.epoch + 1) continue;
      const death = now.worker === undefined ? undefined : deaths.get(now.worker);
      if (death !== undefined) found.push({ task, death, claimed: Date.parse(String(line['timestamp'])) });
      held.set(task, { worker, epoch: now.epoch + 1 });
    } else if (worker === now.worker && line['epoch'] === now.epoch && !/executed|reviewed/.test(String(line['event'])))
      held.set(task, { ...now, worker: undefined });
  }
  return found;
}
