/** Folders that cannot be written and limits that are too low, told as what they are. */
import { type SpawnSyncReturns, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { requires } from '@vivarium/core/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { programNow } from '../../scripts/lib/compile.mjs';

const ROOT = resolve(import.meta.dirname, '../..');
let workspace: string;
beforeEach(() => {
  workspace = mkdtempSync(join(tmpdir(), 'vivarium-machine-'));
});
afterEach(() => rmSync(workspace, { recursive: true, force: true }));

/** Run a program of this repository after a shell has made the machine what the test wants, in namespaces of its own. */
function under(prepare: string, args: readonly string[], unshare: readonly string[] = ['--mount']): SpawnSyncReturns<string> {
  const [program = '', ...rest] = unshare.length > 0 ? ['unshare', ...unshare, 'sh'] : ['sh'];
  const script = `${prepare}; exec "$@"`;
  return spawnSync(program, [...rest, '-c', script, 'sh', process.execPath, ...args], {
    cwd: ROOT,
    env: {
      PATH: process.env['PATH'],
      HOME: workspace,
      VIVARIUM_WORKSPACE: workspace,
      VIVARIUM_API_PORT: '0',
      VIVARIUM_CONTROL_PANEL_PORT: '0',
      VIVARIUM_PROVIDER: 'none',
    },
    encoding: 'utf8',
    timeout: 60_000,
  });
}

const START = ['scripts/run.mjs', 'start'];
const ADD = () => programNow('worker', 'add', 'a', 'Say hello');
const DOCTOR = () => programNow('worker', 'doctor');
const READ_ONLY = 'mount -t tmpfs -o size=1m t $VIVARIUM_WORKSPACE && mount -o remount,ro $VIVARIUM_WORKSPACE';
const FULL = 'mount -t tmpfs -o size=16k t $VIVARIUM_WORKSPACE; head -c 99999 /dev/zero > $VIVARIUM_WORKSPACE/fill 2>/dev/null';
const STACK = /^\s+at .*:\d+:\d+\)?$/m;

describe.runIf(requires('unshare'))('a machine that refuses', () => {
  it.each([
    [
      'a read-only workspace, by npm start',
      READ_ONLY,
      () => START,
      2,
      'mounted read-only; mount it writable or name another folder',
    ],
    ['a read-only workspace, by the command line', READ_ONLY, ADD, 2, 'mounted read-only'],
    ['a read-only workspace, by doctor', READ_ONLY, DOCTOR, 1, 'mounted read-only'],
    ['a read-only workspace, by the API', READ_ONLY, () => programNow('api'), 1, 'mounted read-only'],
    ['a read-only workspace, by the panel', READ_ONLY, () => programNow('control-panel'), 2, 'mounted read-only'],
    ['a full disk, by the command line', FULL, ADD, 1, 'execution_log.jsonl failed: the disk is full (ENOSPC)'],
    ['a full disk, by the API', FULL, () => programNow('api'), 1, 'the disk is full (ENOSPC)'],
    ['a full disk, by the panel', FULL, () => programNow('control-panel'), 1, 'the disk is full (ENOSPC)'],
    ['a full disk, by the worker', FULL, () => programNow('worker', 'run'), 1, 'the disk is full (ENOSPC)'],
  ])('is told of: %s', (_, prepare, args, status, words) => {
    const ran = under(prepare, args());
    expect(ran.stdout + ran.stderr).toContain(words);
    expect(ran.stdout + ran.stderr).not.toMatch(STACK);
    expect(ran.status).toBe(status);
  });

  it.each([
    ['few open files', 'ulimit -n 300', [], 'may open only 300 files here'],
    ['no watch left', 'echo 0 > /proc/sys/user/max_inotify_watches', ['-Ur'], 'fs.inotify.max_user_watches'],
    ['no watcher left', 'echo 0 > /proc/sys/user/max_inotify_instances', ['-Ur'], 'fs.inotify.max_user_instances'],
    ['Node as process 1', ':', ['--pid', '--fork', '--mount-proc'], 'process 1 is node'],
  ])('is told of by doctor: %s', (_, prepare, unshare, words) => {
    const { stdout } = under(prepare, DOCTOR(), unshare);
    expect(stdout).toMatch(new RegExp(`warning +machine: .*${words}.*\\n +fix: `));
  });

  it('is told of by npm start before anything is installed or compiled: too few open files', () => {
    const ran = under('ulimit -n 64', START, []);
    expect(ran).toMatchObject({ status: 2, stdout: '' });
    expect(ran.stderr).toBe(
      '[vivarium] A process may open only 64 files here, and Vivarium needs 256. Raise the limit, e.g. ulimit -n 4096\n',
    );
  });
});
