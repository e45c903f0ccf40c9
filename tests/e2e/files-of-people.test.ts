/** Files that people write, in whatever encoding their editor left: the right value, or a refusal that names it. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { cliHere } from './cli-here.ts';
import { TestWorld } from './worker-kit.ts';

let world: TestWorld;
beforeEach(async () => {
  world = await TestWorld.open();
});
afterEach(() => world.close());

const worker = (...args: string[]) => cliHere(world, args);
const put = (name: string, text: string | Uint8Array) => writeFile(join(world.root, name), text);
const utf16 = (text: string) => Buffer.from(`\uFEFF${text}`, 'utf16le');
const latin1 = (text: string) => Buffer.from(text, 'latin1');

describe('an .env file', () => {
  it('keeps its cap behind a byte order mark, and never loses it unsaid', async () => {
    await put('.env', '\uFEFFSWARM_BUDGET_LIMIT=1.25\r\n');
    expect(await worker('budget', 'show')).toMatchObject({ code: 0, stdout: expect.stringContaining('$1.25'), stderr: '' });
    await put('.env', utf16('SWARM_BUDGET_LIMIT=1.25\r\n'));
    const refused = await worker('budget', 'show');
    expect([refused.code, refused.stdout]).toEqual([2, '']);
    expect(refused.stderr).toMatch(/\.env: is in UTF-16, not in UTF-8\. Save it as UTF-8, e\.g\. with: iconv/);
    const doctor = await worker('doctor');
    expect([doctor.code, doctor.stdout]).toEqual([1, expect.stringMatching(/ERROR +configuration: .*\.env: is in UTF-16/)]);
  });

  it('has lines without effect named, by every command and by doctor, without what they hold', async () => {
    await put('.env', 'SWARM_BUDGET_LIMT=1.25\nGROQ_API_KYE=gsk_0123456789abcdefghij\nDATABASE_URL=x\nnonsense\n');
    const shown = await worker('budget', 'show', '--json');
    expect(JSON.parse(shown.stdout)).toMatchObject({ cap_usd: 5 });
    expect(shown.stderr.trim().split('\n')).toEqual([
      expect.stringContaining(
        'line 1: SWARM_BUDGET_LIMT: is not a setting of Vivarium, so it has no effect; did you mean SWARM_BUDGET_LIMIT?',
      ),
      expect.stringContaining(
        'line 2: GROQ_API_KYE: is not a setting of Vivarium, so it has no effect; did you mean GROQ_API_KEY?',
      ),
      expect.stringContaining('line 4: this line: is not a setting, so it has no effect; write NAME=value'),
    ]);
    const doctor = await worker('doctor');
    expect(doctor.stdout.match(/warning +configuration: line [124]: /g)).toHaveLength(3);
    expect(`${shown.stderr}${doctor.stdout}`).not.toMatch(/0123456789|nonsense/);
  });
});

describe('a queue.json', () => {
  const QUEUE = '{\n  "tasks": [{"id": "lat", "prompt": "café"}]\n}\n';

  it.each([
    ['Latin-1', latin1(QUEUE), /queue\.json is not in UTF-8 but probably in Windows-1252.*byte 0xE9 at line 2, column \d+/],
    ['UTF-16', utf16(QUEUE), /queue\.json is in UTF-16, not in UTF-8/],
  ])('in %s is refused by name, and doctor says the same', async (_what, bytes, words) => {
    await put('queue.json', bytes);
    expect((await worker('show', 'lat')).stderr).toContain('There is no task lat');
    const { code, stdout } = await worker('doctor');
    expect([code, stdout]).toEqual([1, expect.stringMatching(words)]);
    expect(stdout).toMatch(/fix: Until .* stays in force\. Save it as UTF-8, e\.g\. with: iconv -f .*queue\.json/);
  });

  it.each([
    ['another key', '{\n "task": [{"id": "n", "prompt": "x"}]}', /queue\.json line 2: .*did you mean "tasks"\?/],
    ['no key', '{"id": "n", "prompt": "x"}', /queue\.json line 1: the file holds one bare task/],
  ])('that holds tasks under %s is named by doctor, before and after a process read it', async (_what, text, words) => {
    await put('queue.json', text);
    expect(await worker('doctor')).toMatchObject({ code: 1, stdout: expect.stringMatching(words) });
    await worker('show', 'n');
    expect(await worker('doctor')).toMatchObject({ code: 1, stdout: expect.stringMatching(words) });
    expect((await world.lines('action_log.jsonl')).filter((line) => words.test(String(line['detail'])))).toHaveLength(1);
  });

  it('with a byte order mark and CR alone is taken over', async () => {
    await put('queue.json', `\uFEFF${QUEUE.replaceAll('\n', '\r')}`);
    expect((await worker('doctor')).code).toBe(0);
    expect((await worker('show', 'lat')).stdout).toContain('café');
  });
});

describe('a file of tasks', () => {
  it.each([
    ['with a byte order mark', '\uFEFF[{"id": "a", "prompt": "é"}]'],
    ['of JSON lines that end with CR', '{"id": "a", "prompt": "é"}\r{"id": "b", "prompt": "x"}\r'],
  ])('%s is read', async (_what, text) => {
    await put('tasks.json', text);
    expect(await worker('add', '--file', join(world.root, 'tasks.json'))).toMatchObject({ code: 0 });
    expect((await world.record('a')).task.prompt).toBe('é');
  });

  it.each([
    ['UTF-16', utf16('[{"id": "a", "prompt": "é"}]'), 'is in UTF-16'],
    ['Windows-1252', latin1('[{"id": "a", "prompt": "\xe9"}]'), 'byte 0xE9 at line 1, column 25'],
    ['text with a NUL byte', '[{"id": "a", "prompt": "\0"}]', 'NUL byte'],
    ['broken JSON', '[\n{"id": "a", "prompt": }\n]', 'line 2'],
  ])('in %s is refused by name', async (_what, bytes, words) => {
    await put('tasks.json', bytes);
    const { code, stderr } = await worker('add', '--file', join(world.root, 'tasks.json'));
    expect([code, stderr]).toEqual([2, expect.stringContaining(words)]);
  });
});

it('reads a list of models behind a byte order mark, and names one in another encoding', async () => {
  const list = '{"models": {"mine/one": {"provider": "groq", "price_usd_per_million": {"input": 1, "output": 1}}}}';
  await put('vivarium.config.json', '\uFEFF{"models_file": "models.json"}');
  await put('models.json', `\uFEFF${list}`);
  expect(await worker('add', 'a', 'x', '--model', 'mine/one')).toMatchObject({ code: 0 });
  await put('models.json', utf16(list));
  expect((await worker('add', 'b', 'x', '--model', 'mine/one')).stderr).toContain('is in UTF-16');
  expect((await worker('doctor')).stdout).toMatch(/ERROR +configuration: .*models\.json is in UTF-16/);
});
