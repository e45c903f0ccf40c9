import { describe, expect, it } from 'vitest';
import { collisions, isGitName, pathProblem } from './index.ts';

const GOOD = [
  'a',
  'src/a.ts',
  'src/.gitkeep',
  'src/git/a.ts',
  'src/.github-notes',
  'a b/c d.txt',
  '-rf',
  '"quoted" \'name\'',
  'straße/überall.txt',
  '日本語/ファイル.txt',
  '🦔.md',
  'a:b',
  'trailing. ',
  `${'a'.repeat(149)}/${'b'.repeat(150)}`,
];

const BAD: readonly (readonly [path: string, problem: string])[] = [
  ['', 'is empty'],
  ['/etc/passwd', 'is not relative'],
  ['../x', 'has the part ".."'],
  ['a/../../x', 'has the part ".."'],
  ['a/./b', 'has the part "."'],
  ['a//b', 'has the part ""'],
  ['a/', 'has the part ""'],
  ['.git/hooks/post-checkout', '.git'],
  ['src/.git', '.git'],
  ['.GIT/config', '.git'],
  ['.Git/config', '.git'],
  ['git~1/config', '.git'],
  ['GIT~2/config', '.git'],
  ['.g\u200cit/config', '.git'],
  ['.gi\ufefft/config', '.git'],
  ['.git./config', '.git'],
  ['.git /config', '.git'],
  ['.git::$INDEX_ALLOCATION/config', '.git'],
  ['.git\\config', 'backslash'],
  ['a\\..\\b', 'backslash'],
  ['a\nb', 'control character'],
  ['a\0b', 'control character'],
  ['a\u0085b', 'control character'],
  ['a\ud800b', 'control character'],
  ['cafe\u0301.txt', 'NFC'],
  ['a\u202eb.ts', 'invisible'],
  ['a\u00adb.ts', 'invisible'],
  [`${'ü'.repeat(151)}`, 'longer than 300 bytes'],
];

describe('paths of a change', () => {
  it.each(GOOD)('takes %j', (path) => expect(pathProblem(path)).toBeUndefined());
  it.each(BAD)('refuses %j: %s', (path, problem) => expect(pathProblem(path)).toContain(problem));

  it('knows the folder of git under every name that some system gives it, and no other', () => {
    expect(['.git', '.GIT', 'git~1', '.g\u200dit', '.git. .'].every(isGitName)).toBe(true);
    expect(['git', '.gitx', '.gitignore', 'x.git', 'git~', 'git~1x'].some(isGitName)).toBe(false);
  });

  it.each([
    ['README.md', 'Readme.md'],
    ['src/a.ts', 'SRC/b.ts'],
    ['src/Deep/a.ts', 'src/deep/a.ts'],
    ['cafe\u0301.txt', 'café.txt'],
    ['straße.txt', 'STRASSE.txt'],
    ['src', 'Src/a.ts'],
    ['K.ts', '\u212a.ts'],
  ])('sees that %j and %j are one file on some systems', (old, added) => {
    expect([...collisions([old, added, 'other'], new Set([added])).keys()]).toEqual([added]);
  });

  it('looks at what is added only: a collision of the base stops nothing, two new names collide', () => {
    expect(collisions(['README.md', 'Readme.md', 'src/a.ts'], new Set(['src/a.ts'])).size).toBe(0);
    expect(collisions(['README.md', 'Readme.md'], new Set()).size).toBe(0);
    expect([...collisions(['x/A', 'x/a'], new Set(['x/A', 'x/a'])).keys()]).toEqual(['x/a']);
  });
});
