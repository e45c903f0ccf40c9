import { describe, expect, it } from 'vitest';
import type { CaseResult } from '../reports/report.ts';
import { allKept, deadBecause, inventoryOf, keptTests, type RunNames, redFirstOf } from './index.ts';

const run = (cases: Record<string, CaseResult>, exit_code = Object.values(cases).includes('failed') ? 1 : 0): RunNames => ({
  cases: new Map(Object.entries(cases)),
  exit_code,
});
const steady = (names: RunNames) => inventoryOf(names, names);
const BASE = steady(run({ adds: 'passed', subtracts: 'passed', 'not yet': 'skipped' }));
const RED = steady(run({ adds: 'passed', old: 'failed' }));
const none = new Set<string>();

describe('a run against the base', () => {
  it.each<[string, RunNames, object]>([
    ['the same', run({ adds: 'passed', subtracts: 'passed', 'not yet': 'skipped' }), {}],
    ['a new test more', run({ adds: 'passed', subtracts: 'passed', 'not yet': 'passed', more: 'passed' }), {}],
  ])('is kept: %s', (_what, now, part) => {
    expect(allKept(keptTests(BASE, now, none))).toBe(true);
    expect(keptTests(BASE, now, none)).toMatchObject(part);
  });

  it.each<[string, RunNames, object]>([
    ['a name is gone', run({ adds: 'passed' }), { lost: [{ name: 'subtracts', is: 'missing' }] }],
    ['a name is skipped', run({ adds: 'passed', subtracts: 'skipped' }), { lost: [{ name: 'subtracts', is: 'skipped' }] }],
    ['a name fails', run({ adds: 'failed', subtracts: 'passed' }), { lost: [{ name: 'adds', is: 'failed' }], broken: [] }],
    ['a new test fails', run({ adds: 'passed', subtracts: 'passed', more: 'failed' }), { broken: ['more'] }],
    [
      'red without a red name',
      run({ adds: 'passed', subtracts: 'passed' }, 7),
      { contradiction: expect.stringContaining('ended with 7') },
    ],
    [
      'green with a red name',
      run({ adds: 'passed', subtracts: 'passed', 'not yet': 'failed' }, 0),
      { contradiction: expect.stringContaining('ended with 0') },
    ],
  ])('is not kept: %s', (_what, now, part) => {
    expect(allKept(keptTests(BASE, now, none))).toBe(false);
    expect(keptTests(BASE, now, none)).toMatchObject(part);
  });

  it('lets a test go that the change said it removes, and not fail', () => {
    const removed = new Set(['subtracts']);
    expect(keptTests(BASE, run({ adds: 'passed' }), removed)).toMatchObject({ lost: [], removed: ['subtracts'] });
    expect(allKept(keptTests(BASE, run({ adds: 'passed', subtracts: 'failed' }), removed))).toBe(false);
    expect(allKept(keptTests(BASE, run({ subtracts: 'passed' }), removed))).toBe(false);
  });

  it('counts no old failure, names it, and knows what was mended', () => {
    expect(keptTests(RED, run({ adds: 'passed', old: 'failed' }), none)).toMatchObject({
      lost: [],
      broken: [],
      old: ['old'],
      mended: [],
    });
    expect(keptTests(RED, run({ adds: 'passed', old: 'passed' }), none)).toMatchObject({ old: [], mended: ['old'] });
    expect(allKept(keptTests(RED, run({ adds: 'passed', old: 'failed', more: 'failed' }), none))).toBe(false);
  });

  it('counts no name either way that differed between two runs of the base', () => {
    const flaky = inventoryOf(run({ adds: 'passed', wobbles: 'passed' }), run({ adds: 'passed', wobbles: 'failed' }));
    expect([...flaky.flaky]).toEqual(['wobbles']);
    expect(allKept(keptTests(flaky, run({ adds: 'passed', wobbles: 'failed' }, 1), none))).toBe(true);
    expect(allKept(keptTests(flaky, run({ adds: 'failed', wobbles: 'passed' }), none))).toBe(false);
  });

  it('bears a base that ends red for a reason without a name, and nothing else', () => {
    const odd = steady(run({ adds: 'passed' }, 3));
    expect(allKept(keptTests(odd, run({ adds: 'passed' }, 3), none))).toBe(true);
    expect(allKept(keptTests(odd, run({ adds: 'passed' }, 4), none))).toBe(false);
  });
});

describe('red on the base and green on the new tree', () => {
  const onNew = run({ adds: 'passed', subtracts: 'passed', bug: 'passed' });

  it.each<[string, RunNames, object]>([
    ['fails by name', run({ adds: 'passed', bug: 'failed' }), { shown: ['bug'], absent: [] }],
    ['passes there too', run({ adds: 'passed', bug: 'passed' }), { shown: [], absent: [] }],
    ['is skipped there', run({ adds: 'passed', bug: 'skipped' }), { shown: [], absent: [] }],
    [
      'is in a file that does not load there',
      run({ adds: 'passed', 'x (as a whole)': 'failed' }),
      { shown: [], absent: ['bug'] },
    ],
    ['is missing there, and nothing is red', run({ adds: 'passed' }), { shown: [], absent: [] }],
  ])('a test that %s', (_what, onBase, expected) => {
    expect(redFirstOf(BASE, onBase, onNew)).toEqual(expected);
  });

  it('counts no test that fails on the new tree as well, or wobbles', () => {
    const red = run({ bug: 'failed' });
    expect(redFirstOf(BASE, red, red).shown).toEqual([]);
    expect(redFirstOf({ ...BASE, flaky: new Set(['bug']) }, red, onNew).shown).toEqual([]);
  });
});

describe('planted tests', () => {
  const planted = { passes: 'P-1', fails: 'F-1' };
  it.each<[string, RunNames, RegExp | undefined]>([
    ['both told', run({ 'x > P-1': 'passed', 'x > F-1': 'failed' }), undefined],
    ['none told', run({ adds: 'passed' }), /neither/],
    ['the red one told as green', run({ 'P-1': 'passed', 'F-1': 'passed' }), /must fail/],
    ['the red one left out', run({ 'P-1': 'passed' }, 1), /must fail/],
    ['the green one left out', run({ 'F-1': 'failed' }), /must pass/],
    ['all red', run({ 'P-1': 'failed', 'F-1': 'failed' }), /must pass/],
    ['the green one told twice', run({ 'P-1': 'passed', 'P-1 (2)': 'passed', 'F-1': 'failed' }), /once/],
    ['ended with 0', run({ 'P-1': 'passed', 'F-1': 'failed' }, 0), /ended with 0/],
  ])('%s', (_what, now, expected) => {
    const because = deadBecause(now, planted);
    if (expected === undefined) expect(because).toBeUndefined();
    else expect(because).toMatch(expected);
  });
});
