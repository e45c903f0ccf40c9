import { describe, expect, it } from 'vitest';
import { runCampaign } from './campaign/campaign.ts';
import { INJURY_KINDS, schedule } from './campaign/schedule.ts';
import { tableOf } from './campaign/table.ts';

/** Every kind of injury comes in its first half; in CI there is a second. */
const MINUTES = process.env['CI'] === undefined ? 0.5 : 1;
const SEED = Number(process.env['VIVARIUM_FAULTS_SEED'] ?? 20);

describe('everything at once', () => {
  it('breaks no promise', { timeout: 600_000, retry: 0 }, async () => {
    const result = await runCampaign({ seed: SEED, minutes: MINUTES, say: () => undefined });
    process.stdout.write(`Fault campaign of ${MINUTES} min, seed ${SEED}\n${tableOf(result)}\n`);
    expect(result.found.violations).toEqual([]);
    const done = [...result.injuries.keys(), ...Object.keys(result.skipped).filter((what) => what !== 'trace')];
    expect(done.sort()).toEqual([...INJURY_KINDS].sort());
    expect(result.found.figures['approvals checked']).toBeGreaterThan(0);
  });

  it('is the same schedule under the same seed, with every kind of injury in its first half minute', () => {
    expect(schedule(7, 60_000)).toEqual(schedule(7, 60_000));
    expect(schedule(8, 60_000)).not.toEqual(schedule(7, 60_000));
    for (const seed of [1, 2, 3]) expect(new Set(schedule(seed, 40_000).map(({ kind }) => kind)).size).toBe(INJURY_KINDS.length);
  });
});
