import type { Config, FieldProblem, Task } from '@vivarium/core';
import { EXIT } from './exit.ts';
import { CommandRefusal } from './output.ts';

/** Models that no call could use, by field. */
export async function checkModels(_config: Config, _tasks: readonly Task[]): Promise<FieldProblem[]> {
  return [];
}

/** @throws CommandRefusal (exit 5) for a task whose cap pays for no call */
export function checkMoney(config: Config, tasks: readonly Task[]): void {
  for (const task of tasks) {
    if (task.command !== undefined || task.skill !== undefined || !callsCostMoney(config)) continue;
    if (task.max_budget > 0) continue;
    const message = `Task ${task.id}: max_budget ${task.max_budget} pays for no call`;
    throw new CommandRefusal(EXIT.budget, 'VIV_BUDGET', message, 'Raise --max-budget, e.g. 0.10');
  }
}

/** False when every model that could be reached costs nothing. */
function callsCostMoney(config: Config): boolean {
  if (config.provider === 'none' || config.provider === 'scripted' || config.provider === 'local') return false;
  return config.groq.apiKey !== undefined || config.openai.apiKey !== undefined;
}
