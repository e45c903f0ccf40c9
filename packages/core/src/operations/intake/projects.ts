import type { Task } from '../../contract/task.ts';
import { globProblem, overlap } from '../../domain/changes/policy/index.ts';
import { nearest } from '../../domain/text/index.ts';
import type { Project, Projects } from '../../ports/projects.ts';
import type { TaskFault } from './fault.ts';

/** What says how a project is changed, and so belongs to a task that names one. */
const OF_CHANGES = ['paths', 'kind', 'executor', 'suites'] as const;

/** What keeps tasks out that change a project, or say how without naming one. */
export async function projectFaults(projects: Projects, tasks: readonly Task[]): Promise<TaskFault[]> {
  const faults: TaskFault[] = [];
  for (const [index, task] of tasks.entries()) {
    const found = task.project === undefined ? lonely(task) : await ofProject(projects, task, task.project);
    faults.push(...found.map(([field, message]) => ({ kind: 'task', index, field, message }) as const));
  }
  return faults;
}

type Said = readonly [field: string, message: string];

const lonely = (task: Task): Said[] =>
  OF_CHANGES.filter((field) => task[field] !== undefined).map((field) => [field, 'belongs to a task that names a project']);

async function ofProject(projects: Projects, task: Task, name: string): Promise<readonly Said[]> {
  const project = await projects.get(name);
  if (!project) return [['project', await whyUnusable(projects, name)]];
  const command: Said[] =
    task.command === undefined
      ? []
      : [['command', 'a project is changed by a resident with a prompt; its commands stand in its suites']];
  return [
    ...command,
    ...pathFaults(project, task.paths ?? []),
    ...suiteFaults(project, task),
    ...(await executorFaults(projects, task)),
  ];
}

async function whyUnusable(projects: Projects, name: string): Promise<string> {
  const [first] = await projects.check(name);
  if (!first) return `${name} was changed a moment ago; try again`;
  return `${name} cannot be used: ${first.field} ${first.problem}. ${first.fix}. See: pnpm worker project check`;
}

const pathFaults = ({ name, settings }: Project, paths: readonly string[]): Said[] =>
  paths.flatMap((glob) => {
    const problem = globProblem(glob);
    if (problem !== undefined) return [['paths', `${glob} ${problem}`]];
    if (overlap([glob], settings.may_touch)) return [];
    return [['paths', `${glob} lies outside what residents may touch in ${name}: ${settings.may_touch.join(', ')}`]];
  });

function suiteFaults({ name, settings }: Project, { suites = [] }: Task): Said[] {
  const known = Object.keys(settings.suites);
  return suites
    .filter((suite) => !known.includes(suite))
    .map((suite) => ['suites', `${name} has no suite ${suite}; ${choice(suite, known)}`]);
}

async function executorFaults(projects: Projects, { executor }: Task): Promise<Said[]> {
  if (executor === undefined) return [];
  const known = await projects.executors();
  return known.includes(executor) ? [] : [['executor', `there is no executor ${executor}; ${choice(executor, known)}`]];
}

function choice(word: string, known: readonly string[]): string {
  const meant = nearest(word, known);
  return meant ? `did you mean ${meant}?` : `use one of ${known.join(', ')}`;
}
