import { expect, it } from 'vitest';
import { filesOfPatch } from './patch.ts';

const shown = (patch: readonly string[]) =>
  filesOfPatch(patch.join('\n')).map(({ hunks, unended }) => ({
    unended,
    hunks: hunks.map(({ before, after, lines }) => [before, after, ...lines.map(({ sign, text }) => sign + text)]),
  }));
const FILE = ['diff --git a/a b/a', 'index 1..2 100644', '--- a/a', '+++ b/a'];

it.each<[string, readonly string[], unknown]>([
  ['nothing', [''], []],
  [
    'two hunks of one file',
    [...FILE, '@@ -1,2 +1,2 @@ f()', ' a', '-b', '+c', '@@ -9 +9,2 @@', '-x', '+y', '+z'],
    [
      {
        unended: [],
        hunks: [
          [1, 1, ' a', '-b', '+c'],
          [9, 9, '-x', '+y', '+z'],
        ],
      },
    ],
  ],
  [
    'lines that look like the patch itself',
    [...FILE, '@@ -1,3 +1,2 @@', '--- a/evil', '-diff --git a/x b/x', '-@@ -1 +1 @@', '+++ b/evil', '+@@ -7 +7 @@', ...FILE],
    [
      { unended: [], hunks: [[1, 1, '--- a/evil', '-diff --git a/x b/x', '-@@ -1 +1 @@', '+++ b/evil', '+@@ -7 +7 @@']] },
      { unended: [], hunks: [] },
    ],
  ],
  [
    'a last line that does not end, before, after, and on both sides',
    [
      ...[...FILE, '@@ -1 +1 @@', '-a', '\\ No newline at end of file', '+b'],
      ...[...FILE, '@@ -1 +1 @@', '-a', '+b', '\\ No newline at end of file'],
      ...[...FILE, '@@ -1,2 +1 @@', '-a', ' b', '\\ No newline at end of file', ''],
    ],
    [
      { unended: ['before'], hunks: [[1, 1, '-a', '+b']] },
      { unended: ['after'], hunks: [[1, 1, '-a', '+b']] },
      { unended: ['before', 'after'], hunks: [[1, 1, '-a', ' b']] },
    ],
  ],
  [
    'a file that only changed its mode, a binary, and one that is new',
    [
      ...['diff --git a/m b/m', 'old mode 100644', 'new mode 100755'],
      ...['diff --git a/b b/b', 'Binary files a/b and b/b differ'],
      ...['diff --git a/n b/n', 'new file mode 100644', '--- /dev/null', '+++ b/n', '@@ -0,0 +1 @@', '+\r', ''],
    ],
    [
      { unended: [], hunks: [] },
      { unended: [], hunks: [] },
      { unended: [], hunks: [[0, 1, '+\r']] },
    ],
  ],
])('reads %s', (_what, patch, expected) => expect(shown(patch)).toEqual(expected));
