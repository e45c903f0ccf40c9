import {
  type Intent,
  type RouteDecision,
  type SkillRecord,
  type SkillRegistry,
  type SkillRouter,
  type SkillUse,
  skillRouter,
} from '@vivarium/core';
import type { Log } from './runtime.ts';

/** The skills as a worker uses them. */
export interface WorkerSkills {
  readonly registry: SkillRegistry;
  /** Which skill does a text's work, from the skills as they stand at this moment. */
  route(text: string, intent: Intent | undefined): RouteDecision;
  show(name: string): SkillRecord | undefined;
  /** Log a use; a skill that its uses speak against is taken out at once. */
  used(use: SkillUse): Promise<void>;
  /** Follow them no more. */
  stop(): void;
}

/** Follow the skills: what somebody adds or promotes is used from then on. */
export function workerSkills(registry: SkillRegistry, log: Log): WorkerSkills {
  const stop = registry.follow(() => undefined);
  let built: { version: number; router: SkillRouter } | undefined;
  const router = () => {
    if (built?.version !== registry.version) built = { version: registry.version, router: skillRouter(registry.list()) };
    return built.router;
  };
  return {
    registry,
    route: (text, intent) => router().route(text, intent),
    show: (name) => registry.show(name),
    async used(use) {
      await registry.recordUse(use);
      if (use.outcome !== 'harmful' && use.outcome !== 'failed') return;
      for (const { name, status } of await registry.sweep()) log.warn({ skill: name, status }, 'a skill was taken out for harm');
    },
    stop,
  };
}
