import { findTools, openStore, type ProjectStore } from '@vivarium/changes';
import type { ChangeRecord, ChangeStore, Project, TaskRecord, World } from '@vivarium/core';

/** A change with the project it is of, and where its trees lie. */
export interface ChangeCase {
  readonly change: ChangeRecord;
  readonly project: Project;
  readonly store: ProjectStore;
}

type Attempt = Pick<TaskRecord, 'task' | 'attempt'>;

/** Where a worker finds changes and projects. Each project's store is opened once for each version of its settings. */
export class Desk {
  readonly #world: Pick<World, 'changes' | 'projects' | 'paths'>;
  /** The sandbox that this machine has. */
  readonly tools = findTools();
  readonly #stores = new Map<string, Promise<ProjectStore>>();

  constructor(world: Pick<World, 'changes' | 'projects' | 'paths'>) {
    this.#world = world;
  }

  /** The workspace. */
  get place(): { readonly root: string } {
    return this.#world.paths;
  }

  async log(): Promise<ChangeStore> {
    return this.#world.changes();
  }

  project(name: string): Promise<Project | undefined> {
    return this.#world.projects.get(name);
  }

  projects(): Promise<readonly Project[]> {
    return this.#world.projects.list();
  }

  /** The change of exactly this attempt, as the log has it at this moment. */
  async changeOf({ task, attempt }: Attempt): Promise<ChangeRecord | undefined> {
    const log = await this.log();
    await log.catchUp();
    return log.ofTask(task.id, attempt);
  }

  store(project: Project): Promise<ProjectStore> {
    const known = this.#stores.get(project.policy_sha256) ?? openStore({ root: this.#world.paths.root }, project);
    this.#stores.set(project.policy_sha256, known);
    known.catch(() => this.#stores.delete(project.policy_sha256));
    return known;
  }

  /** Undefined where there is no such change, or its project is not in the file any more. */
  async caseOf(attempt: Attempt): Promise<ChangeCase | undefined> {
    const change = await this.changeOf(attempt);
    return change && this.caseFor(change);
  }

  async caseFor(change: ChangeRecord): Promise<ChangeCase | undefined> {
    const project = await this.project(change.project);
    return project && { change, project, store: await this.store(project) };
  }
}
