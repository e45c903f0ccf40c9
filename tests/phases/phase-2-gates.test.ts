import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  actorOf,
  asRuntime,
  ballotsFor,
  castVote,
  decideAsPerson,
  openGates,
  openSociety,
  type SocietyStore,
  type TaskStore,
} from '@vivarium/core';
import { fileBackend } from '@vivarium/storage-files';
import { afterEach, describe, expect, it } from 'vitest';
import { type ApiHandler, done, fakeApi, problem, TestWorld, verdict } from '../e2e/worker-kit.ts';
import { openPhase } from './phase-kit.ts';

let world: TestWorld;
afterEach(() => world.close());

type View = { changes: Record<string, Change>; votes: Record<string, unknown>; vote_outbox: string[]; residents: object };
type Change = {
  status: string;
  gates: Record<string, string>;
  author_id: string;
  qa: { assigned_to: string };
  integration: { batch_id: string; status: string };
  reasons: string[];
  test_results: Record<string, { passed: boolean; details: string }>;
};
const view = async () => (await world.json('.swarm/quality_gate_queue.json')) as View;
const tap = (pass: number, fail: number) => `# tests ${pass + fail}\n# pass ${pass}\n# fail ${fail}\n`;

/** The critic approves; test commands answer as told. */
const obliging =
  (tests: (command: string) => { output: string; exit_code: number } = () => ({ output: tap(3, 0), exit_code: 0 })): ApiHandler =>
  ({ body }) => {
    if (body.purpose === 'critic') return verdict('APPROVE');
    if (body.purpose === 'tests') return done('', tests(String(body['task'])));
    return done(`Answer ${body.execution_key} to ${body.prompt}`);
  };

async function run(handler: ApiHandler, ...tasks: object[]) {
  world = await TestWorld.open();
  const api = await fakeApi(handler);
  world.onClose(() => api.close());
  await world.add(...tasks);
  await (await world.work(api)).ended;
  return api;
}

