/** A yes is to exactly what the person saw: no replay of one lands anything, and none lands twice. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  APPROVAL_MS,
  asOwner,
  asOwnerInPanel,
  asResident,
  asRuntime,
  type ChangeStore,
  changeIdOf,
  explainTask,
  loadConfig,
  type NewChangeEvent,
  openChanges,
  perform,
  policyApproves,
  type VivariumError,
  type World,
} from '@vivarium/core';
import { aChangesLife, anOutcome, aReview, FakeClock, oid, sha } from '@vivarium/core/testing';
import { openWorld } from '@vivarium/world';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const change_id = changeIdOf('mend', 1);
const a = aChangesLife(change_id);
let home: string;
let clock: FakeClock;
let world: World;
let changes: ChangeStore;
/** The hash of the project's block as it stands in the file. */
let policy: string;

beforeEach(async () => {
  home = mkdtempSync(join(tmpdir(), 'vivarium-approvals-'));
  clock = new FakeClock();
  const config = loadConfig({ env: { VIVARIUM_WORKSPACE: home, VIVARIUM_PROVIDER: 'none' }, cwd: home });
  world = await openWorld(config, { clock, isLocalServer: async () => false });
  await projects();
  await perform(world, 'add_tasks', { tasks: [{ id: 'mend', prompt: 'Mend the sum', project: 'invoice' }] }, asOwner);
  changes = await world.changes();
  await changes.record({ ...a.seen(), config_sha256: policy }, a.opened(), a.handedIn(), a.checkpoint());
});
afterEach(async () => {
  await world.close();
  rmSync(home, { recursive: true, force: true });
});

async function projects(more: object = {}): Promise<void> {
  const suites = { unit: { argv: ['node', '--test'], report: 'junit' } };
  const invoice = { path: '/src/invoice', may_touch: ['src/**'], suites, ...more };
  mkdirSync(join(home, 'config'), { recursive: true });
  const other = { ...invoice, path: '/src/other' };
  writeFileSync(world.paths.projectsFile, JSON.stringify({ version: 1, projects: { invoice, other } }));
  policy = (await world.projects.get('invoice'))?.policy_sha256 ?? '';
  expect(policy).not.toBe('');
}

const hash = (entries = 'e1') => sha(entries).slice(0, 16);
const yes = (more: object = {}, actor = asOwner) =>
  perform(world, 'approve_change', { change_id, entries_sha256: hash(), ...more }, actor);
const lands = (landing_id = 'land_1', approval_id = changes.change(change_id)?.approval?.approval_id) =>
  changes.tryRecord(a.landing(landing_id, approval_id === undefined ? {} : { approval_id }));
const faultOf = (work: Promise<unknown>): Promise<VivariumError> =>
  work.then(
    (answer) => expect.fail(`it was done: ${JSON.stringify(answer)}`),
    (error: VivariumError) => error,
  );
const given = () => readFileSync(join(home, '.swarm/changes.jsonl'), 'utf8').split('"approval_given"').length - 1;
const say = (...events: NewChangeEvent[]) => changes.record(...events);

