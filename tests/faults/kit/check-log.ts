import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * An independent reading of the task log: it shares no code with the folds. Lines that are not whole JSON are skipped, as
 * any outsider would. Returns what the log alone proves.
 */
export function checkTaskLog(folder: string) {
  const files = readdirSync(folder).filter((name) => /^execution_log(\.\d+)?\.jsonl$/.test(name));
  files.sort((a, b) => Number(/\d+/.exec(a)?.[0] ?? 0) - Number(/\d+/.exec(b)?.[0] ?? 0));
  const tasks = new Map<string, { epoch: number; holder: string; approvals: number; executions: number; late: number }>();
  for (const file of files) {
    for (const line of readFileSync(join(folder, file), 'utf8').split('\n')) {
      const event = parse(line);
      if (event === undefined) continue;
      if (event['segment_sealed']) break;
      apply(tasks, event);
    }
  }
  const all = [...tasks.values()];
  return {
    added: all.length,
    approvedOnce: all.filter((task) => task.approvals === 1).length,
    approvedTwice: all.filter((task) => task.approvals > 1).length,
    executedTwice: all.filter((task) => task.executions > 1).length,
    late: all.reduce((sum, task) => sum + task.late, 0),
  };
}

type Tasks = Map<string, { epoch: number; holder: string; approvals: number; executions: number; late: number }>;

function apply(tasks: Tasks, event: Record<string, unknown>): void {
  const id = String(event['task_id']);
  if (event['event'] === 'task_added') {
    if (!tasks.has(id)) tasks.set(id, { epoch: 0, holder: '', approvals: 0, executions: 0, late: 0 });
    return;
  }
  const task = tasks.get(id);
  if (!task) return;
  if (event['event'] === 'task_claimed') {
    if (event['epoch'] === task.epoch + 1 && task.approvals === 0) {
      task.epoch += 1;
      task.holder = String(event['worker_id']);
    }
    return;
  }
  const holds = event['epoch'] === task.epoch && event['worker_id'] === task.holder && task.approvals === 0;
  if (!holds) task.late += 1;
  else if (event['event'] === 'task_approved') task.approvals += 1;
  else if (event['event'] === 'task_executed') task.executions += 1;
}

function parse(line: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}
