import { appendFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setImmediate as tick } from 'node:timers/promises';
import {
  LINES,
  maskSecrets,
  openActivityLog,
  openAudit,
  rememberSecret,
  type WorkspacePaths,
  workspacePaths,
} from '@vivarium/core';
import { beforeEach, describe, expect, it } from 'vitest';
import { fileBackend } from '../file-backend.ts';

const clock = { now: () => new Date('2026-03-02T09:08:07.006Z'), monotonicMs: () => 0 };
let paths: WorkspacePaths;
beforeEach(() => {
  paths = workspacePaths(mkdtempSync(join(tmpdir(), 'vivarium-activity-')));
});

describe('activity log', () => {
  it('keeps the whole entry in the JSON lines and one short line for people', async () => {
    const log = openActivityLog(fileBackend(paths, clock));
    const detail = `first\nsecond ${'so on '.repeat(40)}`;
    log.note({ actor: 'worker-1', action_type: 'SYSTEM', action: 'task_added', detail, metadata: { task_id: 't1' } });
    await tick();
    const [line] = readFileSync(paths.actionLog, 'utf8').split('\n');
    const entry = {
      timestamp: '2026-03-02T09:08:07.006Z',
      actor: 'worker-1',
      action_type: 'SYSTEM',
      action: 'task_added',
      detail,
    };
    expect(JSON.parse(line ?? '')).toEqual({ ...entry, metadata: { task_id: 't1' } });
    const short = `first second ${'so on '.repeat(40).slice(0, 67)}`;
    expect(readFileSync(paths.actionLogText, 'utf8')).toBe(`Mon | 09:08:07.006 | worker-1 | SYSTEM | task_added | ${short}\n`);
    log.close();
  });

  it('shows no secret, not even the first half of one at the cut', () => {
    const log = openActivityLog(fileBackend(paths, clock));
    const key = `gsk_${'Ab1'.repeat(17)}`;
    log.note({ actor: 'a', action_type: 'API', action: key, detail: `${'y'.repeat(60)} ${key}`, metadata: { key } });
    log.close();
    expect(readFileSync(paths.actionLog, 'utf8') + readFileSync(paths.actionLogText, 'utf8')).not.toContain('Ab1');
  });

  it('goes on in a new file when the old one was taken away', () => {
    const log = openActivityLog(fileBackend(paths, clock));
    const note = (action: string) => log.note({ actor: 'a', action_type: 'TEST', action, detail: '' });
    note('one');
    log.flush();
    rmSync(paths.actionLog);
    note('two');
    log.flush();
    expect(readFileSync(paths.actionLog, 'utf8')).toContain('two');
    log.close();
  });

  it('begins a line of its own behind what a dead process left unfinished, whenever that came', () => {
    mkdirSync(dirname(paths.apiAudit), { recursive: true });
    writeFileSync(paths.apiAudit, '{"n":0,"cut":');
    const audit = openAudit(fileBackend(paths), LINES.apiAudit);
    audit.append({ n: 1 });
    appendFileSync(paths.apiAudit, '{"of":"another');
    audit.append({ n: 2 });
    audit.close();
    const lines = readFileSync(paths.apiAudit, 'utf8').split('\n');
    expect(lines).toEqual(['{"n":0,"cut":', '{"n":1}', '{"of":"another', '{"n":2}', '']);
  });

  it('throws nothing when the disk refuses, and catches up afterwards', () => {
    writeFileSync(paths.swarm, 'a file where the folder should be');
    const audit = openAudit(fileBackend(paths), LINES.apiAudit);
    expect(audit.append({ n: 1 })).toBe(false);
    rmSync(paths.swarm);
    expect(audit.append({ n: 2 })).toBe(true);
    expect(readFileSync(paths.apiAudit, 'utf8')).toBe('{"n":1}\n{"n":2}\n');
    audit.close();
  });
});

describe('maskSecrets', () => {
  it.each([
    ['gsk_abcdefgh1234', 'gsk_***'],
    ['key sk-proj-abcdefgh_1234, next', 'key sk-***, next'],
    ['Authorization: Bearer abc.def-ghi=', 'Authorization: Bearer ***'],
    ['task-manager and risk-free', 'task-manager and risk-free'],
  ])('%s → %s', (text, masked) => {
    expect(maskSecrets(text)).toBe(masked);
  });

  it('masks remembered values inside JSON and leaves it valid', () => {
    rememberSecret('pass"word\\1');
    const masked = maskSecrets(JSON.stringify({ a: 'pass"word\\1', b: 'Bearer abcdefgh' }));
    expect(JSON.parse(masked)).toEqual({ a: '***', b: 'Bearer ***' });
  });
});