describe('a yes', () => {
  it('to what stands lands it once, under PAUSE and with no worker', async () => {
    await perform(world, 'pause', { reason: 'lunch' }, asOwner);
    const approval = await yes();
    expect(approval).toMatchObject({ change_id, state: 'handed_in', tree: oid('t1'), entries_sha256: sha('e1') });
    expect(Date.parse(approval.expires_at) - clock.now().getTime()).toBe(APPROVAL_MS);
    expect(changes.change(change_id)?.approval).toMatchObject({ by: 'human', mode: 'same_files', policy_sha256: policy });
    expect(await lands()).toBe(true);
    await say(a.landed());
    expect(await lands('land_2', approval.approval_id)).toBe(false);
    expect((await faultOf(yes())).code).toBe('VIV_CHANGE_ORDER');
    expect(given()).toBe(1);
  });

  const moved = 'VIV_CHANGE_MOVED';
  type Replay = readonly [name: string, before: () => Promise<unknown>, ask: () => Promise<unknown>, code: string, words: RegExp];
  it.each<Replay>([
    ['of another tree', async () => 0, () => yes({ tree: oid('t9').slice(0, 16) }), moved, /the tree of chg_\w+ is/],
    ['of other bytes', async () => 0, () => yes({ entries_sha256: hash('e9') }), moved, /the entries of chg_\w+ are/],
    [
      'of an attempt before',
      async () => {
        const next = aChangesLife(changeIdOf('mend', 2), 'mend', 2);
        await say(next.opened(), { ...next.handedIn(), entries_sha256: sha('e2') });
      },
      () => yes({ change_id: 'mend' }),
      moved,
      /which is attempt 1 of the task/,
    ],
    [
      'of another project',
      async () => {
        const other = aChangesLife('chg_00000000aa', 'else');
        await say({ ...other.opened(), project: 'other' }, { ...other.handedIn(), entries_sha256: sha('e5') });
      },
      () => yes({ entries_sha256: hash('e5') }),
      moved,
      /which is the change chg_00000000aa of other/,
    ],
    ['of a change that QA added to', () => say(a.testsAdded()), () => yes(), moved, /Since then: ben brings tests/],
    [
      'of a change whose touched file was changed on the branch',
      () => say(a.moved('c1', 'e2')),
      () => yes(),
      moved,
      /Since then: it is merged onto .* with other entries/,
    ],
    [
      'by too short a prefix',
      async () => 0,
      () => yes({ entries_sha256: hash().slice(0, 15) }),
      'VIV_INVALID_INPUT',
      /entries_sha256: repeat at least its first 16/,
    ],
    ['by no prefix at all', async () => 0, () => yes({ entries_sha256: '' }), 'VIV_INVALID_INPUT', /entries_sha256/],
    [
      'without the tree where it lands exactly that',
      () => projects({ approval: 'exact' }),
      () => yes(),
      'VIV_INVALID_INPUT',
      /tree: invoice lands exactly what was approved/,
    ],
    [
      'of a project that is gone',
      async () => writeFileSync(world.paths.projectsFile, '{"version":1,"projects":{}}'),
      () => yes(),
      'VIV_INVALID_INPUT',
      /Project invoice cannot be used/,
    ],
    [
      'of what nobody made',
      async () => 0,
      () => yes({ change_id: 'chg_ffffffffff' }),
      'VIV_CHANGE_NOT_FOUND',
      /There is no change/,
    ],
    ['of what was ended', () => say(a.ended()), () => yes(), 'VIV_CHANGE_ORDER', /is rejected/],
  ])('%s does nothing and says why', async (_name, before, ask, code, words) => {
    await before();
    const fault = await faultOf(ask());
    expect([fault.code, fault.message]).toEqual([code, expect.stringMatching(words)]);
    if (code === moved) expect(fault.fix).toContain('pnpm worker change approve');
    expect(given()).toBe(0);
    expect(await lands()).toBe(false);
  });

  it('that expired lands nothing; the next one does', async () => {
    const { approval_id } = await yes();
    clock.advance(APPROVAL_MS);
    expect(await lands()).toBe(false);
    expect((await yes()).approval_id).not.toBe(approval_id);
    expect(await lands()).toBe(true);
  });

  it('that was withdrawn lands nothing; rejecting again ends the change', async () => {
    const { approval_id } = await yes();
    const reject = () => perform(world, 'reject_change', { change_id: 'mend', reason: 'on second thoughts' }, asOwner);
    expect(await reject()).toMatchObject({ withdrawn: true, state: 'handed_in' });
    expect(await lands('land_1', approval_id)).toBe(false);
    expect(await reject()).toMatchObject({ withdrawn: false, state: 'rejected' });
    expect((await faultOf(reject())).code).toBe('VIV_CHANGE_ORDER');
  });

  it('twice, or of two people at once in two processes, is one', async () => {
    const second = await openChanges({ backend: world.backend });
    const there: World = { ...world, changes: async () => second };
    const asked = { change_id, entries_sha256: sha('e1'), tree: oid('t1') };
    const answers = await Promise.all([
      ...[yes(), yes({}, asOwnerInPanel), perform(there, 'approve_change', asked, asOwnerInPanel)],
      perform(there, 'approve_change', asked, asOwner),
    ]);
    expect(new Set(answers.map(({ approval_id }) => approval_id)).size).toBe(1);
    expect((await yes()).approval_id).toBe(answers[0]?.approval_id);
    expect([await lands('land_1'), await lands('land_2')]).toEqual([true, false]);
    await second.close();
  });

  it('rests on the policy as it was: a changed one voids it, and another yes is to the new one', async () => {
    const { approval_id } = await yes();
    await projects({ never: ['src/legacy/**'] });
    const again = await yes();
    expect(again.approval_id).not.toBe(approval_id);
    expect(changes.state.approvals.get(approval_id)?.void).toContain('config/projects.json');
    expect(changes.change(change_id)?.approval?.policy_sha256).toBe(policy);
    await say({ ...a.seen(), config_sha256: sha('p9') });
    expect(await lands()).toBe(false);
  });

  it('to the very tree holds as long as the branch stands still', async () => {
    await projects({ approval: 'exact' });
    const tree = oid('t1').slice(0, 16);
    expect(await yes({ tree })).toMatchObject({ tree: oid('t1') });
    await say(a.moved('c1'));
    expect(changes.change(change_id)?.approval_void).toBe('the branch went on');
    expect((await faultOf(yes({ tree }))).code).toBe(moved);
    expect(await lands('land_1', 'apr_1')).toBe(false);
  });
});

