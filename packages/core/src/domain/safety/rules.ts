import { z } from 'zod';

const CHECKS = ['constitutional', 'workspace', 'network', 'prompt_injection'] as const;
const Pattern = z.string().min(1);

const Rule = z.strictObject({
  id: z.string().regex(/^[a-z_]+\.[a-z_]+$/, 'write check.name'),
  check: z.enum(CHECKS),
  kinds: z.array(z.enum(['prompt', 'command'])).min(1),
  on: z.enum(['words', 'raw']).describe('The form of the text that the patterns are for; see normalise.ts'),
  patterns: z.array(Pattern).min(1),
  mentions: z.string().optional().describe('Name of the frames that make a match a statement about an act'),
  reason: z.string().min(1),
  fix: z.string().min(1),
});

const RulesFile = z.strictObject({
  version: z.string(),
  about: z.string().optional(),
  network: z.strictObject({
    default: z.literal('deny'),
    allowed: z.array(z.strictObject({ destination: z.literal('model_provider'), from: z.literal('api') })),
  }),
  budget: z.strictObject({ id: z.string(), reason: z.string(), fix: z.string() }),
  terms: z.record(z.string().regex(/^[a-z_]+$/), Pattern).describe('Pieces that patterns name in braces'),
  mentions: z.record(z.string().regex(/^[a-z_]+$/), z.array(Pattern).min(1)),
  rules: z.array(Rule).min(1),
});

/** A rule ready to be tried. */
export interface CompiledRule extends Omit<z.infer<typeof Rule>, 'patterns' | 'mentions'> {
  readonly patterns: readonly RegExp[];
  /** Tried on what stands directly before a match. */
  readonly mention?: RegExp;
}

/** `config/safety-constraints.json`, checked and compiled: unknown names, broken patterns and missing checks are refused. */
export const SafetyRules = RulesFile.transform((file, ctx) => {
  const refuse = (path: (string | number)[], message: string) => ctx.addIssue({ code: 'custom', path, message });
  const expand = expander(file.terms, refuse);
  const frames = compileMentions(file.mentions, expand, refuse);
  const rules = file.rules.map((rule, index): CompiledRule => {
    const { patterns, mentions, ...rest } = rule;
    const compiled = patterns.flatMap((source, at) =>
      compile(expand(source, ['rules', index, 'patterns', at]), 'g', ['rules', index, 'patterns', at], refuse),
    );
    const mention = mentions === undefined ? undefined : frames.get(mentions);
    if (mentions !== undefined && !mention) refuse(['rules', index, 'mentions'], `there are no mentions named "${mentions}"`);
    return { ...rest, patterns: compiled, ...(mention ? { mention } : {}) };
  });
  for (const check of CHECKS) {
    if (!rules.some((rule) => rule.check === check)) refuse(['rules'], `no rule belongs to the check "${check}"`);
  }
  const seen = new Set<string>();
  for (const [index, { id }] of rules.entries()) {
    if (seen.has(id)) refuse(['rules', index, 'id'], `the id "${id}" is used twice`);
    seen.add(id);
  }
  return { version: file.version, network: file.network, budget: file.budget, rules };
});
export type SafetyRules = z.infer<typeof SafetyRules>;

type Refuse = (path: (string | number)[], message: string) => void;
type Expand = (source: string, path: (string | number)[]) => string;

/** Replace `{name}` by the term of that name, terms inside terms too. */
function expander(terms: Readonly<Record<string, string>>, refuse: Refuse): Expand {
  const expand = (source: string, path: (string | number)[], depth: number): string =>
    source.replace(/\{([a-z_]+)\}/g, (whole, name: string) => {
      const term = Object.hasOwn(terms, name) ? terms[name] : undefined;
      if (term !== undefined && depth < 8) return expand(term, path, depth + 1);
      refuse(path, term === undefined ? `there is no term ${whole}` : `the term ${whole} contains itself`);
      return '(?!)';
    });
  return (source, path) => expand(source, path, 0);
}

function compileMentions(
  mentions: Readonly<Record<string, readonly string[]>>,
  expand: Expand,
  refuse: Refuse,
): Map<string, RegExp> {
  const compiled = new Map<string, RegExp>();
  for (const [name, frames] of Object.entries(mentions)) {
    const source = frames
      .map((frame, index) => expand(frame, ['mentions', name, index]))
      .join('|')
      .replaceAll('\\s', ' ');
    for (const pattern of compile(`(?:^|[^a-z0-9])(?:${source}) $`, '', ['mentions', name], refuse)) compiled.set(name, pattern);
  }
  return compiled;
}

function compile(source: string, flags: string, path: (string | number)[], refuse: Refuse): RegExp[] {
  try {
    return [new RegExp(source, flags)];
  } catch (error) {
    refuse(path, error instanceof Error ? error.message : 'this is not a pattern');
    return [];
  }
}
