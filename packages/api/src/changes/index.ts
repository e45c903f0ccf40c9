import { openStore, type ProjectStore } from '@vivarium/changes';
import {
  attemptOf,
  type ChangeRecord,
  type ChangeStore,
  type CycleRequest,
  changeIdOf,
  fence,
  type Project,
  type World,
} from '@vivarium/core';
import { findTools } from '@vivarium/sandbox';
import { NothingToTestError, ProjectUnusableError } from '../errors/index.ts';
import { ChangeHands } from './change-hands.ts';

const BUILT_IN = 'built-in';
const BEFORE_CHARS = 3_000;

/** The hands-on work that a cycle is for; undefined when its task changes no project. */
export async function handsFor(world: World, request: CycleRequest, signal: AbortSignal): Promise<ChangeHands | undefined> {
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
      : await opened({ changes, store, project }, { task_id: task.id, attempt, author_id: identity_id });
  if (!change || (purpose === 'qa' && change.phase !== 'handed_in')) throw new NothingToTestError(task.id);
  const before = purpose === 'qa' ? undefined : await earlier(changes, store, change);
  return new ChangeHands({ changes, store, project, tools: findTools(), signal }, { task, change, identity_id, purpose, before });
}

interface Place {
  readonly changes: ChangeStore;
  readonly store: ProjectStore;
  readonly project: Project;
}

/** The change of an attempt: opened once, on what the project's branch shows then. */
async function opened(
  { changes, store, project }: Place,
  { task_id, attempt, author_id }: { task_id: string; attempt: number; author_id: string | undefined },
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
    ...{ base_commit: commit, base_tree: tree, executor: BUILT_IN, ...(author_id === undefined ? {} : { author_id }) },
  });
  return changes.change(change_id);
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
