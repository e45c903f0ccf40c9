import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readSkill } from './read-skill.ts';
import { SkillScanner } from './scan.ts';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'vivarium-skill-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const put = (text: string | Uint8Array, folder = 'tides') => {
  mkdirSync(join(root, folder), { recursive: true });
  writeFileSync(join(root, folder, 'SKILL.md'), text);
  writeFileSync(join(root, folder, 'skill.mjs'), 'export default () => "x";');
  return join(root, folder);
};
const manifest = (text: string | Uint8Array) => {
  const read = readSkill(put(text));
  return read.kind === 'skill' ? { ...read.skill.manifest, body: read.skill.body } : { findings: read.findings };
};
const finding = (text: string | Uint8Array) => {
  const read = readSkill(put(text));
  return read.kind === 'refused' ? read.findings[0] : undefined;
};
const HEAD = 'name: tides\ndescription: Explains tides\n';
const whole = (front: string) => `---\n${front}---\n\n# Tides\n\nSay when.\n`;

describe('a SKILL.md of the open format', () => {
  it.each([
    ['with name and description alone', whole(HEAD)],
    [
      'with unknown keys',
      whole(
        `${HEAD}license: MIT\ncompatibility: needs git\nmetadata:\n  author: me\n  version: "1.0"\nallowed-tools: Bash(git:*) Read\nmodel: any\n`,
      ),
    ],
    ['with comments', whole(`# mine\n${HEAD}# version: 2.0.0\n`)],
    ['with blanks behind its dashes', whole(HEAD).replaceAll('---\n', '--- \t\n')],
    ['with blank lines around its dashes', `\n\n---\n\n${HEAD}\n---\n\n\n# Tides\n\nSay when.\n\n`],
    ['with CRLF', whole(HEAD).replaceAll('\n', '\r\n')],
    ['with CR alone', whole(HEAD).replaceAll('\n', '\r')],
    ['with a byte order mark', `\uFEFF${whole(HEAD)}`],
    ['with quotes', whole('name: "tides"\ndescription: \'Explains tides\'\n')],
    ['over several lines', whole('name: tides\ndescription: >-\n  Explains\n  tides\n')],
    ['over several plain lines', whole('name: tides\ndescription: Explains\n  tides\n')],
  ])('reads %s', (_what, text) => {
    const read = manifest(text);
    expect(read).toMatchObject({ name: 'tides', description: 'Explains tides', version: '1.0.0', kind: 'prompt' });
    expect(read).toMatchObject({ body: '# Tides\n\nSay when.' });
  });

  it('reads a description of 1,024 characters, as people count them, and names one that is longer', () => {
    const words = '🌊'.repeat(1_024);
    expect(manifest(whole(`name: tides\ndescription: ${words}\n`))).toMatchObject({ description: words });
    expect(finding(whole(`name: tides\n# two\ndescription: ${words}x\n`))).toMatchObject({ line: 4, field: 'description' });
  });

  it.each([
    ['a colon', 'Use when: the sea rises', 'Use when: the sea rises'],
    ['a colon and a second line', 'Use when: the sea\n  rises', 'Use when: the sea rises'],
    ['an apostrophe', "It's for: sailors", "It's for: sailors"],
    ['a sign that YAML reserves', '@sea level', '@sea level'],
    ['a star', '*.tide files', '*.tide files'],
  ])('reads an unquoted description with %s, as other readers do', (_what, text, description) => {
    expect(manifest(whole(`name: tides\nkeywords: [sea, moon]\ndescription: ${text}\n`))).toMatchObject({
      description,
      keywords: ['sea', 'moon'],
    });
  });

  it.each([
    ['1.10', '1.10'],
    ['2', '2'],
    ['v1.2.3', 'v1.2.3'],
    ['"1.0"', '1.0'],
    ['1.0.0-beta.1', '1.0.0-beta.1'],
  ])('keeps the version %s as it was written', (text, version) => {
    expect(manifest(whole(`${HEAD}version: ${text}\n`))).toMatchObject({ version });
  });

  it('keeps a name that looks like a number', () => {
    expect(manifest(whole('name: 007\ndescription: An agent\n'))).toMatchObject({ name: '007' });
  });

  it.each([
    ['UTF-16', Buffer.from(`\uFEFF${whole(HEAD)}`, 'utf16le'), 1, 'it is in UTF-16'],
    ['Windows-1252', Buffer.from(whole('name: tides\ndescription: M\xe9r\n'), 'latin1'), 3, 'Windows-1252'],
    ['no description', whole('name: tides\n'), 1, 'expected string'],
    ['YAML that is none', whole(`${HEAD}keywords: [a\n`), 4, 'not valid YAML'],
    ['an entry that cannot run', whole(`${HEAD}entry: skill.py\n`), 4, '.mjs'],
    ['no front matter', '# Tides\n', 1, 'does not begin with front matter'],
  ])('is refused with the line for %s', (_what, text, line, words) => {
    expect(finding(text)).toMatchObject({ line, reason: expect.stringContaining(words) });
    expect(finding(text)?.fix).toBeTruthy();
  });
});

it('gives a name to the folder that has it, then to the first', () => {
  put(whole(HEAD), 'a-copy');
  put(whole(HEAD), 'tides');
  symlinkSync(join(root, 'tides'), join(root, 'z-link'));
  const { skills, findings } = new SkillScanner([{ folder: root, shipped: false }]).scan();
  expect([...skills.values()].map(({ folder }) => folder)).toEqual([join(root, 'tides')]);
  expect(findings.map(({ file }) => file)).toEqual([join(root, 'a-copy', 'SKILL.md'), join(root, 'z-link', 'SKILL.md')]);
});
