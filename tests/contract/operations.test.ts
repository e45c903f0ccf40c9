/** What every operation keeps, whichever door it is done through. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  asOwner,
  asOwnerInPanel,
  asResident,
  asRuntime,
  CATALOGUE,
  type InputOf,
  loadConfig,
  type OperationName,
  perform,
  REFUSALS,
  RefusedError,
  refusalCode,
  VivariumError,
  type World,
} from '@vivarium/core';
import { openWorld } from '@vivarium/world';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

let home: string;
let world: World;
beforeEach(async () => {
  home = mkdtempSync(join(tmpdir(), 'vivarium-operations-'));
  const config = loadConfig({ env: { VIVARIUM_WORKSPACE: home, VIVARIUM_PROVIDER: 'none' }, cwd: home });
  world = await openWorld(config, { isLocalServer: async () => false });
});
afterEach(async () => {
  await world.close();
  rmSync(home, { recursive: true, force: true });
});

const operations = Object.entries(CATALOGUE).flatMap(([name, entry]) =>
  entry.kind === 'operation' ? [[name as OperationName, entry.who] as const] : [],
);
const anything = {} as never;
const faultOf = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    (answer) => expect.fail(`it was done: ${JSON.stringify(answer)}`),
    (error: unknown) => error,
  );

describe('who may do it', () => {
  it.each(operations)('is asked first: %s', async (name, who) => {
    for (const actor of [asOwner, asOwnerInPanel, asResident('wren'), asRuntime]) {
      if (who.includes(actor.kind)) continue;
      expect(await faultOf(perform(world, name, anything, actor))).toMatchObject({
        ...{ reason: 'not_permitted', code: 'VIV_NOT_PERMITTED', status: 403, exit: 'failed' },
        message: expect.stringContaining(who.join(' and ')),
      });
    }
  });
});

/** Something that each refuses, and how. */
const refused: { [N in OperationName]?: readonly [InputOf<N>, string] } = {
  add_tasks: [{ tasks: [{ id: 'a b', prompt: 'x' }] }, 'VIV_INVALID_INPUT'],
  import_tasks: [{ content: '{' }, 'VIV_INVALID_INPUT'],
  edit_task: [{ task_id: 'nobody', changes: {} }, 'VIV_TASK_NOT_FOUND'],
  approve: [{ task_id: 'waits' }, 'VIV_TASK_CONFLICT'],
  reject: [{ task_id: 'waits', reason: ' ' }, 'VIV_INVALID_INPUT'],
  retry: [{ task_id: 'nobody' }, 'VIV_TASK_NOT_FOUND'],
  undo: [{ task_id: 'waits' }, 'VIV_TASK_CONFLICT'],
  cancel: [{ task_id: 'nobody' }, 'VIV_TASK_NOT_FOUND'],
  decide_many: [{ verb: 'reject', ids: ['waits'] }, 'VIV_INVALID_INPUT'],
  skill_add: [{ folder: '/nowhere' }, 'VIV_INVALID_INPUT'],
  skill_promote: [{ name: 'nobody' }, 'VIV_SKILL_NOT_FOUND'],
  skill_quarantine: [{ name: 'nobody' }, 'VIV_SKILL_NOT_FOUND'],
  skill_retire: [{ name: 'nobody' }, 'VIV_SKILL_NOT_FOUND'],
  vote_gate: [{ ballot_id: 'nobody', vote: 'approved', reason: 'it is fine' }, 'VIV_GATE_ORDER'],
  register_specialist: [{ identity_id: 'nobody', specializations: ['qa'] }, 'VIV_IDENTITY_NOT_FOUND'],
  refresh_project: [{ project: 'nobody' }, 'VIV_INVALID_INPUT'],
  approve_change: [{ change_id: 'nobody', entries_sha256: '0123456789abcdef' }, 'VIV_CHANGE_NOT_FOUND'],
  reject_change: [{ change_id: 'nobody', reason: ' ' }, 'VIV_INVALID_INPUT'],
  retry_change: [{ change_id: 'nobody' }, 'VIV_CHANGE_NOT_FOUND'],
  take_checkpoint: [{ note: ' ' }, 'VIV_INVALID_INPUT'],
  restore_checkpoint: [{ checkpoint_id: 'nobody' }, 'VIV_CHECKPOINT_NOT_FOUND'],
  drill_checkpoints: [{ project: 'nobody' }, 'VIV_INVALID_INPUT'],
  set_pace: [{ wait_seconds: 'slow' }, 'VIV_INVALID_INPUT'],
  set_request: [{ request: 'x'.repeat(4_001) }, 'VIV_INVALID_INPUT'],
  meet_request: [{}, 'VIV_NO_REQUEST'],
  tip: [{ identity_id: 'nobody', amount: 5, reason: 'for nothing' }, 'VIV_IDENTITY_NOT_FOUND'],
  cancel_bounty: [{ bounty_id: 'nobody' }, 'VIV_BOUNTY_NOT_FOUND'],
  post_message: [{ content: ' ' }, 'VIV_INVALID_INPUT'],
};

