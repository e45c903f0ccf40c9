import type { Config } from '../config/schema.ts';
import type { WorkspacePaths } from '../files/workspace.ts';
import type { Artifacts } from '../ports/artifacts.ts';
import type { Backend } from '../ports/backend.ts';
import type { Checkpoints } from '../ports/checkpoints.ts';
import type { Clock } from '../ports/clock.ts';
import type { Presence } from '../ports/presence.ts';
import type { Projects } from '../ports/projects.ts';
import type { Switches } from '../ports/switches.ts';
import type { ActivityLog } from '../stores/activity/index.ts';
import type { BudgetReader, FileBudgetLedger } from '../stores/budget/index.ts';
import type { ChangeStore } from '../stores/changes/index.ts';
import type { GateStore } from '../stores/gates/index.ts';
import type { SkillRegistry } from '../stores/skills/index.ts';
import type { SocietyStore } from '../stores/society/index.ts';
import type { Tasks } from '../stores/task/index.ts';
import type { Intake } from './intake/index.ts';

/** A world, opened. A store opens when somebody first asks for it; closing the world closes what was opened. */
export interface World {
  readonly config: Config;
  readonly backend: Backend;
  readonly clock: Clock;
  /** The folders and files of this machine that belong to the world. */
  readonly paths: WorkspacePaths;
  readonly switches: Switches;
  readonly workers: Presence;
  readonly artifacts: Artifacts;
  readonly activity: ActivityLog;
  /** What every task passes before it enters. */
  readonly intake: Intake;
  /** What residents may propose changes to; nothing of it is loaded before a task or a person names one. */
  readonly projects: Projects;
  /** The ways back to what projects showed. */
  readonly checkpoints: Checkpoints;
  tasks(): Promise<Tasks>;
  society(): Promise<SocietyStore>;
  /** All money as it is booked, without opening the ledger for business. */
  costs(): Promise<BudgetReader>;
  /** The ledger, opened for business: the configured cap holds from then on. */
  budget(): Promise<FileBudgetLedger>;
  gates(): Promise<GateStore>;
  changes(): Promise<ChangeStore>;
  skills(): Promise<SkillRegistry>;
  close(): Promise<void>;
}
