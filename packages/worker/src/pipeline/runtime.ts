import type {
  ActivityLog,
  ArtifactRef,
  Artifacts,
  Audit,
  Clock,
  Config,
  Documents,
  GateStore,
  Identity,
  Projects,
  SafetyReport,
  Task,
  TaskRecord,
  TaskStore,
  WorkerCommand,
  WorkspacePaths,
} from '@vivarium/core';
import type { AskApi } from '../api/ask.ts';
import type { CycleClient } from '../api/cycle-client.ts';
import type { Fingerprints } from './fingerprints.ts';
import type { TaskRun } from './phase.ts';
import type { ProjectChanges } from './project-changes.ts';
import type { WorkerSkills } from './skills.ts';

/** A log for people who watch the process: structured lines on stderr. */
export interface Log {
  info(data: object, message: string): void;
  warn(data: object, message: string): void;
  error(data: object, message: string): void;
}

/** Everything a phase may use. A worker opens one at its start. */
export interface Runtime {
  readonly askApi: AskApi;
  readonly api: Pick<CycleClient, 'status' | 'endpoint' | 'close'>;
  readonly config: Config;
  readonly paths: WorkspacePaths;
  readonly clock: Clock;
  readonly worker_id: string;
  readonly store: TaskStore;
  readonly artifacts: Artifacts;
  readonly documents: Documents;
  readonly activity: ActivityLog;
  readonly safetyAudit: Audit;
  readonly log: Log;
  readonly skills: WorkerSkills;
  readonly fingerprints: Fingerprints;
  readonly gates: GateStore;
  /** What residents may propose changes to, and whether this machine can have any made. */
  readonly projects: Projects;
  /** What is done about changes to projects; loaded when the first task with a project comes. */
  changes(): Promise<ProjectChanges>;
  /** Why running work was aborted. */
  stopReason(): string;
  /** What follows a final verdict. */
  readonly outbox: { follow(record: TaskRecord, identityId?: string): Promise<void> };
  /** The resident of that id, when one lives here. */
  identity(id: string | undefined): Identity | undefined;
  /** Who lives here and may test a resident's work: never itself, nor anybody of its guild. */
  testersFor(authorId: string): Promise<readonly Identity[]>;
  /** Whether a resident is left who may take the task and did not decline it. */
  anyoneFor(task: Task, declined: readonly string[]): boolean;
  /** Judge the very text that will be executed. Fails closed: rules that cannot be loaded refuse. */
  judge(task: Task): SafetyReport;
  /** Say things about a claimed task, all or none, and keep trying while the disk refuses. @throws LeaseLostError */
  record(run: TaskRun, ...commands: readonly WorkerCommand[]): Promise<void>;
  /** The output of the execution that a record's checkpoint names. */
  outputOf(record: TaskRecord): Promise<string>;
  /** The reference of an artifact that the API stored, or undefined when it is not there. */
  artifact(artifactId: string): Promise<ArtifactRef | undefined>;
}