describe('a refusal', () => {
  beforeEach(async () => {
    await perform(world, 'add_tasks', { tasks: [{ id: 'waits', prompt: 'Say hello' }] }, asOwner);
  });
  const codesOf = (name: OperationName) =>
    CATALOGUE[name].refusals.map((each: string) => (each in REFUSALS ? refusalCode(each as keyof typeof REFUSALS) : each));

  it.each(Object.entries(refused) as [OperationName, readonly [never, string]][])(
    'of %s is one that it names, with a status and an exit for every door, and changes nothing',
    async (name, [input, code]) => {
      const before = readFileSync(world.paths.executionLog, 'utf8');
      const error = await faultOf(perform(world, name, input, asOwner));
      expect(error).toBeInstanceOf(VivariumError);
      const { status, exit, ...told } = error as VivariumError;
      expect(told.code).toBe(code);
      expect(status).toBeGreaterThanOrEqual(400);
      expect(status).toBeLessThan(500);
      expect(['failed', 'usage', 'nothing']).toContain(exit);
      if (!(error instanceof RefusedError) && code !== 'VIV_INVALID_INPUT') expect(codesOf(name)).toContain(code);
      expect(readFileSync(world.paths.executionLog, 'utf8')).toBe(before);
    },
  );

  it('is foreseen for every operation of ours that can refuse', () => {
    const silent = operations.filter(([name]) => CATALOGUE[name].refusals.length > 0 && refused[name] === undefined);
    expect(silent.map(([name]) => name)).toEqual(['propose_task']);
  });
});

describe('what was done', () => {
  const noted = () =>
    readFileSync(world.paths.actionLog, 'utf8')
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line))
      .map(({ actor, action, detail }) => [actor, action, detail]);

  it.each([
    ['person', asOwner],
    ['person:panel', asOwnerInPanel],
    ['person:ada', { kind: 'person', id: 'ada', role: 'operator' }],
  ] as const)('is noted under the name of who did it: %s', async (name, actor) => {
    await perform(world, 'halt', { reason: 'to see' }, actor);
    expect(world.switches.reason()).toMatchObject({ state: 'halted', reason: 'to see', actor: name });
    await perform(world, 'resume', {}, actor);
    await perform(world, 'budget_reset', {}, actor);
    await perform(world, 'set_request', { request: 'Tidy up' }, actor);
    world.activity.flush();
    expect(noted()).toEqual([
      [name, 'halt', 'to see'],
      [name, 'resume', ''],
      [name, 'reset_budget', ''],
      [name, 'human_request', 'Tidy up'],
    ]);
    expect(world.switches.state()).toBe('running');
  });

  it('leaves the cap in force as it is, whoever set it since this world was opened', async () => {
    await world.budget();
    await perform(world, 'budget_reset', {}, asOwnerInPanel);
    const lower = await openWorld({ ...world.config, budgetLimitUsd: 2 }, { isLocalServer: async () => false });
    const ledger = await lower.budget();
    await perform(world, 'budget_reset', {}, asOwnerInPanel);
    ledger.refresh();
    expect(ledger.state().cap_usd).toBe(2);
    await lower.close();
  });

  it('is told at compile time what does not fit', async () => {
    // @ts-expect-error a task is named by its id
    await faultOf(perform(world, 'approve', {}, asOwner));
    // @ts-expect-error there is no such operation
    const nothing = () => perform(world, 'aprove', { task_id: 't1' }, asOwner);
    // @ts-expect-error a query is nothing to be done
    const query = () => perform(world, 'list_tasks', {}, asOwner);
    // @ts-expect-error an errand is for the program that has the means
    const errand = () => perform(world, 'start_workers', {}, asOwner);
    // @ts-expect-error an actor is no text
    const text = () => perform(world, 'halt', {}, 'person');
    expect([nothing, query, errand, text]).toHaveLength(4);
    const { added } = await perform(world, 'add_tasks', { tasks: [{ prompt: 'Say hello' }] }, asOwner);
    expect(added).toEqual([expect.stringMatching(/^task-/)]);
  });
});
