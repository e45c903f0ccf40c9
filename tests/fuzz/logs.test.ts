/** Logs whose lines are damaged, or say what nobody expects under a right checksum: everything else still counts. */
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import {
  asOwner,
  openBudgetLedger,
  openGates,
  openSkills,
  openSociety,
  openTaskStore,
  systemClock,
  Task,
  workspacePaths,
} from '@vivarium/core';
import { FakeLiveness } from '@vivarium/core/testing';
import { fileBackend } from '@vivarium/storage-files';
import { verifyLedger } from '@vivarium/world';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { Steps } from '../../packages/api/src/residents/steps.ts';
import { encodeLine } from '../../packages/storage-files/src/log/line.ts';
import { readTail } from '../../packages/storage-files/src/log/tail.ts';
import { cases, damaged, fuzz, mangled } from './kit.ts';
import { freshFolder, linesOf, playedWorld, saidIn } from './world.ts';

const clock = systemClock;
const liveness = new FakeLiveness();
let home: string;
beforeAll(async () => {
  home = await playedWorld();
});

let appends = 0;
const encoded = (value: object) => encodeLine(value, `fuzz.${appends++}`, { index: 1, count: 1 });
const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null && !Array.isArray(value);

it('a damaged log loses no line that is whole', async () => {
  const lines = linesOf(workspacePaths(home).executionLog).slice(0, 25);
  const single = new Set(lines.filter((line) => !line.includes('"part":"')));
  await fuzz(cases(3_000), damaged(`${lines.join('\n')}\n`), (bytes) => {
    const { lines: read, bad, consumed } = readTail(bytes, 0);
    const whole = bytes.toString('latin1').split('\n').slice(0, -1);
    const counted = read.map(({ offset, end }) => bytes.toString('latin1', offset, end - 1));
    expect(counted.filter((line) => single.has(Buffer.from(line, 'latin1').toString('utf8'))).length).toBe(
      whole.filter((line) => single.has(Buffer.from(line, 'latin1').toString('utf8'))).length,
    );
    for (const line of read) expect(line.value).toBeTypeOf('object');
    expect(read.length + bad.length).toBeLessThanOrEqual(whole.length);
    expect(consumed).toBeLessThanOrEqual(bytes.length);
  });
});

/** A log, what its last line must still do after the strange one, and how the world is read. */
interface Reader {
  readonly file: (home: string) => string;
  readonly samples?: readonly object[];
  readonly last: object;
  readonly read: (home: string) => Promise<unknown>;
  readonly sees: unknown;
}

