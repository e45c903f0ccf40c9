import { z } from 'zod';
import { Instant } from '../../contract/ids.ts';
import { mayMove, NO_USES, type SkillCounters, SkillOutcome, SkillStatus } from './lifecycle.ts';
import { SkillName } from './manifest.ts';

/** Who brought a skill: it ships with Vivarium, a person placed or added it, or the runtime wrote it from verified work. */
export const SkillOrigin = z.enum(['shipped', 'person', 'runtime']);
export type SkillOrigin = z.infer<typeof SkillOrigin>;

const base = { timestamp: Instant, name: SkillName, version: z.string().max(64) };

/** One line of `.swarm/skills.jsonl`. */
export const SkillLogEntry = z.discriminatedUnion('event', [
  z.object({ ...base, event: z.literal('skill_added'), origin: SkillOrigin, status: SkillStatus }),
  z.object({
    ...base,
    event: z.literal('skill_moved'),
    from: SkillStatus,
    to: SkillStatus,
    by: z.enum(['rules', 'person']),
    reason: z.string(),
  }),
  z.object({
    ...base,
    event: z.literal('skill_used'),
    task_id: z.string(),
    attempt: z.number().int(),
    route: z.string().describe('exact, semantic, composed or task (the task named it)'),
    confidence: z.number().min(0).max(1),
    model_call_avoided: z.boolean(),
    outcome: SkillOutcome,
    detail: z.string().optional(),
  }),
]);
export type SkillLogEntry = z.infer<typeof SkillLogEntry>;
export type SkillUse = Omit<Extract<SkillLogEntry, { event: 'skill_used' }>, 'timestamp' | 'event'>;

/** What the log says of one skill. */
export interface SkillStanding {
  readonly status: SkillStatus;
  readonly origin: SkillOrigin;
  /** Counters of each version that was used. */
  readonly versions: ReadonlyMap<string, SkillCounters>;
  readonly last_used_at?: string;
  readonly last_reason?: string;
}

interface Kept {
  status?: SkillStatus;
  origin?: SkillOrigin;
  last_used_at?: string;
  last_reason?: string;
  /** Outcome of every use by its version and key, so that a repeat or a later verdict replaces and never adds. */
  readonly uses: Map<string, { version: string; outcome: SkillOutcome; avoided: boolean }>;
}

export type SkillFold = Map<string, Kept>;

/** Where a skill stands that the log does not know: whoever put it into the library meant it to be used. */
const UNLOGGED_STATUS: SkillStatus = 'active';

/** Where a skill stands now. */
const statusIn = (fold: SkillFold, name: string): SkillStatus => fold.get(name)?.status ?? UNLOGGED_STATUS;

/** Apply one line. Returns whether it counted: a move counts only from where the skill stands. */
export function applySkill(fold: SkillFold, entry: SkillLogEntry): boolean {
  const kept: Kept = fold.get(entry.name) ?? { uses: new Map() };
  fold.set(entry.name, kept);
  switch (entry.event) {
    case 'skill_added':
      if (kept.status !== undefined && kept.status !== 'retired') return false;
      Object.assign(kept, { status: entry.status, origin: entry.origin });
      return true;
    case 'skill_moved':
      if (statusIn(fold, entry.name) !== entry.from || !mayMove(entry.from, entry.to, entry.by)) return false;
      Object.assign(kept, { status: entry.to, last_reason: entry.reason });
      return true;
    case 'skill_used': {
      const key = `${entry.version} ${entry.task_id}#${entry.attempt}`;
      if (entry.outcome === 'unknown' && kept.uses.has(key)) return false;
      kept.uses.set(key, { version: entry.version, outcome: entry.outcome, avoided: entry.model_call_avoided });
      kept.last_used_at = entry.timestamp;
      return true;
    }
  }
}

/** The standing of a skill; of one the log does not know too. `shipped` skills belong to the installation. */
export function standingOf(fold: SkillFold, name: string, shipped: boolean): SkillStanding {
  const kept = fold.get(name);
  const versions = new Map<string, SkillCounters>();
  for (const { version, outcome, avoided } of kept?.uses.values() ?? []) {
    const counters = versions.get(version) ?? NO_USES;
    versions.set(version, {
      uses: counters.uses + 1,
      useful: counters.useful + (outcome === 'useful' ? 1 : 0),
      harmful: counters.harmful + (outcome === 'harmful' ? 1 : 0),
      failed: counters.failed + (outcome === 'failed' ? 1 : 0),
      model_calls_avoided: counters.model_calls_avoided + (avoided && outcome === 'useful' ? 1 : 0),
    });
  }
  return {
    status: kept?.status ?? UNLOGGED_STATUS,
    origin: kept?.origin ?? (shipped ? 'shipped' : 'person'),
    versions,
    ...(kept?.last_used_at === undefined ? {} : { last_used_at: kept.last_used_at }),
    ...(kept?.last_reason === undefined ? {} : { last_reason: kept.last_reason }),
  };
}