describe('nobody but the person', () => {
  it.each(['approve_change', 'reject_change', 'retry_change'] as const)('does %s', async (name) => {
    const input = { change_id, entries_sha256: hash(), reason: 'x' } as never;
    for (const actor of [asResident('ada'), asRuntime])
      expect(await faultOf(perform(world, name, input, actor))).toMatchObject({ code: 'VIV_NOT_PERMITTED' });
    expect(given()).toBe(0);
  });

  it('is a policy, but for what needs no person, and never under VIVARIUM_APPROVAL=human', async () => {
    await projects({ land: 'auto' });
    const project = await world.projects.get('invoice');
    if (!project) return expect.fail('no project');
    const tiers = (asks: 'evidence' | 'human', removed_tests: { name: string; because: string }[] = [], drilled?: boolean) => {
      const known = drilled === undefined ? {} : { last_drill: { passed: drilled, detail: '', at: '2026-01-01T00:00:00.000Z' } };
      return (['A', 'B', 'C', 'D'] as const).filter((tier) => policyApproves({ tier, removed_tests }, project, asks, known));
    };
    expect([tiers('evidence'), tiers('human')]).toEqual([['C', 'D'], []]);
    expect(tiers('evidence', [{ name: 'sums', because: 'slow' }])).toEqual([]);
    expect([tiers('evidence', [], false), tiers('evidence', [], true)]).toEqual([[], ['C', 'D']]);
    const asking = { ...project, settings: { ...project.settings, land: 'ask' as const } };
    expect(policyApproves({ tier: 'D', removed_tests: [] }, asking, 'evidence', undefined)).toBe(false);
  });
});