const at = '2026-01-02T00:00:00.000Z';
const STEP = {
  cycle: 'one',
  step: 1,
  text: 'look',
  tool_calls: [{ id: 'c', type: 'function', function: { name: 'rest', arguments: '{}' } }],
  model: 'm',
  simulated: false,
  usage: { prompt_tokens: 1, completion_tokens: 1 },
  cost_usd: 0,
  charge: { call_id: 'c', cost_usd: 0 },
};
const READERS: Record<string, Reader> = {
  tasks: {
    file: (at) => workspacePaths(at).executionLog,
    last: {
      event: 'task_added',
      status: 'queued',
      task_id: 'sentinel',
      timestamp: at,
      actor: 'person:cli',
      task: Task.parse({ id: 'sentinel', prompt: 'Stay' }),
    },
    sees: 'queued',
    async read(folder) {
      const store = await openTaskStore({ backend: fileBackend(workspacePaths(folder), clock), liveness });
      const { records } = store.list({ limit: 500 });
      for (const { task } of records) {
        store.explain(task.id);
        store.history(task.id);
      }
      store.nextDue();
      store.list({ text: 'stay' });
      await store.claim({ worker_id: 'w1', limit: 50, assign: () => ({ resident_id: 'r1' }) });
      await store.decide('sentinel', { kind: 'retry' }, 'person').catch(() => undefined);
      const { status } = store.get('sentinel') ?? {};
      await store.close();
      return status === 'in_progress' ? 'queued' : status;
    },
  },
  money: {
    file: (at) => workspacePaths(at).budgetLedger,
    last: { kind: 'cap_set', timestamp: at, actor: 'config', cap_usd: 7 },
    sees: 7,
    async read(folder) {
      const budget = await openBudgetLedger({ backend: fileBackend(workspacePaths(folder), clock), capUsd: 7 });
      const { cap_usd, spent_usd, reserved_usd } = budget.state();
      await budget.close();
      expect(spent_usd).toBeGreaterThanOrEqual(0);
      expect(reserved_usd).toBeGreaterThanOrEqual(0);
      return cap_usd;
    },
  },
  'tokens and acts': {
    file: (at) => workspacePaths(at).tokenLedger,
    last: {
      timestamp: at,
      key: 'sentinel',
      kind: 'tip',
      memo: '',
      actor: 'human',
      action: 'tip',
      postings: [
        { account: 'mint:tip', amount: -1 },
        { account: 'wallet:sentinel:free', amount: 1 },
      ],
      data: { identity_id: 'sentinel', amount: 1 },
    },
    sees: 1,
    async read(folder) {
      const paths = workspacePaths(folder);
      const society = await openSociety({ backend: fileBackend(paths, clock) });
      const { world } = society;
      for (const id of world.identities.keys()) society.profile(id);
      await society.publish();
      const tokens = world.tokens.balances.get('wallet:sentinel:free');
      await society.ask(asOwner, 'tip', { identity_id: 'wren', amount: 1 });
      await society.close();
      await verifyLedger(paths.tokenLedger);
      return tokens;
    },
  },
  'quality gates': {
    file: (at) => workspacePaths(at).gatesLog,
    samples: [
      { at, actor: 'wren', event: 'resident_registered', resident_id: 'wren', specializations: ['qa'] },
      { at, actor: 'wren', event: 'vote_cast', ballot_id: 'vote_1', vote: 'approved', reason: 'fits' },
      { at, actor: 'runtime', event: 'batch_created', batch_id: 'batch_1', task_ids: ['t1'] },
    ],
    last: {
      at,
      actor: 'wren',
      event: 'change_submitted',
      change_id: 'sentinel',
      attempt: 1,
      title: 'A change',
      description: 'It changes',
      author_id: 'wren',
      excerpt: 'text',
      ballot_id: 'vote_s',
    },
    sees: true,
    async read(folder) {
      const gates = await openGates({ backend: fileBackend(workspacePaths(folder), clock) });
      const found = gates.change('sentinel') !== undefined;
      await gates.tryRecord({ event: 'ballot_closed', ballot_id: 'vote_s', actor: 'runtime' });
      await gates.close();
      return found;
    },
  },
  skills: {
    file: (at) => workspacePaths(at).skillsLog,
    samples: [
      { timestamp: at, name: 'one', version: '1.0.0', event: 'skill_added', origin: 'person', status: 'candidate' },
      {
        timestamp: at,
        name: 'one',
        version: '1.0.0',
        event: 'skill_used',
        task_id: 't1',
        attempt: 1,
        route: 'exact',
        confidence: 1,
        model_call_avoided: true,
        outcome: 'useful',
      },
    ],
    last: {
      timestamp: at,
      name: 'repository-map',
      version: '1.0.0',
      event: 'skill_added',
      origin: 'person',
      status: 'candidate',
    },
    sees: 0,
    async read(folder) {
      const skills = await openSkills({ backend: fileBackend(workspacePaths(folder), clock) });
      const found = skills.list().length;
      await skills.close();
      return found;
    },
  },
  'a room': {
    file: (at) => join(workspacePaths(at).swarm, 'discussions', 'town_hall.jsonl'),
    last: { timestamp: at, id: 'sentinel', author_id: 'wren', author_name: 'Wren', room: 'town_hall', content: 'Still here' },
    sees: true,
    async read(folder) {
      const society = await openSociety({ backend: fileBackend(workspacePaths(folder), clock) });
      await society.rooms('human');
      const page = await society.room('town_hall', 'wren');
      await society.wakeUp('wren', 'anything');
      await society.close();
      return page?.lines.some(({ id }) => id === 'sentinel');
    },
  },
  'steps of residents': {
    file: (at) => join(workspacePaths(at).swarm, 'steps.jsonl'),
    samples: [STEP],
    last: { ...STEP, cycle: 'sentinel' },
    sees: 1,
    async read(folder) {
      const steps = await Steps.open(fileBackend(folder));
      const found = steps.of('sentinel').length;
      await steps.close();
      return found;
    },
  },
};

/** Strange lines in one log: as many make one world. */
const AT_ONCE = 20;

describe('strange lines under a right checksum change nothing for the rest of', () => {
  it.each(Object.entries(READERS))('%s', async (_name, { file, samples, last, read, sees }) => {
    const good = readFileSync(file(home), { flag: 'a+' });
    const anyLine = fc
      .constantFrom(...(samples ?? linesOf(file(home)).map(saidIn)))
      .chain((sample) => mangled(sample))
      .filter(isObject);
    await fuzz(cases(600) / AT_ONCE, fc.array(anyLine, { minLength: 1, maxLength: AT_ONCE, size: 'max' }), async (strange) => {
      const folder = freshFolder();
      mkdirSync(dirname(file(folder)), { recursive: true });
      cpSync(workspacePaths(home).identities, workspacePaths(folder).identities, { recursive: true });
      writeFileSync(file(folder), Buffer.concat([good, Buffer.from([...strange, last].map(encoded).join(''))]));
      expect(await read(folder)).toEqual(sees);
      rmSync(folder, { recursive: true, force: true });
    });
  });
});
