import type { Config } from '../../config/schema.ts';
import { canonicalTask, DEFAULT_MIN_BUDGET_USD, Task } from '../../contract/task.ts';
import { graphFaults } from '../../domain/task/graph.ts';
import { type FieldProblem, fieldProblemsOf } from '../../errors/index.ts';
import type { Backend } from '../../ports/backend.ts';
import type { Projects } from '../../ports/projects.ts';
import type { TaskStore } from '../../ports/task-store.ts';
import { openSafety, type SafetyGate } from '../safety/index.ts';
import { refuseFaulty, type TaskFault } from './fault.ts';
import { type AsksLocal, modelFaults, moneyFaults } from './models.ts';
import { schemaFaults } from './output-schema.ts';
import { projectFaults } from './projects.ts';
import { safetyFaults } from './safety.ts';
import { skillIntake } from './skills.ts';

/** The checks every task passes before it enters, whichever door it comes through. */
export interface Intake {
  /** Tasks that would fail for sure, whatever they cost and whoever allows them. */
  faults(tasks: readonly Task[]): Promise<readonly TaskFault[]>;
  /** Everything that keeps tasks out: their faults and their place among those that stand; else safety and money. */
  check(store: TaskStore, tasks: readonly Task[]): Promise<readonly TaskFault[]>;
  /** Check and add tasks, all or none. @throws TasksRefusedError naming every field, TaskConflictError */
  enter(store: TaskStore, tasks: readonly Task[], actor: string): ReturnType<TaskStore['add']>;
}

export interface IntakeOptions {
  readonly config: Config;
  readonly backend: Backend;
  /** Whether the models come from a server on this machine, which may have any. Asked only when the settings leave it open. */
  readonly isLocalServer: AsksLocal;
  /** Asked for with the first task that names one. */
  readonly projects: () => Projects;
}

export function openIntake({ config, backend, isLocalServer, projects }: IntakeOptions): Intake {
  const { installation, workspace } = config;
  const { clock } = backend;
  let loading: Promise<SafetyGate> | undefined;
  const rules = () => (loading ??= openSafety({ installation, workspace, stage: 'worker', clock }));
  const judged = async (tasks: readonly Task[]) => {
    const skills = await skillIntake({ backend, installation }, tasks);
    const models = await modelFaults(config, tasks, isLocalServer);
    const changes = tasks.some(concernsProjects) ? await projectFaults(projects(), tasks) : [];
    return { found: [...tasks.flatMap(wordFaults), ...skills.faults, ...models, ...changes], needsModel: skills.needsModel };
  };
  const check = async (store: TaskStore, tasks: readonly Task[]): Promise<readonly TaskFault[]> => {
    store.refresh();
    const graph = graphFaults(tasks, (id) => store.get(id)?.task.depends_on);
    const { found, needsModel } = await judged(tasks);
    const words = [...graph.map((fault) => ({ kind: 'task', ...fault }) as const), ...found];
    const bad = new Set(words.map(({ index }) => index));
    const rest = [...safetyFaults(await rules(), tasks), ...moneyFaults(config, tasks, needsModel)];
    return [...words, ...rest.filter(({ index }) => !bad.has(index))];
  };
  return {
    faults: async (tasks) => (await judged(tasks)).found,
    check,
    async enter(store, tasks, actor) {
      refuseFaulty(await check(store, tasks), tasks);
      return store.add(tasks, actor);
    },
  };
}

const concernsProjects = ({ project, paths, kind, executor, suites }: Task): boolean =>
  [project, paths, kind, executor, suites].some((said) => said !== undefined);

/** What is wrong with a task by its own words alone. */
function wordFaults(task: Task, index: number): TaskFault[] {
  const schema = task.output_schema === undefined ? [] : schemaFaults(task.output_schema);
  // The default is nobody's wish: it contradicts no cap.
  const above = task.min_budget > task.max_budget && task.min_budget !== DEFAULT_MIN_BUDGET_USD;
  const money = above ? [`is above max_budget (${task.max_budget})`] : [];
  const faults = [
    ...schema.map((message) => ({ field: 'output_schema', message })),
    ...money.map((message) => ({ field: 'min_budget', message })),
  ];
  return faults.map((fault) => ({ kind: 'task', index, ...fault }));
}

/** One task from what somebody wrote, or everything that is wrong with it: under `field` in a list, as `whole` when it is no task at all. */
export function readTask(value: unknown, field = '', whole = 'task'): Task | FieldProblem[] {
  const read = Task.safeParse(canonicalTask(value));
  if (read.success) return read.data;
  return fieldProblemsOf(read.error, { at: whole, under: field });
}
