import type { Task } from '../../contract/task.ts';
import type { SafetyGate } from '../safety/index.ts';
import type { TaskFault } from './fault.ts';

/** Judge the words that will be executed: the command, else the prompt, else the name of the skill. */
export function judgeTask(safety: SafetyGate, task: Task) {
  const local = isCommand(task);
  return safety.ask({
    text: local ? (task.command ?? '') : (task.prompt ?? task.skill ?? ''),
    kind: local ? 'command' : 'prompt',
    task: { min_budget: task.min_budget, max_budget: task.max_budget },
    origin: task.author_id === undefined ? 'queue' : `resident:${task.author_id}`,
    task_id: task.id,
  }).report;
}

const isCommand = ({ command, mode }: Task): boolean => command !== undefined && mode !== 'llm';

export function safetyFaults(safety: SafetyGate, tasks: readonly Task[]): TaskFault[] {
  return tasks.flatMap((task, index) => {
    const safety_report = judgeTask(safety, task);
    if (safety_report.passed) return [];
    const message = `is refused by safety: ${safety_report.blocked_reason ?? 'a rule refused it'}`;
    const fix = safety_report.checks.find((check) => !check.passed)?.fix;
    return [{ kind: 'safety', index, field: isCommand(task) ? 'command' : 'prompt', message, fix, safety_report }];
  });
}
