import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Heartbeat, type LockFile, type WorkspacePaths, workspacePaths } from '@vivarium/core';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { fileBackend } from '../file-backend.ts';
import { lockFiles } from './lock-files.ts';
import { fateOf, identifyProcess } from './process-proof.ts';

const HOUR = 3_600_000;
let paths: WorkspacePaths;
let wall: number;
let mono: number;
const clock = { now: () => new Date(wall), monotonicMs: () => mono };

beforeEach(() => {
  paths = workspacePaths(mkdtempSync(join(tmpdir(), 'vivarium-workers-')));
  wall = Date.parse('2026-03-01T12:00:00Z');
  mono = 1_000_000;
});

describe('worker registry', () => {
  const registry = () => fileBackend(paths, clock).presence;
  const change = (id: string, part: Partial<Heartbeat>) => {
    const file = join(paths.workers, `${id}.json`);
    writeFileSync(file, JSON.stringify({ ...JSON.parse(readFileSync(file, 'utf8')), ...part }));
  };

  it('holds a worker live while its beat is younger than 30 s by the monotonic clock', async () => {
    const worker = registry();
    const other = registry();
    expect(other.isLive('w1')).toBe(false);
    await worker.start({ worker_id: 'w1', concurrency: 4 });
    mono += 29_999;
    expect(other.isLive('w1')).toBe(true);
    mono += 1;
    expect(other.isLive('w1')).toBe(false);
    await worker.beat(['t1']);
    expect(other.liveWorkers()).toEqual(['w1']);
    expect(other.heartbeats()[0]?.running).toEqual(['t1']);
  });

  it('believes each worker about the length of its own lease', async () => {
    const worker = registry();
    await worker.start({ worker_id: 'w1', concurrency: 4, lease_ms: 2_000 });
    mono += 1_999;
    expect(registry().isLive('w1')).toBe(true);
    mono += 1;
    expect(registry().isLive('w1')).toBe(false);
  });

  it.each([24 * HOUR, -24 * HOUR])('does not care when the wall clock jumps by %d ms', async (jump) => {
    const worker = registry();
    await worker.start({ worker_id: 'w1', concurrency: 1 });
    wall += jump;
    expect(registry().isLive('w1')).toBe(true);
  });

  it('takes a killed process for dead at once', async () => {
    const child = spawn('sleep', ['60']);
    const worker = registry();
    await worker.start({ worker_id: 'w1', concurrency: 1 });
    change('w1', identifyProcess(child.pid));
    expect(worker.isLive('w1')).toBe(true);
    child.kill('SIGKILL');
    await once(child, 'exit');
    expect(worker.isLive('w1')).toBe(false);
  });

  it('takes another process under the same pid, and an earlier boot, for dead', async () => {
    const worker = registry();
    await worker.start({ worker_id: 'w1', concurrency: 1 });
    change('w1', { process_start: '1' });
    expect(worker.isLive('w1')).toBe(false);
    change('w1', { ...identifyProcess(), boot_id: 'another' });
    expect(worker.isLive('w1')).toBe(false);
  });

  it('judges a worker of another host by the wall clock alone', async () => {
    const worker = registry();
    await worker.start({ worker_id: 'w1', concurrency: 1 });
    change('w1', { host: 'elsewhere', boot_id: 'another', pid: 2 ** 30 });
    mono += HOUR;
    expect(worker.isLive('w1')).toBe(true);
    wall += 31_000;
    expect(worker.isLive('w1')).toBe(false);
  });

  it.each([
    ['another PID namespace, under a pid that is free here', { pid_ns: 'pid:[1]', pid: 2 ** 30, process_start: '5' }],
    ['another PID namespace, under the pid of another process here', { pid_ns: 'pid:[1]', process_start: '5' }],
    ['a PID namespace that nobody wrote down', { pid_ns: '', pid: 2 ** 30 }],
  ])('believes the heartbeat of a worker in %s', async (_, there) => {
    const worker = registry();
    await worker.start({ worker_id: 'w1', concurrency: 1 });
    change('w1', there);
    mono += 29_999;
    expect(worker.isLive('w1')).toBe(true);
    mono += 1;
    expect(worker.isLive('w1')).toBe(false);
  });

  it('judges a worker under a clock of its own by the wall clock', async () => {
    const worker = registry();
    await worker.start({ worker_id: 'w1', concurrency: 1 });
    change('w1', { time_ns: 'time:[1]', monotonic_ms: mono + 9 * HOUR });
    expect(worker.isLive('w1')).toBe(true);
    wall += 31_000;
    expect(worker.isLive('w1')).toBe(false);
  });

  it('ends with stop, and a beat that was under way does not bring it back', async () => {
    const worker = registry();
    await worker.start({ worker_id: 'w1', concurrency: 1 });
    const beat = worker.beat([]);
    worker.stop();
    await beat;
    expect(worker.isLive('w1')).toBe(false);
    expect(readdirSync(paths.workers)).toEqual([]);
  });

  it('forgets the dead after a day and never reads a path out of an id', async () => {
    const dead = registry();
    await dead.start({ worker_id: 'old', concurrency: 1 });
    change('old', { process_start: '1' });
    wall += 23 * HOUR;
    await registry().start({ worker_id: 'new', concurrency: 1 });
    expect(readdirSync(paths.workers).sort()).toEqual(['new.json', 'old.json']);
    wall += 2 * HOUR;
    await registry().start({ worker_id: 'new', concurrency: 1 });
    expect(readdirSync(paths.workers)).toEqual(['new.json']);
    writeFileSync(join(paths.swarm, 'x.json'), readFileSync(join(paths.workers, 'new.json')));
    expect(dead.isLive('../x')).toBe(false);
  });

  it('knows this process to live', () => {
    expect(fateOf(identifyProcess())).toBe('alive');
  });
});

