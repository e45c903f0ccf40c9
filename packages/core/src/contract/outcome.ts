import { z } from 'zod';
import { TaskId } from './ids.ts';

/** One named check and how it ended. `rule` is the id of the rule that decided. */
export const SafetyCheck = z.object({
  check: z.enum(['constitutional', 'workspace', 'network', 'prompt_injection', 'budget', 'command']),
  passed: z.boolean(),
  rule: z.string().optional(),
  reason: z.string().optional(),
  fix: z.string().optional(),
});
export type SafetyCheck = z.infer<typeof SafetyCheck>;

/** What the safety phase saw and decided; written for every attempt, refused ones too. */
export const SafetyReport = z
  .object({
    timestamp: z.string(),
    task_id: z.string().optional(),
    stage: z.enum(['worker', 'api']),
    subject: z.string().describe('First 200 characters of the text that was judged, secrets masked'),
    subject_sha256: z.string(),
    passed: z.boolean(),
    blocked_reason: z.string().optional(),
    checks: z.array(SafetyCheck),
  })
  .meta({ id: 'SafetyReport' });
export type SafetyReport = z.infer<typeof SafetyReport>;

/** A stored output. `sha256` is of the bytes; `path` is relative to the workspace. */
export const ArtifactRef = z.object({
  artifact_id: z.string(),
  path: z.string(),
  sha256: z.string(),
  bytes: z.number().int(),
  truncated: z.boolean().optional(),
});
export type ArtifactRef = z.infer<typeof ArtifactRef>;

/** What an output may be called: none of it can lead elsewhere. `blobs` is where contents lie. */
export const ArtifactName = z.object({
  task_id: TaskId.refine((id) => id !== 'blobs', 'is where contents lie; no task has this id'),
  attempt: z.int('is not an attempt number').nonnegative('is not an attempt number'),
  name: z.string().regex(/^(?!\.{1,2}$)[\w.-]{1,128}$/, 'use 1 to 128 letters, digits, dots, dashes or underscores'),
});

/**
 * Which model a call went to and why. `estimate_usd` is what it could cost at worst; what it did cost stands beside the record.
 * Source: docs/pipeline.md, which model.
 */
export const ModelDecision = z
  .object({
    model: z.string(),
    tier: z.string(),
    rule: z.enum([
      'only_one',
      'override',
      'cascade',
      'low_budget',
      'critical',
      'history',
      'complex',
      'simple',
      'default',
      'affordable',
    ]),
    reason: z.string(),
    signals: z.array(z.string()).describe('what was seen in the task, its budget and its past'),
    estimate_usd: z.number().min(0),
  })
  .meta({ id: 'ModelDecision' });
export type ModelDecision = z.infer<typeof ModelDecision>;

/** The change that a piece of work handed in; its hashes bind what is judged. */
export const HandedIn = z
  .object({ change_id: z.string(), tree: z.string(), entries_sha256: z.string() })
  .describe('The change that the work handed in');
export type HandedIn = z.infer<typeof HandedIn>;

/** How one execution ended, as the checkpoint keeps it. A later worker resumes from here and buys nothing again. */
export const Outcome = z.object({
  result_summary: z.string().describe('At most 2,000 characters; the whole output is the artifact'),
  model: z.string().optional(),
  model_decision: ModelDecision.optional(),
  budget_used: z.number().min(0),
  usage: z.object({ prompt_tokens: z.number(), completion_tokens: z.number() }).optional(),
  exit_code: z.number().int().optional(),
  simulated: z.boolean().optional(),
  artifact: ArtifactRef.optional(),
  execution_key: z.string(),
  tool_route: z.string().optional(),
  tool_name: z.string().optional(),
  tool_version: z.string().optional(),
  tool_confidence: z.number().optional(),
  model_call_avoided: z.boolean().optional(),
  duration_ms: z.number().optional(),
  phase_ms: z.record(z.string(), z.number()).optional().describe('How long each phase up to the execution took, in their order'),
  wrote: z.array(z.string()).optional().describe('Paths of documents that the work wrote, or writes once it is approved'),
  memories: z
    .array(z.string())
    .optional()
    .describe('Memories about such work that its resident was shown; a failure doubts them'),
  steps: z.number().int().optional().describe('Model calls of a cycle in which a resident could act; more than one: it acted'),
  change: HandedIn.optional(),
});
export type Outcome = z.infer<typeof Outcome>;

/** One independent observation of a result, made by the runtime and never by the resident. */
export const Witness = z.object({
  kind: z.enum([
    ...(['exit_code', 'output', 'file', 'schema', 'intent', 'original', 'critic', 'skill', 'person'] as const),
    ...(['diff', 'tests', 'http', 'links', 'paths', 'gates', 'change'] as const),
  ]),
  rule: z.string().optional().describe('Id of the rule that judged it'),
  passed: z.boolean(),
  decisive: z.boolean().describe('true when passing it is proof enough; a non-empty output alone never is'),
  detail: z.string(),
  path: z.string().optional(),
  sha256: z.string().optional(),
  diff: z.string().optional().describe('Of a file: its first changed lines, each behind + or -'),
});
export type Witness = z.infer<typeof Witness>;

/** The verdict of a review. `confidence` is 0..1. */
export const Review = z.object({
  verdict: z.enum(['APPROVE', 'MINOR_ISSUES', 'REJECT', 'NONE']),
  confidence: z.number().min(0).max(1),
  issues: z.array(z.string()),
  suggestions: z.array(z.string()),
  witnesses: z.array(Witness),
  by: z.enum(['evidence', 'critic', 'person', 'nobody']),
});
export type Review = z.infer<typeof Review>;

/** Why a task stands still until somebody acts. `action` is the command that helps. */
export const Hold = z.object({
  kind: z.enum(['review', 'provider', 'budget', 'proposal', 'clarify', 'gates', 'land', 'dependencies']),
  reason: z.string(),
  action: z.string(),
  provider_fingerprint: z.string().optional().describe('the hold ends by itself when the provider changes'),
  until: z.string().optional().describe('when the provider is asked again by itself'),
  next_mover: z.enum(['worker', 'person']).optional().describe('who moves a task that waits at a quality gate'),
});
export type Hold = z.infer<typeof Hold>;

/** What sends a task round again, kept for the next attempt's prompt. */
export const Feedback = z.object({ issues: z.array(z.string()), suggestions: z.array(z.string()) });
export type Feedback = z.infer<typeof Feedback>;
