import { readFileSync } from 'node:fs';
import { clarifyingQuestion, driftOf, extractIntent, intentBlock, intentOf } from '@vivarium/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

interface Extraction {
  readonly text: string;
  readonly confidence_below?: number;
  readonly confidence_from?: number;
}
interface DriftCase {
  readonly text: string;
  readonly broken: readonly string[];
  readonly kept: readonly string[];
}
const fixture: { extraction: Extraction[]; drift: DriftCase[] } = JSON.parse(
  readFileSync(new URL('../fixtures/intent.json', import.meta.url), 'utf8'),
);

describe('intent extraction', () => {
  it.each(fixture.extraction)('reads $text', ({ text, confidence_below, confidence_from, ...expected }) => {
    const intent = extractIntent(text);
    expect(intent).toMatchObject({ ...expected, original_text: text });
    if (confidence_below !== undefined) expect(intent.confidence).toBeLessThan(confidence_below);
    if (confidence_from !== undefined) expect(intent.confidence).toBeGreaterThanOrEqual(confidence_from);
  });

  it('asks the person only when it is unclear what is wanted', () => {
    expect(clarifyingQuestion(extractIntent('Fix it'))).toContain('Fix it');
    expect(clarifyingQuestion(extractIntent('Fix the login form'))).toBeUndefined();
  });

  it('forbids nothing that the person did not forbid, whatever the words are', () => {
    const words = fc.constantFrom(
      'notification',
      'notes',
      'another',
      'nothing',
      'knots',
      'avoidance',
      'skipper',
      'ignored',
      'neverland',
    );
    fc.assert(
      fc.property(fc.array(words, { minLength: 1, maxLength: 8 }), (some) => {
        expect(extractIntent(`Create ${some.join(' ')} service`).anti_goals).toEqual([]);
      }),
    );
  });

  it('never throws and keeps the original words', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 300 }), (text) => {
        expect(extractIntent(text).original_text).toBe(text);
      }),
    );
  });
});

describe('the intent of a task', () => {
  it('takes a complete object as it is', () => {
    const intent = extractIntent('Write a poem. Do not mention rain.');
    expect(intentOf({ prompt: 'something else. Never rest.', phase4_intent: intent })).toEqual(intent);
  });

  it('reads from the prompt what the object leaves open', () => {
    const intent = intentOf({ prompt: 'Write a poem. Do not mention rain.', intent: { constraints: 'short' } });
    expect(intent).toMatchObject({ goal: 'Write a poem', constraints: ['short'], anti_goals: ['mention rain'], confidence: 0.5 });
  });

  it('stands before the prompt in a block of its own', () => {
    const block = intentBlock(extractIntent('Write a poem. Do not mention rain.'), 'PROMPT');
    expect(block).toMatch(
      /^## USER INTENT\nGOAL: Write a poem\nCONSTRAINTS: Do not mention rain\nANTI-GOALS: mention rain\nPREFERENCES: None specified\n/,
    );
    expect(block.endsWith('\n\nPROMPT')).toBe(true);
  });
});

describe('drift', () => {
  const broken = fixture.drift.flatMap(({ text, broken }) => broken.map((output) => ({ text, output })));
  const kept = fixture.drift.flatMap(({ text, kept }) => kept.map((output) => ({ text, output })));

  it.each(broken)('names what "$output" breaks of: $text', ({ text, output }) => {
    const drifts = driftOf(extractIntent(text), output);
    expect(drifts).not.toEqual([]);
    for (const drift of drifts) expect(text).toContain(drift.constraint);
  });

  it.each(kept)('lets "$output" pass for: $text', ({ text, output }) => {
    expect(driftOf(extractIntent(text), output)).toEqual([]);
  });

  it('reads constraints and anti-goals that a person wrote into the task', () => {
    const intent = intentOf({
      prompt: 'Write a poem',
      intent: { constraints: ['at most 5 words', 'no emojis'], anti_goals: ['politics'] },
    });
    const drifts = driftOf(intent, 'politics is a thing for people of all ages 😀');
    expect(drifts.map((drift) => drift.constraint)).toEqual(['at most 5 words', 'no emojis', 'politics']);
    expect(driftOf(intent, 'a small poem')).toEqual([]);
  });

  it('judges a step by what is forbidden only, the whole by all', () => {
    const intent = extractIntent('Write a text. It must contain the word "sun". Never use the word "rain".');
    expect(driftOf(intent, 'clouds', { scope: 'part' })).toEqual([]);
    expect(driftOf(intent, 'rain', { scope: 'part' })).toHaveLength(1);
    expect(driftOf(intent, 'rain')).toHaveLength(2);
  });

  it('finds what must be there in the files of the work too', () => {
    const intent = extractIntent('Write a text. It must contain the word "sun".');
    expect(driftOf(intent, 'done', { also: ['the sun shines'] })).toEqual([]);
  });

  it('gives the same answer twice and never throws', () => {
    const parts = fc.constantFrom(
      'do not mention',
      'at most 3 words',
      'without',
      '"',
      "'",
      'json',
      '(',
      '\\',
      '[',
      'the word',
      'in German',
      '.',
      ',',
      'exactly two lines',
    );
    fc.assert(
      fc.property(fc.array(fc.oneof(parts, fc.string({ maxLength: 8 })), { maxLength: 12 }), fc.string(), (words, output) => {
        const intent = extractIntent(words.join(' '));
        expect(driftOf(intent, output)).toEqual(driftOf(intent, output));
      }),
    );
  });
});
