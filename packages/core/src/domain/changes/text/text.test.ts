import { describe, expect, it } from 'vitest';
import { ProjectLimits } from '../../../contract/projects-file.ts';
import { sizeProblems } from './size.ts';
import { testAwareLines } from './test-aware.ts';
import { textProblems } from './text.ts';

const problems = (after: string, before?: string, asked = false) =>
  textProblems({ path: 'src/a.ts', before, after, asked }, (line) => line.includes('this machine')).map(
    ({ line, problem }) => `${line}: ${problem}`,
  );

describe('the text of a change', () => {
  it.each([
    ['plain code', 'const a = 1;\r\n\tconst b = "ä ß 日本 😀";\n'],
    ['a BOM at its beginning', '\ufeffusing System;\n'],
    ['a family of pictures', '// 👨‍👩‍👧 and ✌️\n'],
    ['Greek letters that look like themselves', 'const Δx = λ1 * μm;\n'],
    ['words of two scripts side by side', '// Привет world, καλημέρα\n'],
    ['a joiner between letters of a script that needs it', '// نمی‌خواهم\n'],
    ['a hash', `sha512-${'a1'.repeat(44)}==\n`],
    ['prose about tokens', 'Send it as Bearer authentication; the key begins with sk- or gsk_.\n'],
    ['a long line of code', `${'foo(bar, baz); '.repeat(40)}\n`],
    ['a key of nobody', 'AKIA is how they begin\n'],
  ])('may hold %s', (_what, text) => {
    expect(problems(text)).toEqual([]);
  });

  it.each([
    ['a NUL byte', 'a\n\0b', /2: .*NUL/],
    ['text that turns around', 'a\n/*\u202e } \u2066if (admin)\u2069 */\n', /2: .*nobody sees/],
    ['a zero-width space', 'const a\u200bb = 1;', /nobody sees/],
    ['an invisible joiner in a name', 'const pass\u200dword = 1;', /nobody sees/],
    ['a soft hyphen in a name', 'ad\u00admin()', /nobody sees/],
    ['letters of tags', `x${String.fromCodePoint(0xe0061)}`, /nobody sees/],
    ['a control character', 'a\u001b[2Jb', /nobody sees/],
    ['a BOM in the middle', 'a\ufeffb', /nobody sees/],
    ['a Cyrillic letter in a Latin name', 'const аdmin = 1;', /two scripts/],
    ['a Greek twin in a Latin name', 'isAdmιn = οk', /two scripts/],
    ['encoded data', `const x = "${'QUJD'.repeat(60)}";`, /encoded/],
    ['data in escapes', `"${'\\x41'.repeat(60)}"`, /encoded/],
    ['a private key', '-----BEGIN OPENSSH PRIVATE KEY-----', /key or a password/],
    ['a token of a forge', `ghp_${'a1B2'.repeat(9)}`, /key or a password/],
    ['a cloud key', 'AKIAIOSFODNN7EXAMPLE', /key or a password/],
    ['a model key', `gsk_${'x1'.repeat(20)}`, /key or a password/],
    ['a bearer token', 'Authorization: Bearer eyJhbGciOi.JIUzI1NiIsInR5', /key or a password/],
    ['a key of this machine', 'it is this machine alone', /key or a password/],
  ])('may not hold %s', (_what, text, expected) => {
    expect(problems(text)).toEqual([expect.stringMatching(expected)]);
  });

  it('is not blamed for lines that stood there, and is for each that it brings', () => {
    const old = 'const a\u200bb = 1;\n';
    expect(problems(`${old}const c = 2;\n`, old)).toEqual([]);
    expect(problems(`${old}let d\u200b;\n`, old)).toHaveLength(1);
  });

  it('may be binary where a person looks at it anyway', () => {
    expect(problems('PNG\0\0', undefined, true)).toEqual([]);
  });
});

describe('the size of a change', () => {
  const limits = ProjectLimits.parse({ files_changed: 2, lines_changed: 10, file_kb: 1 });
  const side = (bytes: number) => ({ mode: '100644' as const, oid: 'a'.repeat(40), sha256: 'b'.repeat(64), bytes });
  const file = (path: string, added: number, bytes = 10) => ({
    path,
    tier: 'C' as const,
    test: false,
    binary: false,
    added,
    removed: 0,
    after: side(bytes),
  });

  it('is told for each limit that it goes over', () => {
    expect(sizeProblems([file('a', 5), file('b', 5, 1_024)], limits)).toEqual([]);
    expect(sizeProblems([file('a', 5), file('b', 5), file('c', 1, 1_025)], limits)).toEqual([
      '3 files are changed, 2 may be',
      '11 lines are changed, 10 may be',
      'c has 1025 bytes, a file may have 1 KB',
    ]);
  });
});

describe('code that looks at who runs it', () => {
  it.each([
    'if (process.env.NODE_TEST_CONTEXT) return 1;',
    "const quiet = process.env['VITEST'] !== undefined;",
    'if (process.env.CI) skip();',
    "if os.environ.get('PYTEST_CURRENT_TEST'):",
    "if 'pytest' in sys.modules: fake()",
    "if (process.env.NODE_ENV === 'test') return;",
    'if cfg!(test) { 1 } else { 2 }',
    '#[cfg(not(test))]',
    'process.exit(0);',
    'os._exit(0)',
    "open('/proc/self/status')",
  ])('is seen: %s', (line) => {
    expect(testAwareLines(undefined, `a\n${line}\n`)).toEqual([2]);
    expect(testAwareLines(line, line)).toEqual([]);
  });

  it.each(['const city = testing(1);', 'const CI = 3;', 'process.emit(x)', 'let exit = os.exit'])('is not seen in %j', (line) => {
    expect(testAwareLines(undefined, line)).toEqual([]);
  });
});
