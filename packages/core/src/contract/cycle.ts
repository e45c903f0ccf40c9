import { z } from 'zod';
import { TaskId } from './ids.ts';
import { HandedIn, ModelDecision, SafetyReport } from './outcome.ts';
import { MAX_PROMPT_CHARS, MaxTokens } from './task.ts';

/** The longest answer that is asked for where nobody says more: a model that thinks has said nothing after 2,048 tokens. */
export const DEFAULT_MAX_TOKENS = 16_384;
/** With so many a call is worth making where nobody says more: what it is reckoned with, and never cut below for others. */
export const ENOUGH_TOKENS = 2_048;

/**
 * The body of `POST /cycle`: run one thing once. Budgets are US dollars, `timeout` seconds. With `execution_key` a repeat
 * joins the running call or returns the stored result. Unknown keys are refused.
 */
export const CycleRequest = z
  .strictObject({
    prompt: z.string().min(1).max(MAX_PROMPT_CHARS).optional().describe('The text for the model'),
    task: z.string().min(1).max(MAX_PROMPT_CHARS).optional().describe('A local command'),
    mode: z.enum(['llm', 'local']).optional(),
    model: z.string().min(1).max(200).optional(),
    max_tokens: MaxTokens.optional(),
    temperature: z.number().min(0).max(2).default(0.2),
    timeout: z
      .number()
      .min(1)
      .max(3600)
      .optional()
      .describe('Seconds for the whole; without it 30 for commands and skills, and for a model what suits its provider'),
    min_budget: z.number().min(0).optional(),
    max_budget: z.number().min(0).optional(),
    intensity: z.enum(['low', 'medium', 'high']).optional(),
    task_id: TaskId.optional(),
    identity_id: z.string().max(128).optional(),
    resident_id: z.string().max(128).optional(),
    execution_key: z.string().min(1).max(300).optional(),
    skill: z.string().min(1).max(128).optional().describe('Run this executable skill instead of a model'),
    system: z.string().max(MAX_PROMPT_CHARS).optional().describe('Context that comes before the prompt'),
    answer_schema: z
      .strictObject({ name: z.string().regex(/^[\w-]{1,64}$/), schema: z.record(z.string(), z.unknown()) })
      .optional()
      .describe('Ask for strict JSON under this schema'),
    purpose: z
      .enum(['task', 'critic', 'plan', 'breakdown', 'skill_draft', 'tests', 'free_time', 'test', 'qa', 'vote', 'executor'])
      .default('task'),
  })
  .meta({ id: 'CycleRequest' });
export type CycleRequest = z.infer<typeof CycleRequest>;
export type CycleInput = z.input<typeof CycleRequest>;

/** A person asks whether the model works: the smallest question, for a fraction of a cent at most. */
export const PROVIDER_TEST = {
  prompt: 'Answer with the one word: ready',
  mode: 'llm',
  purpose: 'test',
  max_tokens: 256,
  min_budget: 0,
  max_budget: 0.01,
} as const satisfies CycleInput;

/** What one execution gave. `output` is at most 256 KB; the whole is the artifact. */
export const CycleResult = z
  .object({
    status: z.enum(['completed', 'failed']),
    result: z.string(),
    model: z.string(),
    model_decision: ModelDecision.optional().describe('Why this model; absent when none was asked'),
    task_id: z.string().optional(),
    usage: z.object({ prompt_tokens: z.number(), completion_tokens: z.number() }).optional(),
    output: z.string().optional(),
    exit_code: z.number().int().optional(),
    budget_used: z.number(),
    safety_report: SafetyReport,
    simulated: z.boolean(),
    artifact_id: z.string().optional(),
    replayed: z.boolean(),
    truncated: z.boolean().optional(),
    skill: z.object({ name: z.string(), version: z.string() }).optional(),
    steps: z.number().int().optional().describe('Model calls of a cycle in which a resident could act'),
    wrote: z.array(z.string()).optional().describe('Paths of documents that it wrote, or writes once the work is approved'),
    memories: z.array(z.string()).optional().describe('Ids of the memories about such work that the resident was shown'),
    ended: z.enum(['steps', 'budget', 'time']).optional().describe('Why such a cycle ended before the model was done'),
    declined: z
      .object({ identity_id: z.string(), reason: z.string() })
      .optional()
      .describe('The resident gave the task back: another may take it. Nothing is kept under the key'),
    change: HandedIn.optional(),
    duration_ms: z.number(),
  })
  .meta({ id: 'CycleResult' });
export type CycleResult = z.infer<typeof CycleResult>;

/** An RFC 9457 problem. `code` is stable and machine readable; `fix` says what to do. */
export const Problem = z
  .object({
    type: z.string().default('about:blank'),
    title: z.string(),
    status: z.number().int(),
    detail: z.string(),
    code: z.string(),
    fix: z.string().optional(),
    disposition: z.enum(['retry_after_backoff', 'fail', 'block', 'hold_for_person', 'abandon']).optional(),
    retry_after_ms: z.number().optional(),
    errors: z.array(z.object({ field: z.string(), message: z.string() })).optional(),
    safety_report: SafetyReport.optional(),
  })
  .meta({ id: 'Problem' });
export type Problem = z.infer<typeof Problem>;

/** A critic’s verdict, as it stands once its answer was read. What cannot be read is never an approval. */
export const CriticVerdict = z
  .strictObject({
    verdict: z.enum(['APPROVE', 'MINOR_ISSUES', 'REJECT']),
    confidence: z.number().min(0).max(1),
    issues: z.array(z.string()),
    suggestions: z.array(z.string()),
  })
  .meta({ id: 'CriticVerdict' });
export type CriticVerdict = z.infer<typeof CriticVerdict>;

/** What stands between the runtime and a model provider. Unless it is closed, one call at a time asks again, at `until`. */
const Circuit = z.object({
  state: z.enum(['closed', 'backing_off', 'refused']),
  because: z.string().optional().describe('in words'),
  since: z.string().optional(),
  until: z.string().optional(),
});

/** Answer of `GET /status`. `provider.fingerprint` changes whenever the way to a model changes. */
export const StatusReport = z
  .object({
    tasks: z.number().int(),
    completed: z.number().int(),
    failed: z.number().int(),
    by_status: z.record(z.string(), z.number()),
    running: z.array(z.object({ task_id: z.string().optional(), mode: z.string(), started_at: z.string() })),
    budget: z.object({ cap_usd: z.number(), spent_usd: z.number(), reserved_usd: z.number() }),
    provider: z.object({
      name: z.enum(['groq', 'openai', 'local', 'scripted', 'none']),
      state: z.enum(['ready', 'unverified', 'backing_off', 'misconfigured', 'absent']),
      detail: z.string(),
      fix: z.string().optional(),
      default_model: z.string().optional(),
      fingerprint: z.string(),
      circuit: Circuit.optional(),
    }),
    switch: z.enum(['running', 'paused', 'halted']),
  })
  .meta({ id: 'StatusReport' });
export type StatusReport = z.infer<typeof StatusReport>;
