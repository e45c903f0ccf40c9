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