describe('lock files', () => {
  const lock = (part: Partial<LockFile> = {}): LockFile => ({
    task_id: 't1',
    worker_id: 'w1',
    resident_id: 'r1',
    pid: 1,
    host: 'here',
    epoch: 1,
    started_at: '2026-03-01T12:00:00Z',
    ...part,
  });
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('stand complete after 20 ms and go at once', () => {
    const locks = lockFiles(paths);
    locks.publish(lock());
    vi.advanceTimersByTime(20);
    expect(locks.list()).toEqual([lock()]);
    expect(readdirSync(paths.taskLocks)).toEqual(['t1.lock']);
    locks.remove('t1', 'w1', 1);
    expect(locks.list()).toEqual([]);
  });

  it('never touch the disk for a task that ends at once', () => {
    const locks = lockFiles(paths);
    locks.publish(lock());
    locks.remove('t1', 'w1', 1);
    vi.advanceTimersByTime(1_000);
    expect(existsSync(paths.taskLocks)).toBe(false);
  });

  it('give way to a newer holder and are not taken down by the former one', () => {
    const former = lockFiles(paths);
    const newer = lockFiles(paths);
    former.publish(lock());
    vi.advanceTimersByTime(20);
    newer.publish(lock({ worker_id: 'w2', epoch: 2 }));
    vi.advanceTimersByTime(20);
    former.remove('t1', 'w1', 1);
    former.publish(lock());
    vi.advanceTimersByTime(20);
    expect(newer.list()).toEqual([lock({ worker_id: 'w2', epoch: 2 })]);
    newer.close();
    expect(newer.list()).toEqual([]);
  });

  it('leave nothing of a dead holder behind, however soon its heir is done', () => {
    const former = lockFiles(paths);
    former.publish(lock());
    vi.advanceTimersByTime(20);
    const heir = lockFiles(paths);
    heir.publish(lock({ worker_id: 'w2', epoch: 2 }));
    heir.remove('t1', 'w2', 2);
    expect(heir.list()).toEqual([]);
  });

  it('are swept away when their holders ended before they could take them down', () => {
    const locks = lockFiles(paths);
    locks.publish(lock());
    locks.publish(lock({ task_id: 't2' }));
    vi.advanceTimersByTime(20);
    for (const draft of ['.t2.1.w1.tmp', '.t3.1.w8.tmp', '.t4.4711.tmp']) writeFileSync(join(paths.taskLocks, draft), 'a draft');
    locks.sweep(({ task_id }) => task_id === 't2');
    expect(readdirSync(paths.taskLocks).sort()).toEqual(['.t2.1.w1.tmp', 't2.lock']);
  });

  it('replace a file that is no lock', () => {
    mkdirSync(paths.taskLocks);
    writeFileSync(join(paths.taskLocks, 't1.lock'), 'left behind');
    const locks = lockFiles(paths);
    expect(locks.list()).toEqual([]);
    locks.publish(lock());
    vi.advanceTimersByTime(20);
    expect(locks.list()).toEqual([lock()]);
  });
});
