import type { ProjectSettings } from '../contract/projects-file.ts';

/** A project of `config/projects.json`, read and without a fault in its fields. */
export interface Project {
  readonly name: string;
  readonly settings: ProjectSettings;
  /** SHA-256 of the project's own block: an approval is bound to it. */
  readonly policy_sha256: string;
}

/** What is wrong with a project, and what helps. `field` is a path in `config/projects.json`, e.g. `projects.invoice.path`. */
export interface ProjectFinding {
  readonly project: string;
  readonly field: string;
  readonly problem: string;
  readonly fix: string;
}

/** The repositories that residents may propose changes to, as the person at this machine allows it. */
export interface Projects {
  /** Those that can be used, from the file as it is at this moment. A file that cannot be read at all names none. */
  list(): Promise<readonly Project[]>;
  get(name: string): Promise<Project | undefined>;
  /** Everything that is wrong, of one project or all; what the file system, git and the sandbox say included. */
  check(name?: string): Promise<readonly ProjectFinding[]>;
  /** Keep in mind that the dependencies of a project are installed as its files ask at this moment. */
  installed(project: Project): Promise<void>;
  /** Who can do the hands-on work here, `built-in` first. */
  executors(): Promise<readonly string[]>;
}
