import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { decodeFix, decodeText } from './decode.ts';

const TEXT = '{\n  "prompt": "the café of Zoë, for 5 € – “now”"\n}\n';
const swapped = (bytes: Buffer) => Buffer.from(bytes).swap16();
const utf16 = (text: string) => Buffer.from(text, 'utf16le');
const utf32 = (text: string) =>
  Buffer.concat([...text].map((sign) => Buffer.from(Uint32Array.of(sign.codePointAt(0) ?? 0).buffer)));
const windows = Buffer.from('{"prompt": "caf\xe9 \x80 \x93now\x94"}', 'latin1');

it.each([
  ['plain', Buffer.from(TEXT)],
  ['with a byte order mark', Buffer.from(`\uFEFF${TEXT}`)],
  ['with two of them', Buffer.from(`\uFEFF\uFEFF${TEXT}`)],
  ['with a replacement character of its own', Buffer.from(`${TEXT}\uFFFD`)],
])('reads UTF-8 %s', (_what, bytes) => {
  const decoded = decodeText(bytes);
  expect(decoded.ok && decoded.text.replace('\uFFFD', '')).toBe(TEXT);
});

it.each([
  ['UTF-16', 'UTF-16', utf16(`\uFEFF${TEXT}`)],
  ['UTF-16', 'UTF-16', swapped(utf16(`\uFEFF${TEXT}`))],
  ['UTF-16', 'UTF-16LE', utf16(TEXT)],
  ['UTF-16', 'UTF-16BE', swapped(utf16(TEXT))],
  ['UTF-32', 'UTF-32', utf32(`\uFEFF${TEXT}`)],
  ['UTF-32', 'UTF-32LE', utf32(TEXT)],
  ['UTF-32', 'UTF-32BE', utf32(TEXT).swap32()],
  ['Windows-1252', 'WINDOWS-1252', windows],
])('names %s and how to convert it from %s, in a command that works', (name, encoding, bytes) => {
  const decoded = decodeText(bytes);
  expect(decoded).toMatchObject({ ok: false, encoding, message: expect.stringContaining(name) });
  const folder = mkdtempSync(join(tmpdir(), "vivarium it's "));
  const file = join(folder, 'queue.json');
  writeFileSync(file, bytes);
  const command = decodeFix({ encoding }, file).replace(/^.*?with: /, '');
  execFileSync('sh', ['-c', command]);
  const again = decodeText(readFileSync(file));
  expect(again.ok && again.text).toBe(name === 'Windows-1252' ? '{"prompt": "café € “now”"}' : TEXT);
  rmSync(folder, { recursive: true });
});

it.each([
  ['an odd byte', Buffer.from('a: 1\r\nb: caf\xe9', 'latin1'), 'Windows-1252', { line: 2, column: 7 }],
  ['a line that ends with CR', Buffer.from('a\rb\xff', 'latin1'), 'byte 0xFF at line 2, column 2', { line: 2, column: 2 }],
  ['UTF-8 that was cut', Buffer.from('größe é').subarray(0, -1), 'damaged UTF-8: byte 0xC3', { line: 1, column: 7 }],
  ['bytes of no encoding', Buffer.from([0x61, 0x81, 0x62]), 'byte 0x81', { line: 1, column: 2 }],
  ['an encoded surrogate', Buffer.from([0x61, 0xed, 0xa0, 0x80]), 'byte 0xED', { line: 1, column: 2 }],
  ['a NUL byte', Buffer.from('A=1\nB=\0 2'), 'NUL byte, which no text has, at line 2, column 3', { line: 2, column: 3 }],
])('finds the place of %s', (_what, bytes, words, place) => {
  expect(decodeText(bytes)).toMatchObject({ ok: false, ...place, message: expect.stringContaining(words) });
});

const inQuotes = (...bytes: readonly number[]) => Buffer.from([...Buffer.from('{"prompt": "'), ...bytes, ...Buffer.from('"}')]);

it.each([
  ['GB18030', inQuotes(0xc4, 0xe3, 0xba, 0xc3)],
  ['GB18030, one sign', inQuotes(0xc4, 0xe3)],
  ['GB18030 within English', Buffer.from('Say \xc4\xe3\xba\xc3 to the caller \xca\xc0\xbd\xe7.', 'latin1')],
  ['Shift-JIS', inQuotes(0x82, 0xb1, 0x82, 0xf1, 0x82, 0xc9, 0x82, 0xbf, 0x82, 0xcd)],
  ['Shift-JIS, one sign', inQuotes(0x82, 0xa0)],
  ['Shift-JIS with ASCII bytes in its signs', inQuotes(0x83, 0x41, 0x83, 0x43, 0x83, 0x45)],
  ['EUC-KR', inQuotes(0xbe, 0xc8, 0xb3, 0xe7)],
  ['Big5', inQuotes(0xa7, 0x41, 0xa6, 0x6e)],
  ['Windows-1251', inQuotes(0xef, 0xf0, 0xe8, 0xe2, 0xe5, 0xf2)],
  ['ISO-8859-7', inQuotes(0xea, 0xe1, 0xeb, 0xe7)],
  ['CP437', Buffer.from('{"prompt": "f\x84r die caf\x82s"}', 'latin1')],
  ['Mac Roman', Buffer.from('{"prompt": "caf\x8e"}', 'latin1')],
  ['overlong UTF-8', inQuotes(0x2e, 0x2e, 0xc0, 0xaf)],
  ['overlong UTF-8 of three bytes', inQuotes(0x61, 0xe0, 0x80, 0xaf)],
])('offers no encoding for %s, but says where it is and to save it as UTF-8', (_what, bytes) => {
  const decoded = decodeText(bytes);
  expect(decoded).toMatchObject({
    ok: false,
    encoding: 'unknown',
    line: 1,
    message: expect.stringMatching(/not in UTF-8.*byte 0x/),
  });
  expect(decodeFix({ encoding: 'unknown' }, 'queue.json')).toBe('Save it as UTF-8 in the editor that wrote it');
});

it.each([
  'A organização não é só a informação',
  'Pää on tällä hyvä, yö ei',
  'Größe ÄNDERN, Übermut; Öl',
  'Il dit : «\u00a0Été à l’école\u00a0», créées',
  '¿Óscar? ¡Sí! El niño, 1º',
  'Þetta er það sem ég á',
  '£5 at 20°C © Zoë',
])('takes Western text for Windows-1252: %s', (text) => {
  const bytes = Buffer.from(text.replaceAll('’', '\x92'), 'latin1');
  expect(decodeText(bytes)).toMatchObject({ ok: false, encoding: 'WINDOWS-1252' });
});
