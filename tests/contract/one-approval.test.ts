/** Whatever workers believe of each other: an approval of a lost claim counts for nothing, and does not even reach the log. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Claim, LeaseLostError, openTaskStore, type TaskEvent, type TaskStore, workspacePaths } from '@vivarium/core';
import { anOutcome, aReview, aTask, FakeClock } from '@vivarium/core/testing';
import { fileBackend } from '@vivarium/storage-files';
import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';

const WORKERS = ['w1', 'w2', 'w3'];
const TASKS = ['a', 'b'];
const folders: string[] = [];
const opened: TaskStore[] = [];
afterEach(async () => {
  for (const store of opened.splice(0)) await store.close();
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

/** One step of somebody: take what can be had, or say something of one of the claims ever made, lost ones too. */
const Step = fc.record({ who: fc.nat(2), act: fc.constantFrom('claim', 'execute', 'review', 'approve'), which: fc.nat(30) });
type Step = { who: number; act: string; which: number };

/** Workers that take each other for dead, over one log. */
async function town() {
  const folder = mkdtempSync(join(tmpdir(), 'viv-approval-'));
  folders.push(folder);
  const paths = workspacePaths(folder);
  const liveness = { isLive: () => false, liveWorkers: () => [] };
  const open = async () => {
    const store = await openTaskStore({ backend: fileBackend(paths, new FakeClock()), liveness });
    opened.push(store);
    return store;
  };
  const stores = [await open(), await open(), await open()];
  await stores[0]!.add(
    TASKS.map((id) => aTask({ id })),
    'p',
  );
  const claims: { who: number; claim: Claim }[] = [];
  const take = async (who: number) => {
    const found = await stores[who]!.claim({ worker_id: WORKERS[who]!, limit: 1, assign: () => ({}) });
    claims.push(...found.map((claim) => ({ who, claim })));
  };
  const act = async ({ who, act: what, which }: Step) => {
    if (what === 'claim') return take(who);
    const said = claims[which % Math.max(1, claims.length)];
    if (!said) return;
    const command = {
      execute: { kind: 'record_execution', outcome: anOutcome() } as const,
      review: { kind: 'record_review', review: aReview() } as const,
      approve: { kind: 'approve', review: aReview() } as const,
    }[what];
    await stores[said.who]!.record(said.claim.lease, command!).catch((error: unknown) => {
      if (!(error instanceof LeaseLostError)) throw error;
    });
  };
  return { paths, open, act };
}

const linesOf = (paths: { executionLog: string }): TaskEvent[] =>
  readFileSync(paths.executionLog, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
const approvals = (events: readonly TaskEvent[], id: string) =>
  events.filter(({ event, task_id }) => event === 'task_approved' && task_id === id).length;

/** Everything that counts was said under the claim that was in force. */
function holdsTogether(history: readonly TaskEvent[]): boolean {
  let epoch = 0;
  return history.every((event) => {
    if (event.event === 'task_claimed') epoch = event.epoch;
    return !('epoch' in event) || event.epoch === epoch;
  });
}

describe('workers that take each other for dead', () => {
  it('write one approval of a task into the log, one after the other', async () => {
    const property = fc.asyncProperty(fc.array(Step, { minLength: 10, maxLength: 40 }), async (steps) => {
      const { paths, act } = await town();
      for (const step of steps) await act(step);
      for (const id of TASKS) expect(approvals(linesOf(paths), id)).toBeLessThanOrEqual(1);
    });
    await fc.assert(property, { numRuns: 60 });
  });

  it('have one approval of a task count, and nothing of a lost claim, at the same moment too', async () => {
    const property = fc.asyncProperty(fc.array(Step, { minLength: 10, maxLength: 40 }), async (steps) => {
      const { act, open } = await town();
      for (let at = 0; at < steps.length; at += 4) await Promise.all(steps.slice(at, at + 4).map(act));
      const later = await open();
      for (const id of TASKS) {
        expect(approvals(later.history(id), id)).toBeLessThanOrEqual(1);
        expect(holdsTogether(later.history(id))).toBe(true);
      }
    });
    await fc.assert(property, { numRuns: 60 });
  });
});
