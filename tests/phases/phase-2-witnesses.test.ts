import { mkdir, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { dirname, join } from 'node:path';
import { Task } from '@vivarium/core';
import { afterEach, describe, expect, it } from 'vitest';
import { type ApiHandler, type ApiReply, done, fakeApi, problem, TestWorld, verdict } from '../e2e/worker-kit.ts';

let world: TestWorld;
afterEach(() => world.close());

const put = async (path: string, text: string) => {
  await mkdir(dirname(join(world.root, path)), { recursive: true });
  await writeFile(join(world.root, path), text);
};

/** Run one task to its end with one attempt allowed; `work` is what its execution does. */
async function judge(
  task: object,
  work: () => ApiReply | Promise<ApiReply>,
  more: { tests?: ApiHandler; before?: () => unknown } = {},
) {
  world = await TestWorld.open({ RESIDENT_MAX_REQUEUE_ATTEMPTS: '1' });
  await more.before?.();
  const api = await fakeApi((call) => {
    if (call.body.purpose === 'critic') return verdict('APPROVE');
    if (call.body.purpose === 'tests') return more.tests?.(call) ?? problem(500, 'VIV_NO_TESTS');
    return work();
  });
  world.onClose(() => api.close());
  await world.add({ id: 't', prompt: 'Do the work', ...task });
  await (await world.work(api)).ended;
  const record = await world.record('t');
  return { record, reason: record.reasons.at(-1) ?? '', witnesses: record.review?.witnesses ?? [], calls: api.calls };
}

const FINE = () => done('Here is the finished page, as asked.');
const wroteFile =
  (path: string, text: string, more: object = {}) =>
  async () => {
    await put(path, text);
    return done('Here is the finished page, as asked.', more);
  };

describe('phase 2: what the runtime sees of a file', () => {
  it('tells what changed against the content before the attempt', async () => {
    const before = () => put('out/a.md', 'one\ntwo\n');
    const { record, witnesses } = await judge({ expect_file: 'out/a.md' }, wroteFile('out/a.md', 'one\nthree\nfour\n'), {
      before,
    });
    expect(record.status).toBe('approved');
    expect(witnesses).toContainEqual(
      expect.objectContaining({
        kind: 'diff',
        rule: 'diff.changed',
        detail: 'out/a.md: 2 lines added, 1 removed',
        diff: '-two\n+three\n+four',
      }),
    );
    expect(witnesses.every(({ rule }) => rule !== undefined)).toBe(true);
  });

  it('rejects a declared file that was only touched', async () => {
    const before = () => put('out/a.md', 'the old page\n');
    const { record, reason } = await judge({ expect_file: 'out/a.md' }, wroteFile('out/a.md', 'the old page\n'), { before });
    expect(record.status).toBe('failed');
    expect(reason).toContain('byte for byte what was there before the task began');
  });

  it('rejects a missing file that the task says it creates', async () => {
    const { reason } = await judge({ files_created: ['out/a.md', 'out/b.md'] }, wroteFile('out/a.md', 'a page\n'));
    expect(reason).toContain('out/b.md does not exist');
    expect(reason).not.toContain('out/a.md does not');
  });

  it('rejects a task that wrote other paths than it declared, naming them', async () => {
    const wrote = ['out/a.md', 'library/community_library/swarm_docs/extra.md'];
    const { record, reason } = await judge({ expect_file: 'out/a.md' }, wroteFile('out/a.md', 'a page\n', { wrote }));
    expect(record.status).toBe('failed');
    expect(reason).toContain('wrote library/community_library/swarm_docs/extra.md, which it did not declare');
  });

  it('follows the links of a Markdown deliverable', async () => {
    const page = '# Top\n[here](#top) [b](b.md) [gone](gone.md) [no](b.md#nowhere) [web](https://example.org)\n';
    const before = () => put('out/b.md', '# B\n');
    const { reason } = await judge({ expect_file: 'out/a.md' }, wroteFile('out/a.md', page), { before });
    expect(reason).toContain('2 of 4 links lead nowhere: gone.md (line 2), b.md#nowhere (line 2)');
  });
});

describe('phase 2: tests that really ran', () => {
  const tests: (output: string, exit_code?: number) => { tests: ApiHandler } = (output, exit_code = 0) => ({
    tests: () => done('', { output, exit_code }),
  });

  const names = ['a', 'b', 'c', 'd'];
  const tap = [...names.map((name, at) => `ok ${at + 1} - ${name}`), '1..4', '# tests 4', '# pass 4', '# fail 0'].join('\n');

  it('approves on tests that ran by name, without a critic', async () => {
    const { record, witnesses, calls } = await judge({ tests: 'node --test' }, FINE, tests(`TAP version 13\n${tap}\n`));
    expect(record).toMatchObject({ status: 'approved', review: { by: 'evidence' } });
    expect(witnesses.at(-1)).toMatchObject({
      kind: 'tests',
      rule: 'tests.ran',
      detail: 'unit tests (node --test): 4 tests ran, none failed',
    });
    expect(calls.map(({ body }) => body.purpose)).toEqual(['task', 'tests']);
  });

  it.each([
    ['numbers without names', '# pass 4\n# fail 0\n'],
    ['the words of a conftest that ends the program', '5 passed in 0.01s\n'],
    ['a report that contradicts itself', `TAP version 13\n${tap.replace('1..4', '1..4\nok 5 - e')}\n`],
  ])('asks a critic about %s', async (_case, output) => {
    const { record, calls } = await judge({ tests: 'node --test' }, FINE, tests(output));
    expect(record).toMatchObject({ status: 'approved', review: { by: 'critic' } });
    expect(calls.map(({ body }) => body.purpose)).toEqual(['task', 'tests', 'critic']);
  });

  it.each([
    ['code ended the program before any', 'ok 1 - /w/test/a.test.js\n1..1\n# tests 1\n# pass 1\n# fail 0\n', 0, 'no test ran'],
    ['none ran', '# pass 0\n# fail 0\n', 0, 'no test ran'],
    ['one failed', '# pass 3\n# fail 1\n', 1, '1 of 4 tests failed'],
    ['nobody counted', 'All 12 tests passed', 0, 'no count of tests'],
  ])('rejects when %s', async (_case, output, code, why) => {
    const { record, reason } = await judge({ tests: { unit: 'node --test' } }, FINE, tests(output, code));
    expect(record.status).toBe('failed');
    expect(reason).toContain(why);
  });

  it('takes a command that is a test run for nothing when no test ran, though it ends with 0', async () => {
    const local = { prompt: undefined, command: 'node --test', mode: 'local' };
    const ran = (output: string) => () => done('Command ended with exit code 0', { output, exit_code: 0 });
    expect((await judge(local, ran('# pass 0\n# fail 0\n'))).reason).toContain('no test ran');
    await world.close();
    expect((await judge(local, ran('# pass 1\n# fail 0\n'))).record.status).toBe('approved');
    await world.close();
    const reading = { ...local, command: 'cat tests/report.txt' };
    expect((await judge(reading, ran('# pass 1\n# fail 2\n'))).record.status).toBe('approved');
  });

  it('does not take a report that somebody left lying about for a test run', async () => {
    const { record, calls } = await judge({ tests: 'cat report.txt' }, FINE, tests('# pass 4\n# fail 0\n'));
    expect(record).toMatchObject({ status: 'pending_review', hold: { kind: 'review' } });
    expect(record.hold?.reason).toContain('only read something and run no test');
    expect(calls.map(({ body }) => body.purpose)).toEqual(['task']);
  });

  it('waits for a person when the tests cannot run, and says why', async () => {
    const refused = {
      tests: () => problem(403, 'VIV_COMMAND_BLOCKED', { detail: 'node is not allowed', fix: 'add it to config/commands.json' }),
    };
    const { record } = await judge({ tests: 'node --test' }, FINE, refused);
    expect(record).toMatchObject({ status: 'pending_review', hold: { kind: 'review' } });
    expect(record.hold?.reason).toMatch(/node is not allowed.*commands\.json/);
  });
});

describe('phase 2: an address that answers', () => {
  let server: Server | undefined;
  afterEach(() => {
    server?.close();
    server = undefined;
  });
  async function listen(port = 0): Promise<number> {
    server = createServer((_request, response) => response.end('hello from the shop'));
    await new Promise<void>((resolve) => server?.listen(port, '127.0.0.1', resolve));
    return (server.address() as AddressInfo).port;
  }
  async function freePort(): Promise<number> {
    const port = await listen();
    await new Promise((resolve) => server?.close(resolve));
    return port;
  }

  it('is proof when it did not answer before', async () => {
    const port = await freePort();
    const expect_http = { url: `http://127.0.0.1:${port}/`, contains: 'shop' };
    const { record, witnesses } = await judge({ expect_http }, async () => {
      await listen(port);
      return FINE();
    });
    expect(record).toMatchObject({ status: 'approved', review: { by: 'evidence' } });
    expect(witnesses.at(-1)).toMatchObject({ kind: 'http', rule: 'http.answers', passed: true });
  });

  it('is none when it answered before, and rejects when nothing answers', async () => {
    const port = await listen();
    expect((await judge({ expect_http: `http://127.0.0.1:${port}/` }, FINE)).record.review).toMatchObject({ by: 'critic' });
    await world.close();
    const dead = await freePort();
    expect((await judge({ expect_http: `http://127.0.0.1:${dead}/` }, FINE)).reason).toContain('does not answer');
  });

  it.each([
    'http://example.org/',
    'https://127.0.0.1/',
    'http://127.0.0.1@example.org/',
    'http://10.0.0.1/',
    'file:///etc/passwd',
    'x',
  ])('refuses a task that names %s', (url) => {
    expect(Task.safeParse({ id: 't', prompt: 'x', expect_http: url }).success).toBe(false);
  });
});
