import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { checkTaskLog } from './kit/check-log.ts';
import { hasProgram, start, temporaryFolder } from './kit/processes.ts';

const CLAIMER = 'tests/faults/kit/claimer.ts';
const TASKS = '20';
const STRACE = '/usr/bin/strace';
/** strace counts calls by thread: with one thread for files, the n-th call is the n-th call. */
const ONE_THREAD = { UV_THREADPOOL_SIZE: '1' };
const full = process.env['VIVARIUM_FAULTS'] === 'full';

/** Run twenty tasks under one injected fault, then let a healthy process finish; returns what the log proves. */
async function runWith(inject: string, calls: string) {
  const folder = temporaryFolder();
  const log = join(folder, 'execution_log.jsonl');
  const under = [STRACE, '-f', '-qq', '-o', join(folder, 'trace'), '-P', log, '-e', `trace=${calls}`, '-e', `inject=${inject}`];
  const hurt = start(CLAIMER, [folder, 'hurt', TASKS], { under, env: ONE_THREAD });
  const { code } = await hurt.exit;
  const healthy = start(CLAIMER, [folder, 'healthy', TASKS]);
  const finished = await healthy.exit;
  expect(finished.code, healthy.errors.join('\n')).toBe(0);
  const refused = hurt.lines.filter((line) => line.includes('refused')).length;
  return { code, refused, said: hurt.lines, proof: checkTaskLog(folder), errors: hurt.errors.join('\n') };
}

/** How many of the calls a clean run makes on the log; a fault beyond that would test nothing. */
async function countCalls(call: string): Promise<number> {
  const folder = temporaryFolder();
  const trace = join(folder, 'trace');
  const log = join(folder, 'execution_log.jsonl');
  const run = start(CLAIMER, [folder, 'counted', TASKS], {
    under: [STRACE, '-f', '-qq', '-o', trace, '-P', log, '-e', `trace=${call}`],
  });
  expect((await run.exit).code, run.errors.join('\n')).toBe(0);
  const lines = readFileSync(trace, 'utf8').split('\n');
  return lines.filter((line) => line.includes(`${call}(`)).length;
}

/** Every point in the full campaign; a spread of them in CI, the ends otherwise. */
function points(total: number): number[] {
  const every = Array.from({ length: total }, (_, n) => n + 1);
  if (full) return every;
  return process.env['CI'] === undefined ? [1, total] : [1, Math.ceil(total / 2), total];
}

const whole = { added: 20, approvedOnce: 20, approvedTwice: 0, executedTwice: 0 };

describe.skipIf(!hasProgram(STRACE))('a failing disk under the task log', () => {
  it.each(['ENOSPC', 'EIO'])('refuses a write that fails with %s, and goes on when it can', async (error) => {
    for (const at of points(await countCalls('write'))) {
      const run = await runWith(`write:error=${error}:when=${at}`, 'write');
      expect(run, `write ${at}`).toMatchObject({ code: 0, proof: whole });
      expect(run.refused, `write ${at}`).toBeGreaterThan(0);
    }
  });

  it('stops for good when a sync fails, and a new process finishes', async () => {
    for (const at of points(await countCalls('fdatasync'))) {
      const run = await runWith(`fdatasync:error=EIO:when=${at}`, 'fdatasync');
      expect(run, `sync ${at}`).toMatchObject({ code: 1, proof: whole });
      expect(run.errors, `sync ${at}`).toContain('A sync of the log failed');
    }
  });

  it.each(['write', 'fdatasync'])('survives a kill at any %s', async (call) => {
    for (const at of points(await countCalls(call))) {
      const run = await runWith(`${call}:signal=SIGKILL:when=${at}`, call);
      expect(run.proof, `${call} ${at}`).toEqual(expect.objectContaining(whole));
    }
  });
});

describe('what a process was told', () => {
  it('is what stands in the log', async () => {
    const folder = temporaryFolder();
    const run = start(CLAIMER, [folder, 'w', TASKS]);
    await run.exit;
    const told = run.lines.flatMap((line) => (line.includes('approved') ? [String(JSON.parse(line).approved)] : []));
    const log = readdirSync(folder).filter((name) => name.endsWith('.jsonl') && name.startsWith('execution'));
    const text = log.map((name) => readFileSync(join(folder, name), 'utf8')).join('');
    for (const id of told) expect(text).toContain(`"task_id":"${id}"`);
    expect(told).toHaveLength(20);
  });
});
