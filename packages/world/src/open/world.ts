import {
  type Checkpoints,
  type Clock,
  type Config,
  type DocumentFinding,
  openActivityLog,
  openBudgetLedger,
  openBudgetReader,
  openChanges,
  openGates,
  openIntake,
  openSkills,
  openSociety,
  openTaskStore,
  type Projects,
  SHIPPED_SKILLS,
  type SkillFinding,
  type World,
  workspacePaths,
} from '@vivarium/core';
import { openBackend } from './backend.ts';
import { checkpointsOf } from './checkpoints.ts';
import { Opened } from './opened.ts';
import { projectsOf } from './projects.ts';

export interface OpenWorldOptions {
  readonly clock?: Clock;
  /** Whether the models come from a server on this machine, which may have any. Asked only when the settings leave it open. */
  readonly isLocalServer: () => Promise<boolean>;
  /** A view that could not be written is written with the next change; this hears why. */
  readonly onViewError?: (error: unknown) => void;
  /** Hears of every document that was moved aside. */
  readonly onFinding?: (finding: DocumentFinding) => void;
  /** Hears of every skill file that cannot be used, once per trouble. */
  readonly onSkillFinding?: (finding: SkillFinding) => void;
}

/** Open the world of a configuration. @throws WorldTooNewError, and each store what its own opening throws */
export async function openWorld(config: Config, options: OpenWorldOptions): Promise<World> {
  const { clock, isLocalServer, onViewError = () => undefined, onFinding, onSkillFinding = () => undefined } = options;
  const backend = await openBackend(config, clock);
  const activity = openActivityLog(backend);
  const { installation, budgetLimitUsd, maxResidents } = config;
  const paths = workspacePaths(config.workspace);
  let projects: Projects | undefined;
  let checkpoints: Checkpoints | undefined;
  const opened = new Opened();
  const world: World = {
    config,
    backend,
    clock: backend.clock,
    paths,
    get projects() {
      projects ??= projectsOf(paths, installation);
      return projects;
    },
    get checkpoints() {
      checkpoints ??= checkpointsOf(world);
      return checkpoints;
    },
    switches: backend.switches,
    workers: backend.presence,
    artifacts: backend.artifacts,
    activity,
    intake: openIntake({ config, backend, isLocalServer, projects: () => world.projects }),
    tasks: opened.once(() => openTaskStore({ backend })),
    society: opened.once(() => openSociety({ backend, activity, maxResidents, onViewError, onFinding })),
    costs: opened.once(() => openBudgetReader(backend, budgetLimitUsd)),
    budget: opened.once(() => openBudgetLedger({ backend, capUsd: budgetLimitUsd })),
    changes: opened.once(() => openChanges({ backend })),
    gates: opened.once(() => openGates({ backend, onViewError })),
    skills: opened.once(() =>
      openSkills({ backend, installation, shippedNames: new Set(SHIPPED_SKILLS), onFinding: onSkillFinding }),
    ),
    async close() {
      await opened.close();
      activity.close();
      await backend.close();
    },
  };
  return world;
}
