import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { actorOf, openSociety } from '@vivarium/core';
import { fileBackend } from '@vivarium/storage-files';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { cliHere } from './cli-here.ts';
import { done, fakeApi, TestWorld, verdict } from './worker-kit.ts';

/** What acts on a terminal, spelled out: C0 but line feed and tab, DEL, C1, separators, direction, unseen format characters. */
const ACTING =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\u{e0000}-\u{e007f}]/u;
const codes = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, at) => String.fromCodePoint(from + at)).join('');
/** Sets the title and the clipboard, clears the screen, turns the direction, and writes a line that is not true. */
const TRICKS = '\u001b]0;title\u0007\u001b]52;c;aGk=\u0007\u001b[2J\u001b[H\u009b31m\u202eevil\u2066\u200b\ufeff\u2028\u{e0041}';
const EVERY = `x${TRICKS}${codes(1, 8)}${codes(11, 31)}${codes(0x7f, 0x9f)}\u061c\u200e\u200f\u2060\ufffb\nall tasks are approved`;

let world: TestWorld;
beforeEach(async () => {
  world = await TestWorld.open();
});
afterEach(() => world.close());
const worker = (...args: string[]) => cliHere(world, args);

describe('text of others on a terminal', () => {
  it('a model’s answer, a critic’s reasons and a prompt are shown and never act, in a real process', async () => {
    const api = await fakeApi(({ body }) =>
      body.purpose === 'critic' ? verdict('REJECT', [EVERY]) : done(`Pebbles.${TRICKS}\r\nsecond line\ttab`),
    );
    world.onClose(() => api.close());
    await world.add({ id: 't', prompt: EVERY, title: TRICKS });
    await (await world.work(api, {}, { RESIDENT_MAX_REQUEUE_ATTEMPTS: '1' })).ended;
    const [shown, explained, listed, json] = await Promise.all(
      [['show', 't'], ['explain', 't'], ['list'], ['show', 't', '--json']].map((args) => world.cli(args).ended),
    );
    for (const { stdout, stderr } of [shown!, explained!, listed!, json!]) expect(stdout + stderr).not.toMatch(ACTING);
    expect(shown?.stdout).toContain('Pebbles.␛]0;title␇␛]52;c;aGk=␇␛[2J␛[H<U+009B>31m<U+202E>evil<U+2066>');
    expect(shown?.stdout).toContain('<U+E0041>\nsecond line\ttab\n');
    expect(shown?.stdout).not.toMatch(/^all tasks are approved/m);
    expect(JSON.parse(json?.stdout ?? '')).toMatchObject({ prompt: EVERY, output: `Pebbles.${TRICKS}\r\nsecond line\ttab` });
    const widths = new Set(
      listed?.stdout
        .trimEnd()
        .split('\n')
        .map((line) => [...line].length),
    );
    expect(widths.size).toBe(1);
  });

  it('nor does what stands in the society, in files’ names and settings, or in a refused command', async () => {
    await fill();
    const wrong: string[] = [];
    for (const [args, said] of DOORS) {
      const plain = await worker(...args);
      const told = plain.stdout + plain.stderr;
      if (ACTING.test(told)) wrong.push(`${args.join(' ').slice(0, 40)} acts`);
      if (!told.includes(said)) wrong.push(`${args.join(' ').slice(0, 40)} does not show ${said}: ${told}`);
      if (/^all tasks are approved/m.test(told)) wrong.push(`${args.join(' ').slice(0, 40)} has a line of somebody else`);
      const json = await worker(...args, '--json');
      if (ACTING.test(json.stdout)) wrong.push(`${args.join(' ').slice(0, 40)} --json acts`);
      for (const line of json.stdout.split('\n').filter(Boolean)) JSON.parse(line);
    }
    expect(wrong).toEqual([]);
  });

  it('and what people write stays as it is: other scripts, joined pictures, tabs and lines', async () => {
    const prompt = 'Grüße 你好 שלום مرحبا می‌خواهم 👩‍👩‍👧 é…';
    await worker('add', 't', prompt);
    expect((await worker('show', 't')).stdout).toContain(prompt);
    const long = '😀'.repeat(200);
    await worker('add', 'long', long);
    expect((await worker('list')).stdout).not.toMatch(/\ufffd|U\+D8/);
  });
});

/** Every command that shows what others wrote, with what it must show of it. */
const DOORS: readonly (readonly [readonly string[], string])[] = [
  [['list'], '␛]0;title␇'],
  [['show', 't1'], '␛]0;title␇'],
  [['show', TRICKS], '␛]0;title␇'],
  [['explain', 't1'], 'queued'],
  [['add', 't1', `other ${TRICKS}`], 't1'],
  [['add', TRICKS, 'x'], 'id'],
  [['add', 't9', 'x', '--identity', TRICKS], 't9'],
  [[TRICKS], '␛]0;title␇'],
  [['list', `--${TRICKS}`], '␛]0;title␇'],
  [['list', '--status', TRICKS], '␛]0;title␇'],
  [['mail', 'list'], '␛]0;title␇'],
  [['room', 'show', 'town_hall'], '␛]0;title␇'],
  [['bounty', 'list'], '␛]0;title␇'],
  [['guild', 'list'], '␛]0;title␇'],
  [['resident', 'list'], '␛]0;title␇'],
  [['skill', 'list'], '␛]0;title␇'],
  [['skill', 'validate', `none${TRICKS}`], '␛]0;title␇'],
  [['doctor'], 'queue.json'],
  [['halt', '--reason', EVERY], 'halted'],
  [['status'], '␛]0;title␇'],
];

async function fill(): Promise<void> {
  await worker('add', 't1', EVERY);
  const society = await openSociety({ backend: fileBackend(world.paths) });
  const must = async (actor: string, action: string, args: object) => {
    const answer = await society.ask(actorOf(actor), action, args);
    if (!answer.ok) throw new Error(`${action}: ${JSON.stringify(answer)}`);
    return answer;
  };
  const { identity_id } = await must('human', 'create_identity', { name: `Moss ${TRICKS}`, summary: EVERY });
  const moss = String(identity_id);
  await must('human', 'tip', { identity_id: moss, amount: 500, reason: 'A start' });
  await must('human', 'post_message', { room: 'town_hall', content: EVERY });
  await must(moss, 'message_human', { type: 'idea', content: EVERY });
  await must('human', 'create_bounty', { title: TRICKS, description: EVERY, reward: 1 });
  await must(moss, 'found_guild', { name: TRICKS });
  await society.close();
  const skill = join(world.paths.skills, `bad${TRICKS}`);
  await mkdir(skill, { recursive: true });
  await writeFile(join(skill, 'SKILL.md'), `---\nname: ${TRICKS}\n---\n`);
  await writeFile(join(world.root, 'queue.json'), `{"tasks":[{"id":"${TRICKS.replaceAll('"', '')}"}]}`);
}
