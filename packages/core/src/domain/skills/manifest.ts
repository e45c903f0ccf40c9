import { z } from 'zod';

export const SKILL_KINDS = ['executable', 'prompt', 'composed'] as const;
/** A skill's name is a word of its own in a task's text, and the name of its folder. */
export const SkillName = z
  .string()
  .regex(/^[a-z0-9](?:[a-z0-9_-]{0,62}[a-z0-9])?$/, 'use 1 to 64 small letters, digits, dashes or underscores');

const MOST_CHARACTERS = 1_024;
/** One line or several, of so many characters as people count them. */
const Line = z
  .string()
  .trim()
  .min(1)
  .refine((text) => text.length <= MOST_CHARACTERS || [...text].length <= MOST_CHARACTERS, {
    message: `write at most ${MOST_CHARACTERS} characters`,
  });
const Lines = z.union([Line.transform((line) => [line]), z.array(Line)]);
/** YAML reads `1.0` as a number and `2` too; both are versions. */
const Version = z
  .union([z.string(), z.number()])
  .transform(String)
  .pipe(
    z
      .string()
      .trim()
      .regex(/^v?\d+(?:\.\d+)*(?:[-+][\w.+-]+)?$/i, 'write a version such as 1.0.0')
      .max(64),
  );
const Keywords = z
  .union([z.string().transform((text) => text.split(',')), z.array(z.union([z.string(), z.number()]).transform(String))])
  .transform((words) => words.map((word) => word.trim()).filter((word) => word !== ''))
  .pipe(z.array(z.string().max(64)).max(64));
const JsonSchema = z.record(z.string(), z.unknown());

/** What a skill must answer to one prompt. At least one of the `expect…` fields says how the answer is judged. */
export const SkillExample = z
  .strictObject({
    prompt: z.string().min(1).max(20_000),
    expect: z.string().max(20_000).optional().describe('The whole answer, blanks at its ends apart'),
    expect_contains: z.union([z.string(), z.array(z.string())]).optional(),
    expect_pattern: z.string().max(1_000).optional().describe('A regular expression that the answer must match'),
  })
  .refine(
    (example) => example.expect !== undefined || example.expect_contains !== undefined || example.expect_pattern !== undefined,
    {
      message: 'say what is expected: expect, expect_contains or expect_pattern',
    },
  );
export type SkillExample = z.infer<typeof SkillExample>;

/**
 * The front matter of a `SKILL.md`. Keys of the open convention (`license`, `compatibility`, `metadata`, `allowed-tools`)
 * and unknown ones are kept; `kind` is `executable` when there is an `entry`, else `prompt`.
 */
export const SkillManifest = z
  .looseObject({
    name: SkillName,
    description: Line,
    version: Version.default('1.0.0'),
    kind: z.enum(SKILL_KINDS).optional(),
    entry: z.string().trim().min(1).max(256).optional().describe('The ES module of an executable skill, relative to its folder'),
    command: z
      .array(z.string().max(1_024))
      .min(1)
      .max(64)
      .optional()
      .describe('An allowed command as arguments; {prompt} is filled in'),
    components: z.array(SkillName).max(10).optional().describe('The skills a composed one runs, in order'),
    keywords: Keywords.default([]),
    template: Line.optional().describe('The words that all its tasks have, in order; a prompt that fits them is its own'),
    when_to_use: Lines.default([]),
    when_not: Lines.default([]),
    input_schema: JsonSchema.optional(),
    output_schema: JsonSchema.optional(),
    examples: z.array(SkillExample).max(200).default([]),
    provenance: z
      .looseObject({ task_ids: z.array(z.string()).default([]), event_ids: z.array(z.string()).default([]) })
      .optional(),
  })
  .superRefine((skill, ctx) => {
    const refuse = (path: string, message: string) => ctx.addIssue({ code: 'custom', path: [path], message });
    if (skill.kind === 'executable' && skill.entry === undefined && skill.command === undefined)
      refuse('entry', 'an executable skill needs an entry (an ES module in its folder) or a command');
    if (skill.kind === 'composed' && (skill.components ?? []).length < 2)
      refuse('components', 'a composed skill names at least two components');
    if (skill.kind === 'prompt' && skill.entry !== undefined)
      refuse('entry', 'a prompt skill has no entry; write kind: executable');
    if (skill.entry !== undefined && !staysInside(skill.entry))
      refuse('entry', "give a path inside the skill's folder, without ..");
    else if (skill.entry !== undefined && !skill.entry.endsWith('.mjs'))
      refuse('entry', 'name an ES module that ends in .mjs; no other file can be run');
    if (skill.components?.includes(skill.name)) refuse('components', 'a skill cannot be a component of itself');
  })
  .transform((skill) => ({ ...skill, kind: skill.kind ?? kindOf(skill) }));
export type SkillManifest = z.infer<typeof SkillManifest>;
export type SkillManifestInput = z.input<typeof SkillManifest>;

function kindOf(skill: { entry?: string | undefined; command?: unknown; components?: unknown }): (typeof SKILL_KINDS)[number] {
  if (skill.entry !== undefined || skill.command !== undefined) return 'executable';
  return skill.components === undefined ? 'prompt' : 'composed';
}

const staysInside = (path: string): boolean =>
  !/^(?:[/\\]|[a-z]:)/i.test(path) && !path.split(/[\\/]/).includes('..') && !path.includes('\0');

/** Whether an answer is what an example expects. A pattern that is no regular expression fits nothing. */
export function meetsExample(answer: string, example: SkillExample): boolean {
  if (example.expect !== undefined && answer.trim() !== example.expect.trim()) return false;
  const parts = example.expect_contains === undefined ? [] : [example.expect_contains].flat();
  if (!parts.every((part) => answer.includes(part))) return false;
  if (example.expect_pattern === undefined) return true;
  try {
    return new RegExp(example.expect_pattern, 'u').test(answer);
  } catch {
    return false;
  }
}

/** Whether two answers are the same but for blanks, letter case, quotation marks and a final dot. */
export const sameAnswer = (a: string, b: string): boolean => bare(a) === bare(b);

const bare = (answer: string): string =>
  answer
    .trim()
    .replace(/^[`"'“”*_]+|[`"'“”*_.!]+$/g, '')
    .replace(/\s+/g, ' ')
    .toLowerCase();
