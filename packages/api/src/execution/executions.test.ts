import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Artifacts, CycleRequest, StorageError, workspacePaths } from '@vivarium/core';
import { fileBackend } from '@vivarium/storage-files';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type Answer, Executions } from './executions.ts';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'vivarium-executions-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const request = (more: object = {}) => CycleRequest.parse({ prompt: 'Explain logs', task_id: 't', ...more });
const answer = (result: string): Answer => ({
  result: {
    status: 'completed',
    result,
    model: 'm',
    budget_used: 0.001,
    safety_report: {
      timestamp: '2030-01-01T00:00:00.000Z',
      stage: 'api',
      subject: '',
      subject_sha256: '',
      passed: true,
      checks: [],
    },
    simulated: false,
    artifact_id: 't/1/output.md',
    replayed: false,
    duration_ms: 1,
  },
  artifact: { task_id: 't', attempt: 1, name: 'output.md', bytes: result },
  charge: { call_id: `call-of-${result}`, cost_usd: 0.001 },
});
const open = (artifacts: Artifacts = fileBackend(workspacePaths(root)).artifacts) =>
  Executions.open(fileBackend(root), artifacts);

describe('executions by key', () => {
  it('do not buy an answer again that the disk refused to keep', async () => {
    const real = fileBackend(workspacePaths(root)).artifacts;
    const put = vi.fn(real.put).mockRejectedValueOnce(new StorageError('the disk is full'));
    const executions = await open({ ...real, put });
    const run = vi.fn(async () => answer('precious'));
    await expect(executions.once('k', request(), run)).rejects.toThrow('the disk is full');
    await expect(executions.once('k', request({ prompt: 'other' }), run)).rejects.toThrow('another body');
    expect(await executions.once('k', request(), run)).toMatchObject({ ran: false, result: { result: 'precious' } });
    expect(run).toHaveBeenCalledTimes(1);
    await executions.close();
  });

  it('remember what each answer cost, for calls a crash left unsettled', async () => {
    const before = await open();
    await before.once('k', request(), async () => answer('a'));
    await before.close();
    const after = await open();
    expect([...after.charges]).toEqual([['call-of-a', 0.001]]);
    await after.close();
  });

  it('bring back outputs that a power cut took, once the machine was booted anew', async () => {
    const artifacts = fileBackend(workspacePaths(root)).artifacts;
    const file = join(root, '.swarm/artifacts/t/1/output.md');
    const booted = (boot: string) => Executions.open(fileBackend(root), artifacts, { boot });
    const before = await booted('one');
    await before.once('k', request(), async () => answer('precious'));
    await before.close();
    rmSync(join(root, '.swarm', 'artifacts'), { recursive: true });
    await (await booted('one')).close();
    expect(existsSync(file)).toBe(false);
    await (await booted('two')).close();
    expect(readFileSync(file, 'utf8')).toBe('precious');
    chmodSync(file, 0o600);
    truncateSync(file, 4);
    await (await booted('three')).close();
    expect(readFileSync(file, 'utf8')).toBe('precious');
    chmodSync(file, 0o600);
    writeFileSync(file, 'pre\0\0\0\0\0');
    await (await booted('four')).close();
    expect(readFileSync(file, 'utf8')).toBe('precious');
  });

  it('let a run that failed be tried again', async () => {
    const executions = await open();
    await expect(executions.once('k', request(), () => Promise.reject(new Error('busy')))).rejects.toThrow('busy');
    expect(await executions.once('k', request(), async () => answer('now'))).toMatchObject({ ran: true });
    await executions.close();
  });

  it('are the same work for another worker, with more time, money or context, and another work with another model', async () => {
    const executions = await open();
    await executions.once('k', request(), async () => answer('a'));
    const resumed = request({ resident_id: 'b', timeout: 90, max_budget: 1, system: 'more context' });
    expect((await executions.once('k', resumed, async () => answer('b'))).result.result).toBe('a');
    await expect(executions.once('k', request({ model: 'x' }), async () => answer('b'))).rejects.toThrow('another body');
    await executions.close();
  });
});
