import { attemptOf } from '@vivarium/core';
import { describe, expect, it } from 'vitest';
import { cut, roundUsd, workOf } from './rules.ts';

describe('what a request asks for', () => {
  it.each([
    [{ prompt: 'p' }, { kind: 'llm', prompt: 'p' }],
    [{ task: 'ls' }, { kind: 'local', command: 'ls' }],
    [
      { task: 'ls', prompt: 'p' },
      { kind: 'llm', prompt: 'p' },
    ],
    [
      { task: 'ls', prompt: 'p', mode: 'llm' },
      { kind: 'llm', prompt: 'p' },
    ],
    [
      { task: 'ls', prompt: 'p', mode: 'local' },
      { kind: 'local', command: 'ls' },
    ],
    [{ skill: 'count_lines' }, { kind: 'skill', skill: 'count_lines', prompt: '' }],
    [{}, { kind: 'unclear', field: 'prompt' }],
    [
      { mode: 'local', prompt: 'p' },
      { kind: 'unclear', field: 'task' },
    ],
    [
      { mode: 'llm', task: 'ls' },
      { kind: 'unclear', field: 'prompt' },
    ],
  ] as const)('%j is %j', (request, work) => expect(workOf(request)).toMatchObject(work));
});

describe('an attempt', () => {
  it.each([
    ['t1#3', 't1', 3],
    ['t1#3#critic', 't1', 3],
    ['t1#x', 't1', 0],
    ['other#3', 't1', 0],
    [undefined, 't1', 0],
  ])('of %s for %s is %i', (key, task, attempt) => expect(attemptOf(key, task)).toBe(attempt));
});

describe('an output', () => {
  it('is cut at 256 KB without half a character', () => {
    const { text, truncated } = cut('ä'.repeat(200_000));
    expect(truncated).toBe(true);
    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(256 * 1024);
    expect(text).not.toContain('\uFFFD');
    expect(cut('short')).toEqual({ text: 'short', truncated: false });
  });

  it('costs six decimals', () => expect(roundUsd(0.00022549)).toBe(0.000225));
});
