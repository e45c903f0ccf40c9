/** Every shape of an answer before everyone who reads one, from the reply of a server to what is kept. */
import { judgeDraft, outputWitness, readVerdict } from '@vivarium/core';
import { describe, expect, it } from 'vitest';
import { readAnswer } from '../../packages/api/src/gate/reply/read-answer.ts';
import { readPlan } from '../../packages/api/src/plan/rules.ts';
import { SHAPES, THOUGHT } from '../fixtures/answer-shapes.ts';

const WORDS = 'Pebbles are round because the sea turns them over and over.';
const VERDICT = JSON.stringify({ verdict: 'APPROVE', confidence: 0.9, issues: [], suggestions: [] });
const PLAN = JSON.stringify({
  tasks: ['index', 'names', 'links'].map((id) => ({ id, prompt: `Tidy the ${id} of the library`, priority: 'low' })),
});
const DRAFT = JSON.stringify({ name: 'slug', description: 'Makes a slug', keywords: [], code: 'export default () => "a";' });
const SAMPLES = [{ task_id: 't', prompt: 'Make a slug of "A b"', output: 'a-b' }];

/** Each reader: what it is given, and what it keeps; undefined when it refuses. */
const READERS: readonly (readonly [name: string, said: string, read: (text: string) => string | undefined])[] = [
  ['a task', WORDS, (text) => (outputWitness(text).passed ? text : undefined)],
  ['a critic', VERDICT, (text) => approvalIn(text)],
  ['a planner', PLAN, (text) => (readPlan(text).found ? JSON.stringify(readPlan(text)) : undefined)],
  ['a draft', DRAFT, (text) => (judgeDraft(text, SAMPLES, new Set()).kind === 'draft' ? 'draft' : undefined)],
];

function approvalIn(text: string): string | undefined {
  const read = readVerdict(text, WORDS);
  return read.kind === 'verdict' && read.verdict.verdict !== 'REJECT' ? JSON.stringify(read.verdict) : undefined;
}

function kept(reply: unknown, read: (text: string) => string | undefined): string | undefined {
  const found = readAnswer(reply);
  if (found.kind !== 'answer' || found.answer.cutInThinking) return undefined;
  return read(found.answer.text);
}

for (const [shape, write, taken] of SHAPES)
  describe(shape, () => {
    for (const [at, [who, said, read]] of READERS.entries())
      it(`${who}: ${taken[at]}`, () => {
        const found = kept(write(said), read);
        expect(found === undefined ? '-' : '+').toBe(taken[at]);
        if (found !== undefined) expect(found).not.toContain(THOUGHT);
      });
  });

it('there are at least sixty shapes', () => expect(SHAPES.length).toBeGreaterThanOrEqual(60));
