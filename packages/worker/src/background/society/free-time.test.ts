import { mkdirSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  asOwner,
  asRuntime,
  type CycleInput,
  type CycleResult,
  openSociety,
  type SocietyStore,
  workspacePaths,
} from '@vivarium/core';
import { FakeClock } from '@vivarium/core/testing';
import { fileBackend } from '@vivarium/storage-files';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openAskApi } from '../../api/ask.ts';
import type { CycleAnswer } from '../../api/cycle-client.ts';
import { Attendance } from './attendance.ts';
import { FreeTime } from './free-time.ts';

const quiet = { info: () => undefined, warn: () => undefined, error: () => undefined };
const DAY_SECONDS = 60;

let root: string;
let clock: FakeClock;
let society: SocietyStore;
let idle: boolean;
let calls: CycleInput[];
let answer: (body: CycleInput, signal: AbortSignal) => Promise<CycleAnswer>;
let notes: { actor: string; action: string; metadata?: unknown }[];
let rested: Promise<void>;
let freeTime: FreeTime;

const result = (budget_used: number): CycleAnswer => ({
  kind: 'result',
  result: { status: 'completed', result: 'I wrote a poem.', budget_used, steps: 2, simulated: false } as CycleResult,
});

function open(limitUsd: number): FreeTime {
  const attendance = new Attendance({ society, clock, daySeconds: DAY_SECONDS, running: () => true, log: quiet });
  let moved = (): void => undefined;
  rested = new Promise((resolve) => {
    moved = resolve;
  });
  return new FreeTime({
    ...{ society, attendance, clock, limitUsd, daySeconds: DAY_SECONDS, log: quiet, moved: () => moved() },
    askApi: openAskApi({
      api: {
        cycle(body, signal) {
          calls.push(body);
          return answer(body, signal);
        },
      },
      apiAway: () => undefined,
      modelsBusy: () => undefined,
      stopReason: () => 'halted',
    }),
    idle: () => idle,
    bodyOf: (id) => `body_of_${id}`,
    activity: { note: (entry) => void notes.push(entry) },
  });
}

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'viv-free-time-'));
  const paths = workspacePaths(root);
  mkdirSync(paths.identities, { recursive: true });
  for (const id of ['ada', 'ben', 'cyn']) {
    const attributes = { core: { personality_traits: [`${id}-like`] } };
    writeFileSync(join(paths.identities, `${id}.json`), JSON.stringify({ id, name: id, attributes }));
  }
  clock = new FakeClock('2026-11-24T12:00:00.000Z');
  society = await openSociety({ backend: fileBackend(paths, clock) });
  for (const identity_id of ['ada', 'ben']) await society.act(asOwner, 'tip', { identity_id, amount: 10, reason: 'for a start' });
  [idle, calls, notes, answer] = [true, [], [], async () => result(0.002)];
});
afterEach(async () => {
  await freeTime.close();
  await society.close();
  await rm(root, { recursive: true, force: true });
});

const spent = async () => society.world.society.free_time.cost_by_day.get('2026-11-24');

describe('free time', () => {
  it('is off unless it may cost something, and waits for a moment without tasks', () => {
    freeTime = open(0);
    freeTime.look();
    expect(freeTime.busy).toBe(false);
    freeTime = open(1);
    idle = false;
    freeTime.look();
    expect([freeTime.busy, calls]).toEqual([false, []]);
  });

  it('lets each resident with tokens have one short cycle, awake and on record, once in a cycle', async () => {
    freeTime = open(1);
    freeTime.look();
    await rested;
    expect(calls).toMatchObject(
      [
        {
          purpose: 'free_time',
          identity_id: 'ada',
          resident_id: 'body_of_ada',
          max_budget: 0.01,
          execution_key: /free_time\/ada\/\d+/,
        },
        { identity_id: 'ben' },
      ].map(({ execution_key, ...call }) => ({
        ...call,
        ...(execution_key ? { execution_key: expect.stringMatching(execution_key) } : {}),
      })),
    );
    expect(calls.every((call) => !('task_id' in call))).toBe(true);
    expect(await spent()).toBeCloseTo(0.004);
    expect(notes).toMatchObject([
      { actor: 'ada', action: 'free_time', metadata: { free_time: true, cost_usd: 0.002 } },
      { actor: 'ben' },
    ]);
    expect(society.profile('ada')?.person.awake?.resident_id).toBe('body_of_ada');
    freeTime.look();
    await freeTime.close();
    expect(calls).toHaveLength(2);
  });

  it('begins with those to whom the open bounties speak, where all waited alike', async () => {
    await society.act(asOwner, 'create_bounty', { title: 'Draw the wall as Ben-like as you can' });
    freeTime = open(1);
    freeTime.look();
    await rested;
    expect(calls.map(({ identity_id }) => identity_id)).toEqual(['ben', 'ada']);
  });

  it('ends when a task comes, when the day has cost enough, and when somebody else has the body', async () => {
    answer = async () => {
      idle = false;
      return result(0.002);
    };
    freeTime = open(1);
    freeTime.look();
    await rested;
    expect(calls.map(({ identity_id }) => identity_id)).toEqual(['ada']);
    [idle, answer] = [true, async () => result(0.01)];
    clock.advance(DAY_SECONDS * 1_000);
    await society.act(asRuntime, 'wake', { identity_id: 'ben', resident_id: 'other', cycle_id: 10 ** 9 });
    freeTime = open(0.011);
    freeTime.look();
    await rested;
    expect(calls).toHaveLength(1);
  });

  it('is broken off by HALT, and what it might have cost stays set aside', async () => {
    answer = (_body, signal) =>
      new Promise((resolve) => signal.addEventListener('abort', () => resolve({ kind: 'aborted' }), { once: true }));
    freeTime = open(1);
    freeTime.look();
    while (calls.length === 0) await new Promise((resolve) => setImmediate(resolve));
    freeTime.abort();
    await rested;
    expect(calls).toHaveLength(1);
    expect(await spent()).toBeCloseTo(0.01);
  });
});
