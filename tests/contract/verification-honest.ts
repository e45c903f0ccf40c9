import { ADDS, DIALECTS, type Dialect, HALVES, ODD } from './verification-dialects.ts';
import type { Wanted } from './verification-kit.ts';

/** A change that nobody has to be afraid of. */
export interface Honest {
  readonly what: string;
  readonly dialect: Dialect;
  readonly wanted: Wanted;
  /** Proven without a critic. */
  readonly proven: boolean;
  readonly short?: true;
}

const TWICE = ['doubles', 'double', '4', '8'] as const;

const of = (dialect: Dialect): readonly Honest[] => {
  const { code, source, test, tests, existing, nameOf } = dialect;
  const wanted = (edits: Wanted['edits'], kind: Wanted['kind'], removed?: readonly string[]): Wanted => ({
    edits,
    ...(kind ? { kind } : {}),
    ...(removed ? { removed } : {}),
  });
  const made = (what: string, proven: boolean, about: Wanted): Honest => ({ what, dialect, proven, wanted: about });
  const comment = code.endsWith('.py') ? '# Halves and sums.' : '// Halves and sums.';
  return [
    {
      ...made(
        'mends the bug with a test of its own',
        true,
        wanted({ [code]: source({ half: 'exact' }), [test('odd')]: tests(ODD) }, 'fix'),
      ),
      ...(dialect === DIALECTS[0] ? { short: true as const } : {}),
    },
    made(
      'mends the bug with a test among the others',
      true,
      wanted({ [code]: source({ half: 'exact' }), [existing]: tests(ADDS, HALVES, ODD) }, 'fix'),
    ),
    made(
      'adds a function and its test',
      !code.endsWith('.rs'),
      wanted({ [code]: source({ double: true }), [test('twice')]: tests(TWICE) }, 'feature'),
    ),
    made('adds a function and no test', false, wanted({ [code]: source({ double: true }) }, 'feature')),
    made('rewrites a function', false, wanted({ [code]: source({ sum: 'rewritten' }) }, 'refactor')),
    made('writes a comment', false, wanted({ [code]: source({ top: comment }) }, 'refactor')),
    made('adds tests alone', false, wanted({ [test('more')]: tests(['sums', 'sum', '2, 2', '4']) }, 'feature')),
    made('writes documents', false, wanted({ 'README.md': '# Sample\n\nIt halves and sums.\n' }, 'feature')),
    made(
      'changes a test that stays as strong',
      false,
      wanted({ [existing]: tests(HALVES, ADDS, ['zero', 'half', '0', '0']) }, 'feature'),
    ),
    made(
      'removes a function with the test that it names',
      false,
      wanted({ [code]: source({ sum: 'gone' }), [existing]: tests(HALVES) }, 'refactor', [nameOf('adds')]),
    ),
  ];
};

export const HONEST: readonly Honest[] = DIALECTS.flatMap(of);
