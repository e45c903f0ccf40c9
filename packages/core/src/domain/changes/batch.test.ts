import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { oneByOne, type Seen, searchBatch } from './batch.ts';

const NAMES = ['a', 'b', 'c', 'd', 'e'];
/** A world in which some are bad alone, and some pairs only together. */
const redWhere =
  (bad: readonly string[], pairs: readonly (readonly [string, string])[] = []) =>
  (members: readonly string[]): Seen => {
    const one = members.find((member) => bad.includes(member));
    const pair = pairs.find((both) => both.every((half) => members.includes(half)));
    if (one !== undefined) return { kind: 'red', why: `${one} is bad` };
    return pair ? { kind: 'red', why: `${pair.join(' and ')} break together` } : { kind: 'green' };
  };
/** Drive a search to its end. */
function found(members: readonly string[], look: (members: readonly string[]) => Seen, singly = false) {
  const search = searchBatch(members, singly);
  let asked = search.next();
  while (!asked.done) asked = search.next(look(asked.value));
  return { ...asked.value, at_fault: [...asked.value.at_fault.keys()] };
}

describe('a batch', () => {
  it('of good changes takes one run', () => {
    expect(found(NAMES, redWhere([]))).toEqual({ passing: NAMES, at_fault: [], runs: 1 });
  });

  it.each(NAMES)('finds the one bad change %s of five in at most five runs', (bad) => {
    const end = found(NAMES, redWhere([bad]));
    expect(end.at_fault).toEqual([bad]);
    expect(end.passing).toEqual(NAMES.filter((name) => name !== bad));
    expect(end.runs).toBeLessThanOrEqual(5);
  });

  it('of two that only break together blames the later one, and the earlier passes', () => {
    const end = found(NAMES, redWhere([], [['b', 'd']]));
    expect(end).toMatchObject({ passing: ['a', 'b', 'c', 'e'], at_fault: ['d'] });
  });

  it('never blames an innocent, keeps no bad one, and never asks for what it knows', () => {
    fc.assert(
      fc.property(fc.subarray(NAMES), fc.boolean(), (bad, singly) => {
        const asked = new Set<string>();
        const look = redWhere(bad);
        const end = found(
          NAMES,
          (members) => {
            expect(asked.has(members.join())).toBe(false);
            asked.add(members.join());
            return look(members);
          },
          singly,
        );
        expect(new Set(end.at_fault)).toEqual(new Set(bad));
        expect(end.passing).toEqual(NAMES.filter((name) => !bad.includes(name)));
        if (singly) expect(end.runs).toBe(NAMES.length);
      }),
    );
  });

  it('is given up for one by one once more than three of ten were bad', () => {
    const of = (bad: number) => Array.from({ length: 20 }, (_, at) => at >= bad);
    expect([oneByOne(of(6)), oneByOne(of(7)), oneByOne(of(7).slice(1))]).toEqual([false, true, false]);
  });
});
