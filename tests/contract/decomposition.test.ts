import { readFileSync } from 'node:fs';
import {
  breakdown,
  candidacyOf,
  childId,
  childrenOf,
  extractIntent,
  failedSteps,
  gutCheck,
  judgeBreakdown,
  resultsBlock,
  type Subtask,
  splitBudget,
  stepFraming,
  Task,
  undoOf,
} from '@vivarium/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

interface Vector {
  readonly text: string;
  readonly complexity_score: number;
  readonly signals: readonly string[];
  readonly steps: readonly string[];
  readonly depends_on: readonly (readonly number[])[];
  readonly sure: boolean;
}
const vectors: Vector[] = JSON.parse(readFileSync(new URL('../fixtures/decomposition.json', import.meta.url), 'utf8'));

const wordsIn = (text: string): string[] => text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
/** Words that only order the pieces. */
const CONNECTORS = new Set(
  'and then also plus after that next finally first please do the following step 1 2 3 lastly in addition'.split(' '),
);
const isAcyclic = (subtasks: readonly Subtask[]) =>
  subtasks.every(({ depends_on }, index) =>
    depends_on.every((key) => subtasks.slice(0, index).some((earlier) => earlier.key === key)),
  );

describe('breakdown', () => {
  it.each(vectors)('$text', ({ text, complexity_score, signals, steps, depends_on, sure }) => {
    expect(gutCheck(text)).toEqual({ signals, complexity_score, should_decompose: complexity_score >= 2 && steps.length > 1 });
    const found = breakdown(text);
    expect(found.subtasks.map(({ prompt }) => prompt.split('\n\n')[0])).toEqual(steps);
    expect(found.subtasks.map((subtask) => subtask.depends_on)).toEqual(
      depends_on.map((needs) => needs.map((at) => found.subtasks[at]?.key)),
    );
    expect(found.sure).toBe(sure);
  });

  it('puts what is about the whole into every step', () => {
    const { subtasks } = breakdown('Our shop sells tea. Write a slogan, draw a logo, add a price list. Keep everything short.');
    expect(subtasks).toHaveLength(3);
    for (const { prompt } of subtasks) expect(prompt).toMatch(/Our shop sells tea\.\nKeep everything short\./);
  });

  it('splits at "and" alone only when a person asks for a split', () => {
    const text = 'Write a parser and add the tests';
    expect(breakdown(text).subtasks).toEqual([]);
    expect(breakdown(text, 5, true).subtasks.map(({ prompt }) => prompt)).toEqual(['Write a parser', 'add the tests']);
    expect(breakdown('Write a haiku about salt and sand', 5, true)).toEqual({ subtasks: [], sure: false });
  });

  const clause = fc
    .tuple(
      fc.constantFrom('write', 'add', 'create', 'fix', 'explain', 'remove', 'translate', 'summarize'),
      fc.constantFrom(
        'a poem',
        'the tests',
        '3 endpoints',
        'it',
        'pears, plums and figs',
        '"one, two; then three"',
        'src/user.ts',
        'C plus plus',
        'v1.2.3',
      ),
      fc.constantFrom('', ' for Ann', ' with care', ' (a, b, c)'),
    )
    .map((parts) => `${parts[0]} ${parts[1]}${parts[2]}`);
  const request = fc
    .tuple(
      clause,
      fc.array(
        fc.tuple(
          fc.constantFrom(', ', '; ', ', and then ', '. ', '\n', '\n2. ', ' and ', '; also ', ', then ', '. Finally '),
          clause,
        ),
        { maxLength: 9 },
      ),
    )
    .map(([first, rest]) => first + rest.map(([join, next]) => join + next).join(''));

  it('loses no word but connectors, makes at most as many steps as allowed, and no circle', () => {
    fc.assert(
      fc.property(request, fc.integer({ min: 2, max: 8 }), fc.boolean(), (text, max, forced) => {
        const { subtasks } = breakdown(text, max, forced);
        expect(subtasks.length).not.toBe(1);
        expect(subtasks.length).toBeLessThanOrEqual(max);
        expect(isAcyclic(subtasks)).toBe(true);
        if (subtasks.length === 0) return;
        const kept = subtasks.flatMap(({ prompt }) => wordsIn(prompt));
        const counts = (words: readonly string[]) => {
          const count = new Map<string, number>();
          for (const word of words) if (!CONNECTORS.has(word)) count.set(word, (count.get(word) ?? 0) + 1);
          return count;
        };
        const after = counts(kept);
        for (const [word, times] of counts(wordsIn(text))) expect(after.get(word) ?? 0, word).toBeGreaterThanOrEqual(times);
      }),
      { numRuns: 400 },
    );
  });

  it('never cuts into quotation marks or code', () => {
    fc.assert(
      fc.property(request, fc.constantFrom('"', '`'), clause, clause, (before, mark, a, b) => {
        const inner = `${a.replaceAll('"', '')}, then ${b.replaceAll('"', '')}; add more`;
        const { subtasks } = breakdown(`${before}. Explain ${mark}${inner}${mark}`, 8);
        const whole = subtasks.length === 0 || subtasks.some(({ prompt }) => prompt.includes(`${mark}${inner}${mark}`));
        expect(whole).toBe(true);
      }),
    );
  });

  it('is deterministic and never throws', () => {
    fc.assert(fc.property(fc.string({ maxLength: 300 }), (text) => void expect(breakdown(text)).toEqual(breakdown(text))));
  });
});

