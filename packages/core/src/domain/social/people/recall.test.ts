import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Memory } from './memories.ts';
import { recall, recallOneOfAKind } from './recall.ts';

const DAY = 40;
const words = fc
  .array(fc.constantFrom('alpha', 'parser', 'sorting', 'poem', 'river'), { maxLength: 4 })
  .map((all) => all.join(' '));
const memory = fc.record({
  id: fc.uuid(),
  identity_id: fc.constant('ash'),
  content: words,
  day: fc.integer({ min: 0, max: DAY }),
  provenance: fc.record(
    { source: fc.constantFrom('self', 'verified'), outcome: fc.constantFrom('worked', 'failed') },
    { requiredKeys: ['source'] },
  ),
  created_at: fc.constant(''),
  weight: fc.constantFrom(0, 0.5, 0.8, 1),
}) as fc.Arbitrary<Memory>;
const kept = (content: string): Memory => ({
  ...{ id: content, identity_id: 'ash', content, about: undefined, day: DAY, created_at: '', weight: 1 },
  provenance: { source: 'verified' },
});
const kindOf = ({ provenance: { source, outcome = 'worked' } }: Memory) => (source === 'self' ? 'self' : outcome);

describe('what a resident recalls', () => {
  it('is, of each kind, the first that all of its memories would give', () => {
    fc.assert(
      fc.property(fc.array(memory, { maxLength: 30 }), words, (memories, subject) => {
        const fitting = recall(memories, subject, DAY).filter((one) => one.fits || kindOf(one.memory) === 'self');
        const firsts = fitting.filter(
          (one, at) => fitting.findIndex((other) => kindOf(other.memory) === kindOf(one.memory)) === at,
        );
        expect(recallOneOfAKind(memories, subject, DAY)).toEqual(firsts);
      }),
    );
  });

  it('never did harm', () => {
    fc.assert(
      fc.property(fc.array(memory, { maxLength: 30 }), words, (memories, subject) => {
        expect(recall(memories, subject, DAY).map((one) => one.memory)).toHaveLength(
          memories.filter(({ weight }) => weight > 0).length,
        );
      }),
    );
  });

  it('holds what was kept since it was last asked, and nothing that was forgotten', () => {
    const memories = [kept('a poem of the river')];
    expect(recallOneOfAKind(memories, 'sorting numbers', DAY)).toEqual([]);
    memories.push(kept('sorting numbers is quick'));
    expect(recallOneOfAKind(memories, 'sorting numbers', DAY).map(({ memory }) => memory.id)).toEqual([
      'sorting numbers is quick',
    ]);
    expect(recallOneOfAKind(memories.slice(1), 'a poem', DAY)).toEqual([]);
  });

  it('is the newer of two that are worth the same', () => {
    const memories = [
      { ...kept('sorting'), id: 'old' },
      { ...kept('sorting'), id: 'new' },
    ];
    expect(recall(memories, 'sorting', DAY, 1).map(({ memory }) => memory.id)).toEqual(['new']);
  });
});
