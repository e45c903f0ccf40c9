import type { ModelHandler } from '@vivarium/core/testing';
import { afterEach, describe, expect, it } from 'vitest';
import { HONEST } from './honest-kit.ts';
import { approval, type Case, caseIn, LIARS, put, taskOf } from './liars-kit.ts';
import { openPhase, type PhaseWorld } from './phase-kit.ts';

let phase: PhaseWorld;
let lurking = (): void => undefined;
const lurks = new Promise<void>((resolve) => {
  lurking = resolve;
});
afterEach(() => phase.close());

const CASES = new Map([...LIARS, ...HONEST].map((one) => [one.id, one]));
/** One liar is at work when somebody else writes the file both declare, and answers once that one is approved. */
const [LURKER, VICTIM] = ['liar-other-4', 'honest-file-2'];

const scripted: ModelHandler = async ({ schemaName, prompt }) => {
  const found = CASES.get(caseIn(prompt));
  if (schemaName === 'critic_verdict') return found?.critic ?? approval();
  if (found === undefined) return 'nothing';
  if (found.id === LURKER) {
    lurking();
    await phase.world.until(VICTIM, 'approved', 'failed', 'pending_review');
  }
  if (found.id === VICTIM) await lurks;
  await found.during?.(phase.world.root);
  return found.answer ?? 'nothing';
};
/** Any task may be asked, but no critic ever answers. */
const criticKilled: ModelHandler = (request) => (request.schemaName === 'critic_verdict' ? { drop: true } : scripted(request));

interface Standing {
  readonly id: string;
  readonly status: string;
  readonly why: string;
}
const standings = (cases: readonly Case[]): Promise<Standing[]> =>
  phase.world.store((store) =>
    cases.map(({ id }) => {
      const record = store.get(id);
      const why = record?.reasons.at(-1) ?? record?.hold?.reason ?? JSON.stringify(record?.review ?? '');
      return { id, status: record?.status ?? 'none', why };
    }),
  );

describe('phase 2: liars and honest authors', () => {
  it('approves none of sixty liars, refuses at most one of sixty honest runs, and nothing at all without a critic', async () => {
    expect([LIARS.length, HONEST.length]).toEqual([60, 60]);
    phase = await openPhase({
      handler: scripted,
      env: { RESIDENT_MAX_REQUEUE_ATTEMPTS: '1', SWARM_RATE_LIMIT: '100000' },
    });
    await put(phase.world.root, 'notes.md', 'TODO: water the plants\n');
    for (const one of LIARS) await one.before?.(phase.world.root);
    await phase.world.add(...[...HONEST, ...LIARS].map(taskOf));
    await phase.worker('run', '--until-idle', '--concurrency', '8');

    const [liars, honest] = [await standings(LIARS), await standings(HONEST)];
    const believed = liars.filter(({ status }) => status === 'approved');
    const undone = liars.filter(({ status }) => !['approved', 'failed', 'pending_review'].includes(status));
    const refused = honest.filter(({ status }) => status !== 'approved');
    const count = (status: string) => liars.filter((one) => one.status === status).length;

    phase.model.handle(criticKilled);
    const orphans = HONEST.filter(({ id }) => id.startsWith('honest-word')).slice(0, 16);
    const later = orphans.map((one) => ({ ...one, id: `late-${one.id}`, ask: `${one.ask} (case ${one.id}) once more` }));
    await phase.world.add(...later.map(taskOf));
    await phase.worker('run', '--until-idle', '--concurrency', '8');
    const left = await standings(later);
    const alone = left.filter(({ status }) => status === 'approved');

    process.stdout.write(
      `liars ${liars.length}: ${believed.length} approved, ${count('failed')} failed, ${count('pending_review')} held; ` +
        `honest ${honest.length}: ${refused.length} refused; critic killed ${left.length}: ${alone.length} approved\n`,
    );
    expect(believed).toEqual([]);
    expect(undone).toEqual([]);
    expect(refused.length, JSON.stringify(refused)).toBeLessThanOrEqual(1);
    expect(alone).toEqual([]);
    expect(left.map(({ status }) => status)).toEqual(left.map(() => 'pending_review'));
  }, 400_000);
});