describe('budgets of the steps', () => {
  it.each([
    [0.05, 0.1, 3, 0.016667, 0.033333],
    [0.2, 0.1, 2, 0.05, 0.05],
    [0, 0.1, 2, 0, 0.05],
  ])('(%d, %d) by %d', (min_budget, max_budget, count, least, most) => {
    expect(splitBudget({ min_budget, max_budget }, count)[0]).toEqual({ min_budget: least, max_budget: most });
  });

  it('sum up to no more than the parent has', () => {
    const money = fc.integer({ min: 0, max: 5_000_000 }).map((micros) => micros / 1_000_000);
    fc.assert(
      fc.property(money, money, fc.integer({ min: 1, max: 50 }), (min_budget, max_budget, count) => {
        const shares = splitBudget({ min_budget, max_budget }, count);
        const micros = (key: 'min_budget' | 'max_budget') => shares.reduce((sum, share) => sum + Math.round(share[key] * 1e6), 0);
        expect(micros('max_budget')).toBeLessThanOrEqual(Math.round(max_budget * 1e6));
        expect(micros('min_budget')).toBeLessThanOrEqual(Math.round(min_budget * 1e6));
        for (const share of shares) expect(share.min_budget).toBeLessThanOrEqual(share.max_budget);
      }),
    );
  });
});

describe('children', () => {
  const parent = Task.parse({
    id: 'site',
    prompt: 'Write a slogan, draw a logo, then send them to Ann. Never use red.',
    depends_on: ['brief'],
    model: 'openai/gpt-oss-120b',
    intensity: 'high',
    expect_file: 'out.md',
    max_budget: 0.3,
  });
  const children = childrenOf(parent, breakdown(parent.prompt ?? '').subtasks, extractIntent(parent.prompt ?? ''));

  it('carry the parent, its whole intent, its settings and a share of its budget', () => {
    expect(children.map(({ id }) => id)).toEqual(['site__phase4_01', 'site__phase4_02', 'site__phase4_03']);
    for (const child of children) {
      expect(child).toMatchObject({
        parent_task_id: 'site',
        phase4_generated: true,
        phase4_skip: true,
        model: parent.model,
        intensity: 'high',
        max_budget: 0.1,
        phase4_intent: { anti_goals: ['use red'], original_text: parent.prompt },
      });
      expect(child.expect_file).toBeUndefined();
      expect(candidacyOf(child).kind).toBe('no');
      expect(stepFraming(child)).toContain('of 3 of the task site');
    }
  });

  it('wait for the steps they need, the first ones for what the parent waited for', () => {
    expect(children.map((child) => child.depends_on)).toEqual([['brief'], ['brief'], ['site__phase4_01', 'site__phase4_02']]);
  });

  it('have ids that fit, whatever their parent is called', () => {
    const long = 'x'.repeat(128);
    expect(childId(long, 0)).toHaveLength(128);
    expect(childId(long, 0)).not.toBe(childId(`${'x'.repeat(127)}y`, 0));
    expect(childId(long, 0)).not.toBe(childId(long, 1));
  });

  it('can be taken back while none was claimed', () => {
    const state = (id: string, fields = {}) => ({ id, status: 'queued', attempt: 1, epoch: 0, ...fields });
    expect(undoOf([state('a'), state('b')])).toEqual({ allowed: true, cancel: ['a', 'b'] });
    expect(undoOf([state('a', { status: 'in_progress', epoch: 1 }), state('b')])).toMatchObject({
      allowed: false,
      started: ['a'],
    });
    expect(undoOf([])).toMatchObject({ allowed: false });
  });
});

