/** A task that names its skill: what `skill validate` and `skill add` take runs, and what cannot run says so in true words. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { cliHere } from '../e2e/cli-here.ts';
import { requires } from '../e2e/sandbox.requires.ts';
import { type InsideWorld, openInside, type TestTask } from './phase-kit.ts';

const approve = JSON.stringify({ verdict: 'APPROVE', confidence: 0.95, issues: [], suggestions: [] });
let phase: InsideWorld;
let drafts: string;
beforeEach(async () => {
  drafts = await mkdtemp(join(tmpdir(), 'viv-drafts-'));
  phase = await openInside(({ schemaName }) => (schemaName === 'critic_verdict' ? approve : 'Stones are old. They are hard.'));
});
afterEach(async () => {
  await phase.close();
  await rm(drafts, { recursive: true });
});

const cli = (...args: string[]) => cliHere(phase.world, args);
// biome-ignore lint/suspicious/noTemplateCurlyInString: it is the source of a skill
const COUNT = 'export default ({ prompt }) => `${prompt.length} characters`;';

async function draft(folder: string, front: string, code?: string, body = 'Write short sentences.'): Promise<string> {
  const path = join(drafts, folder);
  await mkdir(path, { recursive: true });
  await writeFile(join(path, 'SKILL.md'), `${front}\n\n${body}\n`);
  if (code !== undefined) await writeFile(join(path, 'skill.mjs'), code);
  return path;
}

const EXECUTABLE: readonly (readonly [string, string])[] = [
  ['long', `---\nname: long\ndescription: ${'It counts. '.repeat(90)}\nversion: 1.0.0\nkind: executable\nentry: skill.mjs\n---`],
  ['noversion', '---\nname: noversion\ndescription: Counts\nentry: skill.mjs\n---'],
  [
    'comment',
    '---\nname: comment\ndescription: "Counts" # letters\nversion: 1.0.0 # the first\nkind: executable\nentry: ./skill.mjs\n---',
  ],
  [
    'trailing',
    '\uFEFF---  \r\nname: trailing\r\ndescription: >-\r\n  Counts\r\n  letters\r\nentry: skill.mjs\r\nmetadata:\r\n  author: me\r\n--- ',
  ],
  ['other-folder', '---\nname: elsewhere\ndescription: Use when: counting\nversion: 2.10\nentry: skill.mjs\n---'],
];

it.skipIf(requires('bwrap'))('runs every executable skill that was validated and added', async () => {
  for (const [folder, front] of EXECUTABLE) {
    const path = await draft(folder, front, COUNT);
    expect(await cli('skill', 'validate', path)).toMatchObject({ code: 0 });
    expect(await cli('skill', 'add', path)).toMatchObject({ code: 0 });
  }
  const both = await draft(
    'both',
    '---\nname: both\ndescription: Counts twice\nversion: 1.0.0\ncomponents: [long, comment]\n---',
  );
  const shell = await draft('shell', '---\nname: shell\ndescription: Lists\ncommand: ["ls", "{prompt}"]\n---');
  for (const path of [both, shell]) expect(await cli('skill', 'add', path)).toMatchObject({ code: 0 });
  await writeFile(join(phase.world.root, 'stone.txt'), 'granite');
  const names = [...EXECUTABLE.map(([, front]) => /name: (\S+)/.exec(front)?.[1] ?? ''), 'both'];
  for (const name of names) expect(await cli('add', `use-${name}`, 'count this', '--skill', name)).toMatchObject({ code: 0 });
  expect(await cli('add', 'use-shell', 'stone.txt', '--skill', 'shell')).toMatchObject({ code: 0 });
  await phase.run([]);
  for (const name of names) {
    const { status, outcome } = await phase.world.record(`use-${name}`);
    expect([name, status, outcome?.tool_name, outcome?.model_call_avoided]).toEqual([name, 'approved', name, true]);
    expect(outcome?.result_summary).toContain('characters');
  }
  expect((await phase.world.record('use-shell')).outcome?.result_summary).toContain('stone.txt');
  expect((await phase.world.record('use-elsewhere')).outcome?.tool_version).toBe('2.10');
});

it('lets a prompt skill that is only a candidate help the model when a task names it', async () => {
  await cli('skill', 'add', await draft('words', '---\nname: words\ndescription: Says how to write about stones\n---'));
  expect((await cli('add', 'no-prompt', '--skill', 'words')).stderr).toContain('there is no prompt that says which');
  expect(await cli('add', 'use-words', 'Write about stones', '--skill', 'words')).toMatchObject({ code: 0 });
  await phase.run([]);
  const [call] = phase.model.requests;
  expect(JSON.stringify(call?.body['messages'])).toContain('Write short sentences.');
  expect(call?.prompt).toBe('Write about stones');
  expect(await phase.world.record('use-words')).toMatchObject({
    status: 'approved',
    outcome: { tool_route: 'exact', tool_name: 'words', model_call_avoided: false },
  });
});

it('refuses at intake, and holds what came another way, with the reason and what helps', async () => {
  const library = phase.world.paths.skills;
  for (const [name, front] of [
    ['torn', '---\nname: torn\n---'],
    ['halves', '---\nname: halves\ndescription: Two\ncomponents: [count_lines, gone]\n---'],
    ['bad', '---\nname: bad\ndescription: Harmful\nentry: skill.mjs\n---'],
  ] as const) {
    await mkdir(join(library, name), { recursive: true });
    await writeFile(join(library, name, 'SKILL.md'), `${front}\n\nText.\n`);
  }
  await writeFile(join(library, 'bad', 'skill.mjs'), COUNT);
  await mkdir(join(library, 'wide'));
  await writeFile(join(library, 'wide', 'SKILL.md'), Buffer.from('---\nname: wide\ndescription: Wide\n---\n', 'utf16le'));
  await cli('skill', 'quarantine', 'bad', '--reason', 'it lied');
  const words: Readonly<Record<string, RegExp>> = {
    gone: /there is no skill gone\. List the skills with/,
    torn: /the skill torn cannot be read .*torn\/SKILL\.md: 1: description.*pnpm worker skill validate torn/,
    wide: /the skill wide cannot be read .*is in UTF-16/,
    halves: /the skill halves cannot run: there is no skill gone/,
    bad: /the skill bad is quarantined \(it lied\)\. .*pnpm worker skill promote bad/,
  };
  for (const [name, reason] of Object.entries(words)) {
    const refused = await cli('add', `cli-${name}`, 'count this', '--skill', name);
    expect([refused.code, refused.stderr]).toEqual([2, expect.stringMatching(reason)]);
  }
  const tasks: TestTask[] = Object.keys(words).map((skill) => ({ id: `q-${skill}`, prompt: 'count this', skill }));
  for (const { task, status, hold } of await phase.run(tasks)) {
    expect([task.id, status, hold?.kind, hold?.action]).toEqual([task.id, 'queued', 'clarify', `pnpm worker retry ${task.id}`]);
    expect(hold?.reason).toMatch(words[task.skill ?? ''] ?? /never/);
  }
  expect(phase.model.requests).toEqual([]);
});

it.skipIf(requires('bwrap'))('goes on when the person did what helps, and ends with a skill that fails', async () => {
  const [held] = await phase.run([{ id: 't', prompt: 'count this', skill: 'late' }]);
  expect(held?.hold?.reason).toContain('there is no skill late');
  await cli('skill', 'add', await draft('late', '---\nname: late\ndescription: Counts\nentry: skill.mjs\n---', COUNT));
  await cli(
    'skill',
    'add',
    await draft(
      'rude',
      '---\nname: rude\ndescription: Fails\nentry: skill.mjs\n---',
      'export default () => { throw new Error("no"); };',
    ),
  );
  expect(await cli('retry', 't')).toMatchObject({ code: 0 });
  const [failed] = await phase.run([{ id: 'f', prompt: 'count this', skill: 'rude' }]);
  expect((await phase.world.record('t')).status).toBe('approved');
  expect(failed).toMatchObject({ status: 'failed' });
  expect(failed?.reasons.at(-1)).toContain('the skill rude ended with exit code 1');
  expect(phase.model.requests.filter(({ schemaName }) => schemaName !== 'critic_verdict')).toEqual([]);
});
