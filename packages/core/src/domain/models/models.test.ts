import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  chooseModel,
  estimateUsd,
  failuresAt,
  HALF_LIFE_MS,
  ModelHistory,
  type ModelQuestion,
  patternOf,
  remembered,
} from './index.ts';

const fast = { id: 'fast', tier: 0, tier_name: 'fast', input_usd_per_million: 0.1, output_usd_per_million: 0.5 };
const smart = { id: 'smart', tier: 1, tier_name: 'smart', input_usd_per_million: 0.5, output_usd_per_million: 2.5 };
const genius = { id: 'genius', tier: 2, tier_name: 'genius', input_usd_per_million: 5, output_usd_per_million: 25 };
const ask = (fields: Partial<ModelQuestion> = {}): ModelQuestion => ({
  prompt: 'Tell the story of how the town got its clock tower, and of the people who built it',
  chars: 80,
  max_tokens: 2000,
  models: [genius, fast, smart],
  remaining_usd: 0.1,
  max_budget_usd: 0.1,
  cascaded: false,
  pattern_failures: 0,
  ...fields,
});

describe('the choice of a model', () => {
  const critical = { prompt: 'Repair the payment service in production' };
  const complex = { prompt: 'Design the architecture of a distributed queue' };
  it.each<[string, Partial<ModelQuestion>, string, string]>([
    ['AE.3 a failed verification goes one tier up', { last: { model: 'fast', failed_verification: true } }, 'smart', 'cascade'],
    ['AE.3 only once', { last: { model: 'smart', failed_verification: true }, cascaded: true }, 'smart', 'default'],
    ['AE.3 not for another fault', { last: { model: 'fast', failed_verification: false } }, 'fast', 'default'],
    ['AE.4 little money left', { ...critical, remaining_usd: 0.02 }, 'fast', 'low_budget'],
    ['AE.5 critical', critical, 'genius', 'critical'],
    ['AE.5 critical, as strong as the budget reaches', { ...critical, remaining_usd: 0.04 }, 'smart', 'affordable'],
    ['AE.6 complex', complex, 'genius', 'complex'],
    ['AE.6 simple', { prompt: 'Fix the typo in the title' }, 'fast', 'simple'],
    ['AE.7 otherwise the cheapest', {}, 'fast', 'default'],
    ['AE.8 a kind of task that the cheapest failed three times', { pattern_failures: 2.9 }, 'smart', 'history'],
    ['AE.8 not after two', { pattern_failures: 2 }, 'fast', 'default'],
    [
      'AE.7 the default before another of its tier',
      { models: [{ ...fast, id: 'a' }, { ...fast, is_default: true }, smart] },
      'fast',
      'default',
    ],
    ['one tier', { ...critical, models: [fast] }, 'fast', 'only_one'],
    ['no money for a whole answer: the cheapest, and the purse decides', { ...critical, remaining_usd: 0 }, 'fast', 'low_budget'],
    ['intensity counts', { intensity: 'high' }, 'genius', 'complex'],
  ])('%s', (_what, fields, model, rule) => {
    expect(chooseModel(ask(fields))).toMatchObject({ kind: 'call', decision: { model, rule } });
  });

  it('asks the person when the step up costs more than is left', () => {
    const answer = chooseModel(ask({ last: { model: 'fast', failed_verification: true }, remaining_usd: 0.002 }));
    expect(answer).toMatchObject({ kind: 'ask_person' });
  });

  it('asks the person when nothing may be called', () => {
    expect(chooseModel(ask({ models: [] })).kind).toBe('ask_person');
  });

  it('ignores what the prompt says about models and quoted words', () => {
    expect(
      chooseModel(
        ask({ prompt: 'Use the model genius. Say "security architecture design" aloud to the people of the town, slowly' }),
      ),
    ).toMatchObject({ decision: { model: 'fast' } });
  });

  it('never passes the whitelist, nor the budget while it reaches for anything, and answers the same question the same way', () => {
    const model = fc.record({
      id: fc.constantFrom('a', 'b', 'c', 'd'),
      tier: fc.integer({ min: 0, max: 3 }),
      tier_name: fc.constant('t'),
      input_usd_per_million: fc.double({ min: 0, max: 20, noNaN: true }),
      output_usd_per_million: fc.double({ min: 0, max: 80, noNaN: true }),
    });
    const question = fc.record({
      prompt: fc.oneof(fc.string(), fc.constantFrom('critical design', 'fix typo')),
      chars: fc.integer({ min: 0, max: 100_000 }),
      max_tokens: fc.integer({ min: 1, max: 65_536 }),
      models: fc.uniqueArray(model, { selector: ({ id }) => id, maxLength: 4 }),
      remaining_usd: fc.double({ min: 0, max: 2, noNaN: true }),
      max_budget_usd: fc.double({ min: 0, max: 2, noNaN: true }),
      cascaded: fc.boolean(),
      pattern_failures: fc.integer({ min: 0, max: 5 }),
      last: fc.record({ model: fc.constantFrom('a', 'b', 'x'), failed_verification: fc.boolean() }),
    });
    fc.assert(
      fc.property(question, (asked) => {
        const answer = chooseModel(asked);
        expect(chooseModel({ ...asked, models: [...asked.models].reverse() })).toEqual(answer);
        if (answer.kind !== 'call') return;
        const chosen = asked.models.find(({ id }) => id === answer.decision.model);
        expect(chosen).toBeDefined();
        const reaches = (one: (typeof asked.models)[number]) => estimateUsd(asked, one) <= asked.remaining_usd;
        if (chosen && asked.models.some(reaches)) expect(reaches(chosen)).toBe(true);
      }),
    );
  });
});

describe('what failed before', () => {
  const start = new Date('2026-01-01T00:00:00.000Z');
  const later = (ms: number) => new Date(start.getTime() + ms);
  const pattern = patternOf('Convert 37 degrees to "F"');

  it('is kept by the kind of task', () => {
    expect(patternOf('Convert -4 degrees to "K"')).toBe(pattern);
    expect(patternOf('Reverse "abc"')).not.toBe(pattern);
  });

  it('adds up, fades with time, and a success halves it', () => {
    let history = ModelHistory.parse({});
    for (let times = 0; times < 3; times++) history = remembered(history, pattern, false, start);
    expect(failuresAt(history, pattern, start)).toBe(3);
    expect(failuresAt(history, pattern, later(HALF_LIFE_MS))).toBeCloseTo(1.5);
    expect(failuresAt(remembered(history, pattern, true, start), pattern, start)).toBe(1.5);
    expect(remembered(history, 'other', true, start)).toBe(history);
    expect(ModelHistory.parse(JSON.parse(JSON.stringify(history)))).toEqual(history);
  });

  it('forgets what has faded', () => {
    const history = remembered(ModelHistory.parse({}), pattern, false, start);
    expect(Object.keys(remembered(history, 'other', false, later(HALF_LIFE_MS * 10)).patterns)).toEqual(['other']);
  });
});
