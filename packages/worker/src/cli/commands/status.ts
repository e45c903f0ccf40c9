import { OPEN_STATUSES, type TaskStatus } from '@vivarium/core';
import type { Command } from 'commander';
import type { Door } from '../command.ts';
import { EXIT } from '../exit.ts';
import type { Output } from '../output.ts';
import { flat, usd } from '../shape.ts';
import { askApi, inWorld, type TaskWorld } from '../world.ts';

/** status: how the world stands. Works without the API and says so. */
export function addStatus(program: Command, door: Door): void {
  const command = program.command('status').description('counts, switch, workers, budget, model provider');
  door.asks<[]>(command, 'show_status', (output) => inWorld((world) => status(world, output)));
}

async function status(world: TaskWorld, output: Output): Promise<number> {
  const { total, ...by_status } = world.store.counts();
  const sumOf = (statuses: readonly TaskStatus[]) => statuses.reduce((sum, status) => sum + by_status[status], 0);
  const workers = world.workers.heartbeats().filter(({ live }) => live);
  const api = await askApi(world.config, world.paths);
  const budget = world.money.state();
  const value = {
    workspace: world.paths.root,
    switch: world.switches.state(),
    switch_reason: world.switches.reason().reason,
    total,
    tasks: sumOf(OPEN_STATUSES),
    completed: by_status.approved + by_status.ready_for_merge,
    failed: by_status.failed + by_status.safety_blocked + by_status.cancelled,
    by_status,
    workers: workers.map(({ worker_id, pid, concurrency, running, beat_at }) => ({
      worker_id,
      pid,
      concurrency,
      running,
      beat_at,
    })),
    budget,
    api: api ? { state: 'ready', provider: api.provider } : { state: 'away', provider: null },
  };
  output.result(value, inWords(value));
  return EXIT.done;
}

interface StatusView {
  workspace: string;
  switch: string;
  switch_reason: string;
  by_status: Readonly<Record<string, number>>;
  workers: readonly { worker_id: string; running: readonly string[]; concurrency: number }[];
  budget: { cap_usd: number; spent_usd: number; reserved_usd: number };
  api: { state: string; provider: { name: string; state: string; detail: string; fix?: string | undefined } | null };
}

function inWords(view: StatusView): string {
  const counts = Object.entries(view.by_status).filter(([, count]) => count > 0);
  const { budget, api } = view;
  const provider = api.provider
    ? `${api.provider.name}, ${api.provider.state}: ${api.provider.detail}`
    : 'unknown while the API is away';
  return [
    `workspace: ${view.workspace}`,
    flat`switch:    ${view.switch}${view.switch_reason ? ` (${view.switch_reason})` : ''}`,
    `tasks:     ${counts.map(([name, count]) => `${count} ${name}`).join(', ') || 'none'}`,
    `workers:   ${view.workers.length}${view.workers.map((worker) => `\n  ${worker.worker_id}: ${worker.running.length} of ${worker.concurrency} running`).join('')}`,
    `budget:    ${usd(budget.spent_usd)} spent, ${usd(budget.reserved_usd)} reserved, of ${usd(budget.cap_usd)}`,
    `api:       ${api.state}`,
    flat`provider:  ${provider}`,
    ...(api.provider?.fix ? [flat`fix:       ${api.provider.fix}`] : []),
  ].join('\n');
}
