import { z } from 'zod';
import { type ObjectShape, readShaped } from '../answers/shape.ts';
import { isStopWord, wordsOf } from '../words/index.ts';
import { type Sample, templateOf } from './families.ts';
import type { SkillManifestInput } from './manifest.ts';

/** Name of the schema under which a model drafts a skill. */
export const DRAFT_SCHEMA_NAME = 'skill_draft';
const CODE_CHARS = 60_000;

/** The schema of `skill_draft`, as it goes to the provider. */
export const DRAFT_SCHEMA: Readonly<Record<string, unknown>> = {
  type: 'object',
  additionalProperties: false,
  required: ['name', 'description', 'when_to_use', 'when_not', 'keywords', 'code'],
  properties: {
    name: { type: 'string', description: 'small letters, digits and dashes' },
    description: { type: 'string' },
    when_to_use: { type: 'string' },
    when_not: { type: 'string' },
    keywords: { type: 'array', items: { type: 'string' } },
    code: { type: 'string', description: 'an ES module; its default export takes {prompt} and returns the answer as text' },
  },
};

const Words = z.string().trim().max(1_000).catch('');
/** A drafted skill. Only the module is needed; the rest falls back to what its family says. */
export const SkillDraft = z.object({
  name: Words.default(''),
  description: Words.default(''),
  when_to_use: Words.default(''),
  when_not: Words.default(''),
  keywords: z.array(z.string().trim().max(64)).max(64).catch([]).default([]),
  code: z.string().min(1).max(CODE_CHARS),
});
export type SkillDraft = z.infer<typeof SkillDraft>;

const SHAPE: ObjectShape = {
  name: 'text',
  description: 'text',
  when_to_use: 'text',
  when_not: 'text',
  keywords: 'texts',
  code: 'text',
};

/** What a model is asked. Samples stand between the marked lines of the caller's fence. */
export function draftPrompt(fencedSamples: readonly string[]): string {
  return [
    'These tasks were done and verified. Write one small ES module that does such a task without a model.',
    'Its default export takes {prompt} and returns the answer as text. Read everything that changes from task to task out of the prompt; never keep a table of the answers below. Throw an Error for a prompt that is not such a task. No imports, no network, no files, no clock.',
    ...fencedSamples,
  ].join('\n\n');
}

export type DraftVerdict =
  | { readonly kind: 'draft'; readonly manifest: SkillManifestInput; readonly code: string }
  | { readonly kind: 'refused'; readonly reason: string };

/** Turn a model's draft into a skill that can be written down, or say why not. A name that is taken gets a number. */
export function judgeDraft(answer: string, samples: readonly Sample[], taken: ReadonlySet<string>): DraftVerdict {
  const reply = readShaped(answer, SHAPE, SkillDraft);
  if (!reply.found) return { kind: 'refused', reason: reply.fault };
  const draft = reply.value;
  const code = draft.code.replace(/^\s*```\w*\n([\s\S]*?)\n?```\s*$/, '$1');
  if (!/\bexport\s+default\b|\bas\s+default\b/.test(code))
    return { kind: 'refused', reason: 'code: the module has no default export' };
  const template = templateOf(samples.map(({ prompt }) => prompt));
  const common = template.filter((word) => !isStopWord(word) && word.length > 2);
  const name = freeName(slug(draft.name) || slug(common.slice(0, 3).join('-')) || 'skill', taken);
  const manifest: SkillManifestInput = {
    name,
    description: draft.description || `Does tasks such as: ${(samples[0]?.prompt ?? name).slice(0, 200)}`,
    version: '1.0.0',
    kind: 'executable',
    entry: 'skill.mjs',
    ...(template.length > 0 ? { template: template.join(' ') } : {}),
    keywords: [...new Set([...draft.keywords.filter((word) => word !== ''), ...common])].slice(0, 24),
    ...(draft.when_to_use ? { when_to_use: draft.when_to_use } : {}),
    ...(draft.when_not ? { when_not: draft.when_not } : {}),
    provenance: { task_ids: samples.map(({ task_id }) => task_id), event_ids: [] },
  };
  return { kind: 'draft', manifest, code };
}

const slug = (text: string): string =>
  wordsOf(text)
    .map((word) => word.replace(/[^a-z0-9]/g, ''))
    .filter((word) => word !== '')
    .join('-')
    .slice(0, 48)
    .replace(/-+$/, '');

function freeName(name: string, taken: ReadonlySet<string>): string {
  if (!taken.has(name)) return name;
  let number = 2;
  while (taken.has(`${name}-${number}`)) number++;
  return `${name}-${number}`;
}
