import { join } from 'node:path';
import { ActionEntry, ApiAuditLine, OPEN_STATUSES, type TaskRecord } from '@vivarium/core';
import type { z } from 'zod';
import { postsSince, tailText } from '../files/rooms.ts';
import type { Insights } from '../protocol/insights.ts';
import type { World } from '../world/world.ts';
import { listIdentities } from './identities.ts';

const DAY_MS = 86_400_000;
/** How many of the newest changed tasks are looked at; beyond that the numbers say so by their bound. */
const MAX_TASKS = 2000;

/** The documented numbers of the last 24 hours, from the folds and the ends of the audit logs. */
export async function insights(world: World): Promise<Insights> {
  const since = new Date(world.now().getTime() - DAY_MS).toISOString();
  const counts = world.store.counts();
  const recent = changedSince(world, since);
  const audit = await linesOf(world.paths.apiAudit, ApiAuditLine, since);
  const actions = await linesOf(world.paths.actionLog, ActionEntry, since);
  const identities = await listIdentities(world.society);
  const open = OPEN_STATUSES.reduce((sum, status) => sum + counts[status], 0);
  const execution = executionNumbers(recent);
  const ops = {
    api_calls_24h: audit.length,
    api_cost_24h: round(audit.reduce((sum, line) => sum + line.cost, 0)),
    safety_blocks_24h: recent.filter((record) => record.status === 'safety_blocked').length,
    errors_24h: actions.filter((entry) => entry.action_type === 'ERROR').length,
  };
  const halted = world.switches.reason().state === 'halted';
  return {
    success: true,
    timestamp: world.now().toISOString(),
    queue: { open, completed: counts.approved + counts.ready_for_merge, failed: counts.failed },
    execution,
    ops,
    social: await socialNumbers(world, since),
    identities: { count: identities.length, ...activity(actions) },
    health: health(halted, execution.failure_streak, ops, counts.failed > Math.max(1, counts.approved), open),
  };
}

async function socialNumbers(world: World, since: string) {
  const bounties = world.society.bounties();
  const mail = world.society.mailToHuman();
  const of = (status: string) => bounties.filter((bounty) => bounty.status === status).length;
  return {
    total_messages: mail.length,
    unread_messages: mail.filter((message) => message['answer'] === undefined).length,
    open_bounties: of('open'),
    claimed_bounties: of('claimed'),
    completed_bounties: of('completed'),
    chat_messages_24h: await postsSince(join(world.paths.swarm, 'discussions'), since),
  };
}

function changedSince(world: World, since: string): TaskRecord[] {
  const { records } = world.store.list({ order: 'newest', limit: MAX_TASKS });
  return records.filter((record) => record.updated_at >= since);
}

function executionNumbers(recent: readonly TaskRecord[]) {
  const of = (status: TaskRecord['status']) => recent.filter((record) => record.status === status).length;
  const [approved, failed, requeue] = [of('approved'), of('failed'), of('requeue')];
  const judged = approved + failed + requeue;
  const ended = recent.filter(({ status }) => status === 'approved' || status === 'failed');
  const newestFirst = ended.sort((a, b) => b.updated_at.localeCompare(a.updated_at));
  const firstGood = newestFirst.findIndex(({ status }) => status === 'approved');
  return {
    completed_24h: approved,
    approved_24h: approved,
    failed_24h: failed,
    requeue_24h: requeue,
    pending_review_24h: of('pending_review'),
    approval_rate_24h: judged === 0 ? null : Math.round((approved / judged) * 1000) / 10,
    failure_streak: firstGood === -1 ? newestFirst.length : firstGood,
    last_event_at: recent.reduce<string | null>(
      (last, { updated_at }) => (last === null || updated_at > last ? updated_at : last),
      null,
    ),
  };
}

function activity(actions: readonly ActionEntry[]) {
  const byActor = new Map<string, number>();
  for (const { actor } of actions) if (!['SYSTEM', 'UNKNOWN'].includes(actor)) byActor.set(actor, (byActor.get(actor) ?? 0) + 1);
  const [top] = [...byActor].sort((a, b) => b[1] - a[1]);
  return { active_24h: byActor.size, top_actor: top ? { id: top[0], name: top[0], actions: top[1] } : null };
}

function health(
  halted: boolean,
  streak: number,
  ops: { errors_24h: number; safety_blocks_24h: number },
  moreFailed: boolean,
  open: number,
): Insights['health'] {
  const critical = halted || streak >= 6 || ops.errors_24h >= 5 || ops.safety_blocks_24h >= 3;
  const watch = streak >= 3 || moreFailed || ops.safety_blocks_24h > 0;
  return {
    state: critical ? 'critical' : watch ? 'watch' : 'stable',
    kill_switch: halted,
    backlog_pressure: open >= 12 ? 'high' : open >= 5 ? 'medium' : 'low',
  };
}

async function linesOf<T extends { timestamp: string }>(file: string, schema: z.ZodType<T>, since: string): Promise<T[]> {
  const content = (await tailText(join(file))) ?? '';
  return content.split('\n').flatMap((line) => {
    const parsed = schema.safeParse(json(line));
    return parsed.success && parsed.data.timestamp >= since ? [parsed.data] : [];
  });
}

function json(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

function round(usd: number): number {
  return Math.round(usd * 1e6) / 1e6;
}
