import { createHash } from 'node:crypto';
import { DRAFT_SCHEMA, DRAFT_SCHEMA_NAME, draftPrompt, fence, judgeDraft, type SkillRecord } from '@vivarium/core';
import type { Runtime } from '../../pipeline/runtime.ts';
import type { Learned, LearnedFamily } from './families.ts';
import { TrialInterrupted } from './trial.ts';

/** What one draft may cost, in US dollars. */
export const DRAFT_USD = 0.02;
/** Learning never competes with the work: it needs this share of the cap to be left. */
const SPARE_SHARE = 0.25;
const SAMPLE_CHARS = 2_500;
const MAX_OWN = 6;

export type Drafted =
  | { readonly kind: 'skill'; readonly skill: SkillRecord; readonly cost_usd: number }
  | { readonly kind: 'none'; readonly reason: string; readonly cost_usd: number };

/** Have a model write a skill from a family's own examples, and put it into the library as a candidate. */
export async function draftSkill(
  runtime: Pick<Runtime, 'api' | 'askApi' | 'skills'>,
  family: LearnedFamily,
  own: readonly Learned[],
  signal: AbortSignal,
): Promise<Drafted> {
  const budget = (await runtime.api.status(signal))?.budget;
  if (!budget || budget.cap_usd - budget.spent_usd - budget.reserved_usd < Math.max(DRAFT_USD, budget.cap_usd * SPARE_SHARE))
    throw new TrialInterrupted('too little of the budget is left');
  const id = `skill-draft-${createHash('sha256').update(family.key).digest('hex').slice(0, 12)}`;
  const shown = own.slice(0, MAX_OWN);
  const answer = await runtime.askApi(
    {
      mode: 'llm',
      purpose: 'skill_draft',
      prompt: draftPrompt(
        shown.map(({ task_id, prompt, output }) => fence(`task ${task_id}`, `TASK: ${prompt}\nANSWER: ${output}`, SAMPLE_CHARS)),
      ),
      temperature: 0,
      max_tokens: 4_096,
      timeout: 60,
      min_budget: 0,
      max_budget: DRAFT_USD,
      task_id: id,
      execution_key: `${id}#1#${family.samples.length}`,
      answer_schema: { name: DRAFT_SCHEMA_NAME, schema: { ...DRAFT_SCHEMA } },
    },
    signal,
  );
  if (answer.kind === 'problem' && (answer.problem.status >= 500 || answer.problem.status === 429))
    throw new TrialInterrupted(answer.problem.detail);
  if (answer.kind === 'problem') return { kind: 'none', reason: answer.problem.detail, cost_usd: 0 };
  if (answer.kind === 'interrupted') throw new TrialInterrupted(answer.reason);
  const cost_usd = answer.result.budget_used;
  const { registry } = runtime.skills;
  const taken = new Set(registry.list().map(({ name }) => name));
  const verdict = judgeDraft(answer.result.output ?? answer.result.result, family.samples, taken);
  if (verdict.kind === 'refused') return { kind: 'none', reason: verdict.reason, cost_usd };
  const skill = await registry.addDraft({ manifest: verdict.manifest, files: { 'skill.mjs': verdict.code } });
  return { kind: 'skill', skill, cost_usd };
}