describe('the task of a change', () => {
  async function atGate() {
    const store = await world.tasks();
    const [claim] = await store.claim({ worker_id: 'w1', limit: 1, assign: () => ({}) });
    if (!claim) return expect.fail('nothing to claim');
    await store.record(claim.lease, { kind: 'record_execution', outcome: anOutcome({ execution_key: 'mend#1' }) });
    await store.record(claim.lease, { kind: 'record_review', review: aReview() });
    const hold = { kind: 'gates', reason: 'it waits', action: 'none', next_mover: 'worker' } as const;
    await store.record(claim.lease, { kind: 'hold', hold });
    return store;
  }
  const explained = async () =>
    explainTask({ store: await world.tasks(), switches: world.switches, provider: async () => undefined, world }, 'mend');

  it('is not approved itself, at no door: the command that works is named', async () => {
    const store = await atGate();
    const command = `pnpm worker change approve ${change_id} --entries ${hash()}`;
    expect(await faultOf(perform(world, 'approve', { task_id: 'mend' }, asOwner))).toMatchObject({
      ...{ code: 'VIV_TASK_CONFLICT', status: 409, fix: expect.stringContaining(command) },
    });
    const many = await perform(world, 'decide_many', { verb: 'approve', ids: ['mend'] }, asOwnerInPanel);
    expect(many).toMatchObject({ done: [], refused: [{ id: 'mend', error: expect.stringContaining('by its hash') }] });
    await expect(store.decide('mend', { kind: 'approve', gates: 'ready_for_merge' }, 'queue.json')).rejects.toThrow(
      'by its hash',
    );
    await projects({ approval: 'exact' });
    const exact = await faultOf(perform(world, 'approve', { task_id: 'mend' }, asOwner));
    expect(exact.fix).toContain(`${command} --tree ${oid('t1').slice(0, 16)}`);
    expect(store.get('mend')?.status).not.toBe('approved');
  });

  it('goes round with the reason when its change is rejected, and a yes of it holds no longer when it is cancelled', async () => {
    const store = await atGate();
    const rejected = await perform(world, 'reject_change', { change_id, reason: 'it rounds wrongly' }, asOwner);
    expect(rejected).toMatchObject({ state: 'rejected', withdrawn: false });
    expect(store.get('mend')).toMatchObject({ status: 'requeue', attempt: 2, feedback: { issues: ['it rounds wrongly'] } });
    const next = aChangesLife(changeIdOf('mend', 2), 'mend', 2);
    await say(next.opened(), next.handedIn());
    await yes({ change_id: 'mend' });
    await perform(world, 'cancel', { task_id: 'mend', reason: 'not needed' }, asOwner);
    expect(changes.ofTask('mend')).toMatchObject({ phase: 'abandoned', approval: undefined, reasons: ['not needed'] });
  });

  it.each([
    ['landed', async () => void (await lands()), /is landed/, 'pnpm worker checkpoint list'],
    ['rejected', async () => void (await say(a.ended())), /is rejected/, 'pnpm worker explain mend'],
    ['abandoned', async () => void (await say(a.ended('abandoned'))), /is abandoned/, 'pnpm worker retry mend'],
  ])('hears no word on a change that is %s, and says what helps', async (state, become, words, fix) => {
    if (state === 'landed') await yes();
    await become();
    if (state === 'landed') await say(a.landed());
    const verbs = [() => yes(), () => perform(world, 'reject_change', { change_id, reason: 'late' }, asOwner)];
    for (const verb of verbs)
      expect(await faultOf(verb())).toMatchObject({
        ...{ code: 'VIV_CHANGE_ORDER', message: expect.stringMatching(words), fix: expect.stringContaining(fix) },
      });
  });

  it('that is approved waits for nobody to say so again: for a worker, or for the world to run', async () => {
    const store = await atGate();
    const gates = await world.gates();
    await gates.record({
      ...{
        actor: 'runtime',
        change_id: 'mend',
        tree: oid('t1'),
        entries_sha256: sha('e1'),
        event: 'change_submitted',
        attempt: 1,
      },
      ...{
        title: 'x',
        description: 'x',
        author_id: 'ada',
        excerpt: '',
        ballot_id: 'vote_1',
        project: 'invoice',
        stages: ['unit'],
      },
    });
    const at = { actor: 'runtime', change_id: 'mend', tree: oid('t1'), entries_sha256: sha('e1') } as const;
    const passed = { ...at, event: 'result_recorded', passed: true, details: '' } as const;
    await gates.record({ ...passed, test_type: 'unit', integration_task_id: 'int_1' });
    await gates.record({ ...passed, test_type: 'integration' });
    const hold = { kind: 'land', reason: 'it waits for your yes', action: 'approve', next_mover: 'person' } as const;
    await store.decide('mend', { kind: 'gate', status: 'pending_review', hold }, 'w1');
    expect(await explained()).toMatchObject({ mover: { kind: 'person' }, action: expect.stringContaining('change approve') });
    await yes();
    expect(await explained()).toMatchObject({
      ...{ mover: { kind: 'worker', live_workers: 0 }, action: 'pnpm worker run' },
      because: expect.stringMatching(/ready_for_merge and approved; it lands next, and no worker is running/),
    });
    await perform(world, 'pause', {}, asOwner);
    expect(await explained()).toMatchObject({ because: 'the world is paused', action: 'pnpm worker resume' });
  });

  it('tells where its change stands and who moves it next', async () => {
    await atGate();
    expect((await explained()).because).toMatch(new RegExp(`^its change ${change_id} is handed_in; it waits`));
    const gates = await world.gates();
    const at = { actor: 'runtime', change_id: 'mend', tree: oid('t1'), entries_sha256: sha('e1') } as const;
    await gates.record({
      ...{ ...at, event: 'change_submitted', attempt: 1, title: 'x', description: 'x', author_id: 'ada', excerpt: '' },
      ...{ ballot_id: 'vote_1', project: 'invoice', stages: ['unit', 'integration'] },
    });
    await gates.record({
      ...at,
      event: 'result_recorded',
      test_type: 'unit',
      passed: true,
      details: '',
      integration_task_id: 'int_1',
    });
    expect((await explained()).because).toMatch(/is integration; /);
    await gates.record({ ...at, event: 'result_recorded', test_type: 'integration', passed: true, details: '' });
    expect(await explained()).toMatchObject({
      mover: { kind: 'person' },
      because: `its change ${change_id} is ready_for_merge and waits for your yes`,
      action: `pnpm worker change approve ${change_id} --entries ${hash()}`,
    });
    await yes();
    expect((await explained()).mover.kind).toBe('worker');
    await lands();
    await say(a.landed('land_1', { ok: false, held: 'your_edits', because: 'you changed it too', paths: ['src/sum.js'] }));
    expect(await explained()).toMatchObject({
      because: 'its landing is held: you changed it too (src/sum.js)',
      action: `pnpm worker change retry ${change_id}`,
    });
    expect(await perform(world, 'retry_change', { change_id: 'mend' }, asOwner)).toMatchObject({ state: 'ready_for_merge' });
    expect((await explained()).mover.kind).toBe('worker');
  });
});