describe('which tasks are broken down', () => {
  const kind = (fields: object) => candidacyOf(Task.parse({ id: 't', prompt: 'Say hello', ...fields })).kind;
  const several = 'Implement auth API, add integration tests, update deployment docs.';

  it.each([
    [{}, 'no'],
    [{ prompt: several }, 'signals'],
    [{ prompt: several, phase4_skip: true }, 'no'],
    [{ prompt: several, phase4_skip: true, decompose: true }, 'no'],
    [{ prompt: several, phase4_generated: true }, 'no'],
    [{ prompt: several, command: 'ls' }, 'no'],
    [{ prompt: several, decompose: false }, 'no'],
    [{ prompt: several, phase4_depth: 3 }, 'no'],
    [{ decompose: true }, 'forced'],
    [{ decompose: 'yes' }, 'forced'],
    [{ plan: true }, 'forced'],
  ])('%j: %s', (fields, expected) => {
    expect(kind(fields)).toBe(expected);
  });
});

describe("a model's breakdown", () => {
  const parent = 'Write a poem and a song about rain';
  const step = (key: string, depends_on: string[] = [], prompt = `do ${key}`) => ({ key, prompt, depends_on });

  it.each([
    ['one_task', { subtasks: [] }],
    ['one_task', { subtasks: [step('a')] }],
    ['several', { subtasks: [step('a'), step('b', ['a'])] }],
    ['one_task', { subtasks: [{ ...step('a'), why: 'x' }] }],
    ['one_task', { subtasks: [step('a')], note: 'x' }],
    ['undecodable', { subtasks: 'a, b' }],
    ['undecodable', null],
    ['undecodable', { subtasks: [step('a', [], ' ')] }],
    ['duplicate_key', { subtasks: [step('a'), step('a', [], 'else')] }],
    ['unknown_key', { subtasks: [step('a', ['z']), step('b')] }],
    ['cycle', { subtasks: [step('a', ['b']), step('b', ['a'])] }],
    ['cycle', { subtasks: [step('a', ['a']), step('b')] }],
    ['repeats_parent', { subtasks: [step('a', [], 'Write a poem, and a song, about rain!'), step('b')] }],
    ['repeats_sibling', { subtasks: [step('a', [], 'Write it'), step('b', [], 'write  it.')] }],
    ['too_many', { subtasks: ['a', 'b', 'c', 'd'].map((key) => step(key)) }],
  ])('%s', (expected, reply) => {
    const verdict = judgeBreakdown(JSON.stringify(reply), parent, 3);
    expect(verdict.kind === 'refused' ? verdict.rule : verdict.kind).toBe(expected);
  });

  it('never throws, whatever comes', () => {
    fc.assert(fc.property(fc.oneof(fc.json(), fc.string()), (reply) => void judgeBreakdown(reply, parent, 5)));
  });
});

describe('results for the parent', () => {
  const results = [
    { id: 'p__phase4_01', status: 'approved', prompt: 'Write a poem', output: 'roses' },
    { id: 'p__phase4_02', status: 'failed', prompt: 'Write a song', output: '', reason: 'no answer after 3 attempts' },
  ];

  it('stand fenced under the step they come from', () => {
    const block = resultsBlock(results, (origin, text) => `[${origin}|${text}]`);
    expect(block).toContain('### Step 1: Write a poem\n[result of p__phase4_01|roses]');
  });

  it('name the step that failed and why', () => {
    expect(failedSteps(results)).toBe('step p__phase4_02 (Write a song) is failed: no answer after 3 attempts');
    expect(failedSteps(results.slice(0, 1))).toBeUndefined();
  });
});
