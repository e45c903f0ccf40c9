import { type Executor, executorNamed, openStore, type ProjectStore, readExecutors } from '@vivarium/changes';
import {
  attemptOf,
  BUILT_IN,
  type ChangeRecord,
  type ChangeStore,
  type CycleRequest,
  changeIdOf,
  fence,
  type Project,
  VivariumError,
  type World,
} from '@vivarium/core';
import { findTools } from '@vivarium/sandbox';
import { ExecutorUnusableError, NothingToTestError, ProjectUnusableError } from '../errors/index.ts';
import type { AskGateDeps } from '../executors/ask-gate.ts';
import type { HandsOn } from '../executors/hands-on.ts';
import { ChangeHands } from './change-hands.ts';

const BEFORE_CHARS = 3_000;

export interface HandsForDeps extends Omit<AskGateDeps, 'clock'> {
  readonly world: World;
}

/** The hands-on work that a cycle is for; undefined when its task changes no project. */
export async function handsFor(deps: HandsForDeps, request: CycleRequest, signal: AbortSignal): Promise<ChangeHands | undefined> {
  const { world } = deps;
  const { task_id, purpose, identity_id } = request;
  const record = task_id === undefined ? undefined : (await world.tasks()).get(task_id);
  const name = record?.task.project;
  if (!record || name === undefined) return undefined;
  const project = await world.projects.get(name);
  if (!project) throw new ProjectUnusableError(name);
  const { task } = record;
  const [store, changes] = await Promise.all([openStore({ root: world.paths.root }, project), world.changes()]);
  await changes.catchUp();
  const attempt = attemptOf(request.execution_key, task.id) || record.attempt;
  const change =
    purpose === 'qa'
      ? changes.ofTask(task.id)
      : await opened(
          { changes, store, project },
          {
            ...{ task_id: task.id, attempt, author_id: identity_id },
            executor: named(world, task.executor ?? project.settings.executor),
          },
        );
  if (!change || (purpose === 'qa' && change.phase !== 'handed_in')) throw new NothingToTestError(task.id);
  const before = purpose === 'qa' ? undefined : await earlier(changes, store, change);
  const executor = purpose === 'qa' ? undefined : await executorOf(deps, project, change);
  return new ChangeHands(
    { changes, store, project, tools: findTools(), signal, executor },
    { task, change, identity_id, qa_turn: purpose === 'qa' ? turnOf(request) : undefined, before },
  );
}

/** `task:1#qa-2` → `qa-2` */
const turnOf = ({ execution_key = '' }: CycleRequest): string => /#(qa-\d+)$/.exec(execution_key)?.[1] ?? 'qa';

interface Opening {
  readonly task_id: string;
  readonly attempt: number;
  readonly author_id: string | undefined;
  readonly executor: string;
}

interface Place {
  readonly changes: ChangeStore;
  readonly store: ProjectStore;
  readonly project: Project;
}

/** The change of an attempt: opened once, on what the project's branch shows then. */
async function opened(
  { changes, store, project }: Place,
  { task_id, attempt, author_id, executor }: Opening,
): Promise<ChangeRecord | undefined> {
  const change_id = changeIdOf(task_id, attempt);
  const known = changes.change(change_id);
  if (known) return known;
  const { commit, tree } = await store.fetchBase();
  const { name, policy_sha256, settings } = project;
  await changes.tryRecord({
    ...{ event: 'project_seen', actor: 'runtime', project: name, config_sha256: policy_sha256 },
    ...{ branch: settings.branch, commit },
  });
  await changes.record({
    ...{ event: 'change_opened', actor: author_id ?? 'runtime', change_id, task_id, attempt, project: name, policy_sha256 },
    ...{ base_commit: commit, base_tree: tree, executor, ...(author_id === undefined ? {} : { author_id }) },
  });
  return changes.change(change_id);
}

/** The name of an executor that can be used. @throws ExecutorUnusableError */
function named(world: World, name: string): string {
  return name === BUILT_IN ? name : found(world, name).name;
}

function found({ config }: World, name: string): Executor {
  try {
    return executorNamed(readExecutors(config), name);
  } catch (error) {
    if (!(error instanceof VivariumError)) throw error;
    throw new ExecutorUnusableError(error.message, error.fix === undefined ? {} : { fix: error.fix });
  }
}

/** Who does the hands-on part, as it was settled when the change was opened. */
async function executorOf(
  { world, gate, steps }: HandsForDeps,
  project: Project,
  { executor, change_id }: ChangeRecord,
): Promise<HandsOn | undefined> {
  if (executor === BUILT_IN) return undefined;
  const { config, clock, paths } = world;
  const { handsOn } = await import('../executors/hands-on.ts');
  return handsOn({ gate, steps, clock, paths, installation: config.installation }, found(world, executor), project, change_id);
}

/** What the attempt before this one changed: it was turned down, and shows what is already known. */
async function earlier(
  changes: ChangeStore,
  store: ProjectStore,
  { task_id, attempt }: ChangeRecord,
): Promise<string | undefined> {
  const before = changes.ofTask(task_id, attempt - 1);
  if (!before || before.tree === before.base_tree) return undefined;
  const patch = await store.patch(before.base_tree, before.tree);
  return `Your former attempt changed this; none of it is in your copy:\n${fence('former attempt', patch, BEFORE_CHARS)}`;
}
