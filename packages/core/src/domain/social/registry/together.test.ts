import { describe, expect, it } from 'vitest';
import { together } from './together.ts';

describe('several parts as one', () => {
  it('have what each has', () => {
    expect(together([])).toEqual({});
    expect(
      together<{ x: number } | { y: string } | object>([
        ['a', { x: 1 }],
        ['b', {}],
        ['c', { y: 'z' }],
      ]),
    ).toEqual({ x: 1, y: 'z' });
  });

  it.each([
    [
      ['lanterns', { light: 1 }],
      ['torches', { light: 2 }],
    ],
    [
      ['lanterns', { light: 1 }],
      ['maps', { draw: 1 }],
      ['torches', { burn: 1, light: undefined }],
    ],
  ] as const)('share no name, whatever stands between', (...parts) => {
    expect(() => together<object>(parts)).toThrow('The subjects lanterns and torches both say what light is; rename one');
  });
});
