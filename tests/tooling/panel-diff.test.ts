/** What the page of a change draws of its lines: nothing unseen, nothing left out. */
import { describe, expect, it } from 'vitest';
import { rowsOf } from '../../packages/control-panel/web/src/pages/change/rows.ts';
import { piecesOf } from '../../packages/control-panel/web/src/state/pieces.ts';

const marksIn = (line: string) => piecesOf(line).flatMap(({ mark }) => mark ?? []);

describe('a line of code', () => {
  it.each<[string, string, readonly string[]]>([
    ['plain', 'const a = 1;\t// done', []],
    ['in another alphabet', '// сделано, ключ = κλειδί', []],
    ['turned round', 'if (a\u202e) { } \u2066b', ['U+202E', 'U+2066']],
    ['with joiners that names can hold', 'ad\u200cmin\u200d', ['ZWNJ', 'ZWJ']],
    ['with blanks that are none', 'a\u00a0=\u3000b\u2800', ['NBSP', 'U+3000', 'U+2800']],
    ['with letters that pass for others', 'const p\u0430ypal = \u03bfk', ['\u0430 U+0430', '\u03bf U+03BF']],
    ['that ends like one of Windows', 'a\r', ['␍']],
    ['with controls, fillers, tags, half characters', '\u0007\u3164\u{e0041}\ud800', ['U+0007', 'U+3164', 'U+E0041', 'U+D800']],
    ['with marks between the lines', 'a\ufff9b\ufffb', ['U+FFF9', 'U+FFFB']],
    ['with a pile of marks', `a${'\u0301'.repeat(6)}`, ['U+0301', 'U+0301']],
    ['empty', '', []],
  ])('%s is drawn whole, and what nobody would see as a mark', (_what, line, marks) => {
    expect(marksIn(line)).toEqual(marks);
    expect(
      piecesOf(line)
        .map(({ text }) => text)
        .join(''),
    ).toBe(line);
  });
});

describe('the rows of a difference', () => {
  const lines = (...texts: string[]) => texts.map((text) => ({ sign: text[0] as ' ' | '+' | '-', text: text.slice(1) }));
  const hunks = [
    { before: 3, after: 3, lines: lines(' a', '-b', '-c', '+d', ' e') },
    { before: 9, after: 8, lines: lines('+f', '-g', '+h') },
  ];

  it('stand in one column, each with its number', () => {
    const rows = rowsOf({ hunks }, 'unified').map((row) =>
      row.kind === 'line' ? `${row.other ?? ''}|${row.line.number}${row.line.sign}${row.line.text}` : row,
    );
    expect(rows).toEqual([
      { kind: 'gap', hidden: 2 },
      ...['3|3 a', '|4-b', '|5-c', '|4+d', '6|5 e'],
      { kind: 'gap', hidden: 2 },
      ...['|8+f', '|9-g', '|9+h'],
    ]);
  });

  it('stand in two, what went beside what came', () => {
    const side = (one?: { number: number; text: string }) => (one ? `${one.number}${one.text}` : '');
    const rows = rowsOf({ hunks }, 'split').map((row) => (row.kind === 'pair' ? `${side(row.left)}|${side(row.right)}` : '…'));
    expect(rows).toEqual(['…', '3a|3a', '4b|4d', '5c|', '6e|5e', '…', '|8f', '9g|9h']);
  });

  it.each([0, 799, 800, 801, 5_000])('hold a line of %i characters whole', (length) => {
    const text = '😀'.repeat(length / 2) + 'x'.repeat(length % 2);
    for (const form of ['unified', 'split'] as const) {
      const rows = rowsOf({ hunks: [{ before: 1, after: 1, lines: [{ sign: '+', text }] }] }, form);
      const sides = rows.flatMap((row) => (row.kind === 'line' ? row.line : row.kind === 'pair' ? (row.right ?? []) : []));
      expect(sides.map((side) => side.text).join('')).toBe(text);
      expect(sides.every((side, at) => !/^[\udc00-\udfff]/.test(side.text) && side.more === at > 0)).toBe(true);
    }
  });
});