describe('phase 2: quality gates', () => {
  it('approves a task with gates only once its change went through all of them in order', async () => {
    await run(obliging(), { id: 'code', prompt: 'Write the parser', gates: true, tests: { unit: 'node --test' } });
    expect((await world.record('code')).status).toBe('approved');
    const { changes, vote_outbox } = await view();
    expect(changes['code']).toMatchObject({
      status: 'ready_for_merge',
      gates: { unit: 'passed', integration: 'passed', e2e: 'passed' },
      test_results: { unit: { passed: true, details: 'unit tests (node --test): 3 tests ran, none failed' } },
    });
    expect(changes['code']?.qa.assigned_to).not.toBe(changes['code']?.author_id);
    expect(vote_outbox).toHaveLength(2);
    const statuses = (await world.lines('execution_log.jsonl')).map(({ status }) => status);
    expect(statuses.filter((one, at) => one !== statuses[at - 1])).toEqual(
      expect.arrayContaining(['pending_review', 'needs_qa', 'needs_integration', 'needs_e2e', 'ready_for_merge', 'approved']),
    );
    expect((await world.lines('execution_log.jsonl')).at(-1)).toMatchObject({
      status: 'approved',
      quality_gate_status: 'ready_for_merge',
      quality_gate_change_id: 'code',
    });
  });

  it('sends a change whose tests fail round again with what failed, and a later attempt goes through', async () => {
    let tries = 0;
    const failsOnce = obliging(() => {
      tries += 1;
      return tries === 1 ? { output: tap(2, 1), exit_code: 1 } : { output: tap(3, 0), exit_code: 0 };
    });
    const api = await run(failsOnce, { id: 'code', prompt: 'Write the parser', gates: true, tests: 'node --test' });
    expect(await world.record('code')).toMatchObject({ status: 'approved', attempt: 2 });
    expect(
      String(
        api
          .bought('code')
          .filter(({ body }) => body.purpose === 'task')
          .at(-1)?.body['system'],
      ),
    ).toContain('1 of 3 tests failed');
  });

  it.each([
    ['no test ran', { output: tap(0, 0), exit_code: 0 }],
    ['reports no count of tests', { output: 'all good', exit_code: 0 }],
  ])('takes an exit code of 0 for nothing when %s', async (reason, answer) => {
    world = await TestWorld.open({ RESIDENT_MAX_REQUEUE_ATTEMPTS: '1' });
    const api = await fakeApi(obliging(() => answer));
    world.onClose(() => api.close());
    await world.add({ id: 'code', prompt: 'Write the parser', gates: true, tests: 'node --test' });
    await (await world.work(api)).ended;
    const record = await world.record('code');
    expect(record.status).toBe('failed');
    expect(record.reasons.at(-1)).toContain(reason);
    expect((await view()).changes['code']).toMatchObject({ gates: { unit: 'failed' } });
  });

  it('integrates what waits in batches of at most five', async () => {
    const tasks = Array.from({ length: 7 }, (_, index) => ({ id: `c${index}`, prompt: `Write part ${index}`, gates: true }));
    await run(obliging(), ...tasks);
    const { changes } = await view();
    const sizes = new Map<string, number>();
    for (const { status, integration } of Object.values(changes)) {
      expect(status).toBe('ready_for_merge');
      sizes.set(integration.batch_id, (sizes.get(integration.batch_id) ?? 0) + 1);
    }
    expect(Math.max(...sizes.values())).toBeLessThanOrEqual(5);
  });

  it('waits for a person when a test command may not run, and says at which gate; the approval passes every gate left', async () => {
    const api = await run(
      ({ body }) =>
        body.purpose === 'tests' ? problem(403, 'VIV_COMMAND_BLOCKED', { fix: 'add node' }) : obliging()({ body } as never),
      {
        id: 'code',
        prompt: 'Write the parser',
        gates: true,
        tests: 'node --test',
      },
    );
    const explained = await world.store((store) => store.explain('code'));
    expect(explained).toMatchObject({ status: 'needs_qa', mover: { kind: 'person' }, action: 'pnpm worker approve code' });
    expect(explained.because).toMatch(/gate "unit".*add node/);
    expect(api.calls.filter(({ body }) => body.purpose === 'tests')).toHaveLength(1);
    expect((await world.cli(['approve', 'code']).ended).code).toBe(0);
    expect((await world.record('code')).status).toBe('approved');
    expect((await view()).changes['code']).toMatchObject({ status: 'ready_for_merge' });
  });

  it('tells while it waits which gate it is and that a worker moves it', async () => {
    world = await TestWorld.open();
    const api = await fakeApi(({ body }) => (body.purpose === 'tests' ? { hang: true } : obliging()({ body } as never)));
    world.onClose(() => api.close());
    await world.add({ id: 'code', prompt: 'Write the parser', gates: true, tests: 'node --test' });
    await world.work(api, { untilIdle: false });
    await world.until('code', 'needs_qa');
    await api.waitForCalls(3);
    const explained = await world.store((store) => store.explain('code'));
    expect(explained).toMatchObject({ mover: { kind: 'worker' }, action: 'none' });
    expect(explained.because).toMatch(/gate "(?:qa|unit)"/);
    expect((await world.cli(['approve', 'code']).ended).code).toBe(0);
  });

  it('takes a task that a person reviews through the gates on the word of that person, and says whose word it was', async () => {
    world = await TestWorld.open({ VIVARIUM_APPROVAL: 'human' });
    const api = await fakeApi(obliging());
    world.onClose(() => api.close());
    await world.add({ id: 'code', prompt: 'Write the parser', gates: true });
    await (await world.work(api)).ended;
    expect(await world.record('code')).toMatchObject({ status: 'pending_review', hold: { kind: 'review' } });
    expect((await world.cli(['approve', 'code', '--note', 'I read it']).ended).code).toBe(0);
    expect((await world.record('code')).status).toBe('approved');
    const change = (await view()).changes['code'];
    expect(change).toMatchObject({ status: 'ready_for_merge', qa: { assigned_to: 'human' } });
    expect(change?.author_id).not.toBe('human');
    expect(change?.test_results['e2e']?.details).toBe("on the person's word: I read it");
  });

  it('lets nobody approve what a gate turned down', async () => {
    world = await TestWorld.open();
    const api = await fakeApi(({ body }) => (body.purpose === 'tests' ? { hang: true } : obliging()({ body } as never)));
    world.onClose(() => api.close());
    await world.add({ id: 'code', prompt: 'Write the parser', gates: true, tests: 'node --test' });
    const worker = await world.work(api);
    await api.waitForCalls(3);
    worker.stop();
    await worker.ended;
    const open = () => openGates({ backend: fileBackend(world.paths) });
    const gates = await open();
    const result = { event: 'result_recorded', actor: 'runtime', change_id: 'code', test_type: 'unit', passed: false } as const;
    await gates.record({ ...result, details: '1 of 3 tests failed' });
    await gates.close();
    const approve = (store: TaskStore) => decideAsPerson({ store, gates: open }, 'code', { kind: 'approve' }, 'person');
    await expect(world.store(approve)).rejects.toThrow(/turned code down already: unit: 1 of 3 tests failed/);
    expect((await world.record('code')).status).toBe('needs_qa');
  });

  it('ends the change of a task that is cancelled, and takes a rejected review for a rejected vote', async () => {
    world = await TestWorld.open({ RESIDENT_MAX_REQUEUE_ATTEMPTS: '1' });
    const api = await fakeApi(({ body }) =>
      body.purpose === 'critic' ? verdict('REJECT', ['no parser']) : obliging()({ body } as never),
    );
    world.onClose(() => api.close());
    await world.add({ id: 'code', prompt: 'Write the parser', gates: true });
    await (await world.work(api)).ended;
    expect((await world.record('code')).status).toBe('failed');
    expect((await view()).changes['code']).toMatchObject({ status: 'rejected' });
  });

  it('lets residents vote blindly through their tool: two rejections outweigh the review, and the reasons go back', async () => {
    world = await TestWorld.open();
    const gates = await openGates({ backend: fileBackend(world.paths) });
    world.onClose(() => gates.close());
    const api = await fakeApi(async ({ body }) => {
      if (body.prompt === 'Look around') {
        gates.refresh();
        for (const voter_id of ['oc_fennel02', 'oc_lantern03', 'oc_marrow01'])
          for (const { ballot_id } of ballotsFor(gates.state, voter_id))
            await castVote(gates, { voter_id, ballot_id, vote: 'rejected', reason: `${voter_id} misses a test` });
      }
      return obliging()({ body } as never);
    });
    world.onClose(() => api.close());
    await world.add(
      { id: 'code', prompt: 'Write the parser', gates: true },
      { id: 'other', prompt: 'Look around', depends_on: [] },
    );
    // The other task begins while the ballot is open: it keeps the worker busy until residents have voted.
    const worker = await world.work(api, { concurrency: 1 }, { RESIDENT_MAX_REQUEUE_ATTEMPTS: '1' });
    await worker.ended;
    const record = await world.record('code');
    expect(record.status).toBe('failed');
    expect(record.reasons.at(-1)).toContain('misses a test');
    const change = (await view()).changes['code'];
    expect(change).toMatchObject({ status: 'rejected' });
    expect(change?.reasons.join()).not.toContain(`${change?.author_id} misses`);
  });

  it('weighs the trust of jurors by what the tests show of the change they voted on', async () => {
    const [author_id, careless, careful] = ['oc_fennel02', 'oc_lantern03', 'oc_marrow01'];
    const inSociety = async <T>(look: (society: SocietyStore) => T | Promise<T>): Promise<T> => {
      const society = await openSociety({ backend: fileBackend(world.paths) });
      return Promise.resolve(look(society)).finally(() => society.close());
    };
    const trust: (number | undefined)[][] = [];
    const votes = (subject_id: string) => async (society: SocietyStore) => {
      await society.act(asRuntime, 'draw_validators', { subject_id, author_id });
      await society.ask(actorOf(careless), 'judge', { subject_id, vote: 'accept', reason: 'it reads well' });
      await society.ask(actorOf(careful), 'judge', {
        subject_id,
        vote: trust.length === 0 ? 'reject' : 'accept',
        reason: 'I ran it',
      });
      trust.push([careless, careful].map((id) => society.profile(id)?.person.trust));
    };
    const handler: ApiHandler = async (call) => {
      if (call.body.purpose !== 'tests') return obliging()(call);
      const gates = await openGates({ backend: fileBackend(world.paths) });
      await inSociety(votes(gates.change('code')?.ballot_id ?? ''));
      await gates.close();
      return done('', trust.length === 1 ? { output: tap(2, 1), exit_code: 1 } : { output: tap(3, 0), exit_code: 0 });
    };
    await run(handler, {
      id: 'code',
      prompt: 'Write the parser',
      gates: true,
      tests: { unit: 'node --test' },
      identity_id: author_id,
    });
    expect((await world.record('code')).status).toBe('approved');
    expect(trust).toEqual([
      [50, 50],
      [37, 51],
    ]);
    const panels = await inSociety(({ world: { society } }) => [...society.panels.bySubject.values()]);
    // Who approved what a test turned down judges nobody until verified work has earned the trust back.
    expect(panels).toMatchObject([
      { verified: 'bad', jurors: expect.arrayContaining([careless, careful]) },
      { verified: 'good', jurors: [careful] },
    ]);
    expect(await inSociety((society) => society.profile(careful)?.person.trust)).toBe(52);
  });

  it('goes on where a worker left it: nothing is bought, voted or batched twice', async () => {
    world = await TestWorld.open();
    let tested = 0;
    const api = await fakeApi(({ body }) => {
      if (body.purpose === 'tests') tested += 1;
      return body.purpose === 'tests' && tested === 1 ? { hang: true } : obliging()({ body } as never);
    });
    world.onClose(() => api.close());
    await world.add({ id: 'code', prompt: 'Write the parser', gates: true, tests: 'node --test' });
    const first = await world.work(api);
    await api.waitForCalls(3);
    first.stop();
    await first.ended;
    expect(await world.record('code')).toMatchObject({ status: 'needs_qa', gate: { kind: 'gates' } });
    await (await world.work(api)).ended;
    expect(await world.record('code')).toMatchObject({ status: 'approved', attempt: 1 });
    const purposes = api.calls.map(({ body }) => body.purpose);
    expect(purposes).toEqual(['task', 'critic', 'tests', 'tests']);
    const { changes, vote_outbox } = await view();
    expect(changes['code']?.status).toBe('ready_for_merge');
    expect(vote_outbox).toHaveLength(2);
  });

  it('sends a change back whose file is not what its review saw any more', async () => {
    world = await TestWorld.open({ RESIDENT_MAX_REQUEUE_ATTEMPTS: '1' });
    await mkdir(join(world.root, 'src'), { recursive: true });
    const write = (text: string) => writeFile(join(world.root, 'src/a.ts'), text);
    const api = await fakeApi(async (call) => {
      if (call.body.purpose === 'task') await write(`export const by = '${call.body.task_id}';\n`);
      if (call.body.purpose === 'tests') await write('export const by = somebody;\n');
      return obliging()(call);
    });
    world.onClose(() => api.close());
    await world.add({ id: 'code', prompt: 'Write it', gates: true, tests: { e2e: 'node --test' }, expect_file: 'src/a.ts' });
    await (await world.work(api)).ended;
    const record = await world.record('code');
    expect(record.status).toBe('failed');
    expect(record.reasons.at(-1)).toContain('src/a.ts is not what its review saw any more');
    expect((await view()).changes['code']).toMatchObject({ status: 'blocked', gates: { e2e: 'failed' } });
  });

  it('is what people see through real processes: queue.json in, the command line out', async () => {
    const judge = JSON.stringify({ verdict: 'APPROVE', confidence: 0.9, issues: [], suggestions: [] });
    const phase = await openPhase({
      handler: ({ schemaName }) => (schemaName === 'critic_verdict' ? judge : 'export const a = 1;'),
    });
    world = phase.world;
    const tasks = [
      { id: 'plain', prompt: 'Write the constant a', gates: true },
      { id: 'tested', prompt: 'Write the constant b', gates: true, tests: 'node --test' },
      { id: 'after', prompt: 'Use the constant', depends_on: ['tested'] },
    ];
    await writeFile(join(world.root, 'queue.json'), JSON.stringify({ version: '1.1', tasks, completed: [], failed: [] }));
    await phase.worker('run', '--until-idle');
    expect(await world.record('plain')).toMatchObject({ status: 'approved', review: { verdict: 'APPROVE' } });
    const explained = await world.store((store) => store.explain('tested'));
    expect(explained).toMatchObject({ status: 'needs_qa', mover: { kind: 'person' }, action: 'pnpm worker approve tested' });
    expect(explained.because).toMatch(/gate "unit".*node/);
    expect((await world.record('after')).status).toBe('queued');
    expect((await phase.worker('gate', 'list')).stdout).toMatch(/plain {2}ready_for_merge {2}unit passed/);
    expect((await phase.worker('reject', 'tested', '--reason', 'use a test that may run')).code).toBe(0);
    expect((await world.record('tested')).status).toBe('requeue');
    expect((await view()).changes['tested']).toMatchObject({ status: 'blocked', reasons: ['use a test that may run'] });
  });
});
