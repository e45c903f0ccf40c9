import { canonicalTask, fence, type ObjectShape, readShaped, type Shaped, Task, TaskId } from '@vivarium/core';
import { z } from 'zod';
import type { Scan } from './scan.ts';

/** Fewest and most tasks that are asked for, unless the request says otherwise. Source: interfaces, `task_plan`. */
const FEWEST = 3;
const MOST = 5;
const SHOWN_FILES = 120;

/** Minimum, maximum and intensity by priority, US dollars. Source: the documented planner. */
const BUDGETS = {
  high: { min_budget: 0.08, max_budget: 0.15, intensity: 'high', priority: 10 },
  medium: { min_budget: 0.05, max_budget: 0.1, intensity: 'medium', priority: 0 },
  low: { min_budget: 0.02, max_budget: 0.05, intensity: 'low', priority: -10 },
} as const;

/** The answer a planner must give: nothing more, nothing less. */
export function planSchema(maxTasks: number | undefined) {
  const most = maxTasks ?? MOST;
  const tasks = z.array(
    z.strictObject({ id: TaskId, prompt: z.string().trim().min(8).max(4000), priority: z.enum(['high', 'medium', 'low']) }),
  );
  return z.strictObject({ tasks: tasks.min(Math.min(FEWEST, most)).max(most) });
}
export type PlanAnswer = z.infer<ReturnType<typeof planSchema>>;

const SHAPE: ObjectShape = { tasks: [{ id: 'text', prompt: 'text', priority: 'word' }] };

/** The plan in a model's answer. */
export const readPlan = (answer: string, maxTasks?: number): Shaped<PlanAnswer> =>
  readShaped(answer, SHAPE, planSchema(maxTasks));

/** What the planner is asked. What stands in the tree was written by others, so it is fenced. */
export function planPrompt(scan: Scan, goal: string | undefined, maxTasks: number | undefined): string {
  const most = maxTasks ?? MOST;
  const count = most < FEWEST ? `at most ${most}` : `${FEWEST} to ${most}`;
  const tests = scan.files.filter((file) => file.is_test).length;
  const shown = scan.files
    .slice(0, SHOWN_FILES)
    .map(
      (file) =>
        `${file.path}: ${file.lines} lines${file.is_test ? ', test' : ''}${file.todos ? `, ${file.todos} open notes` : ''}`,
    );
  const rest = scan.files.length - shown.length;
  const facts = [
    `${scan.files.length} source files, ${scan.total_lines} lines, ${tests} of them test files`,
    `languages by lines: ${
      Object.entries(scan.languages)
        .map(([name, lines]) => `${name} ${lines}`)
        .join(', ') || 'none'
    }`,
    'files:',
    ...shown,
    ...(rest > 0 ? [`and ${rest} more`] : []),
    ...(scan.recent_commits.length > 0 ? ['newest commits:', ...scan.recent_commits] : []),
  ].join('\n');
  return [
    `Propose ${count} improvement tasks for the project described below${goal ? ', towards the goal' : ''}.`,
    ...(goal ? [`Goal: ${goal}`] : []),
    'Each task stands alone, names the files it is about, and can be checked when it is done.',
    'Answer as JSON: {"tasks": [{"id": "short-kebab-case", "prompt": "…", "priority": "high|medium|low"}]}.',
    fence('the source tree', facts, 24_000),
  ].join('\n\n');
}

/**
 * The proposals as tasks that a person has to let run. An id that is taken gets a number, so that nothing that stands is
 * touched. Undefined when the planner only gave its goal back.
 */
export function proposals(answer: PlanAnswer, goal: string | undefined, isTaken: (id: string) => boolean): Task[] | undefined {
  const seen = new Set<string>();
  const prompts = new Set<string>();
  const tasks: Task[] = [];
  for (const { id, prompt, priority } of answer.tasks) {
    const words = prompt.toLowerCase().replaceAll(/\s+/g, ' ').trim();
    if (words === goal?.toLowerCase().replaceAll(/\s+/g, ' ').trim() || prompts.has(words)) return undefined;
    prompts.add(words);
    const free = freeId(id, (candidate) => seen.has(candidate) || isTaken(candidate));
    seen.add(free);
    tasks.push(Task.parse(canonicalTask({ id: free, prompt, ...BUDGETS[priority], proposed: true, author_id: 'planner' })));
  }
  return tasks;
}

function freeId(id: string, isTaken: (id: string) => boolean): string {
  if (!isTaken(id)) return id;
  for (let number = 2; ; number++) {
    const candidate = `${id.slice(0, 120)}-${number}`;
    if (!isTaken(candidate)) return candidate;
  }
}
