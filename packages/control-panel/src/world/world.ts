import type {
  ActivityLog,
  BudgetState,
  World as Catalogued,
  Config,
  Documents,
  GateStore,
  Intake,
  Presence,
  SkillRegistry,
  SocietyStore,
  Switches,
  TaskCosts,
  TaskRecord,
  TaskStore,
  WorkspacePaths,
} from '@vivarium/core';
import { PERSON_IDS } from '@vivarium/core';
import type { FaultLog } from '../http/errors.ts';
import type { ProviderView } from '../protocol/running.ts';
import type { TaskRow } from '../protocol/tasks.ts';
import type { ActNotifier } from './act-notifier.ts';

/** What the panel needs of the running world. It reads the folds and has a person's decisions done; it never claims. */
export interface World {
  /** The same world, as operations take it. */
  readonly whole: Catalogued;
  readonly config: Config;
  readonly paths: WorkspacePaths;
  readonly documents: Documents;
  readonly token: string;
  readonly store: TaskStore;
  /** A task as lists and events carry it. */
  readonly rowOf: (record: TaskRecord) => TaskRow;
  readonly budget: TaskCosts & { state(): BudgetState; refresh(): void; reset(actor: string): Promise<void> };
  readonly society: SocietyStore;
  readonly skills: Pick<SkillRegistry, 'list' | 'show' | 'refresh' | 'findings'>;
  /** Tells of each of the person's acts in the society. */
  readonly acts: ActNotifier;
  /** The quality gates, opened when somebody first looks at a task that has them. */
  gates(): Promise<GateStore>;
  /** What every task passes before it enters. */
  readonly intake: Intake;
  readonly switches: Switches;
  /** How the execution API stands with a model; asked at most once a second. */
  readonly provider: () => Promise<ProviderView>;
  readonly workers: Pick<Presence, 'heartbeats'>;
  /** What a person did here is written down for everybody to see. */
  readonly activity: Pick<ActivityLog, 'note'>;
  readonly now: () => Date;
  readonly log: FaultLog;
}

/** Who acts when a person uses the panel. */
export const PERSON = PERSON_IDS.panel;
