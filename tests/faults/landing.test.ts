import { describe, expect, it } from 'vitest';
import { hasProgram } from './kit/processes.ts';
import { type Bench, benchFor, counted, hurt, type Round, STRACE, type Whose, type Work } from './landing/rounds.ts';

const full = process.env['VIVARIUM_CHANGES'] === 'full';
const MINUTES = full ? 90 : 5;
/** How many points of each kind are tried; of all that there are in the full campaign at most these. */
const POINTS: Readonly<Record<Whose, number>> = full ? { node: 80, git: 50, all: 20 } : { node: 5, git: 4, all: 0 };
const WHOSE = (['node', 'git', 'all'] as const).filter((whose) => POINTS[whose] > 0);
const FAULTS: Readonly<Record<Whose, readonly string[]>> = {
  node: ['signal=SIGKILL', 'error=ENOSPC', 'error=EIO'],
  git: ['signal=SIGKILL', 'error=ENOSPC', 'error=EIO'],
  all: ['with its gits', 'alone'],
};

/** A spread of all points: every call with every fault at every time that it is made. */
async function roundsOf(bench: Bench, work: Work, whose: Whose): Promise<readonly Round[]> {
  const all = (await counted(bench, work, whose)).flatMap(([call, times]) =>
    Array.from({ length: times }, (_, n) => n + 1).flatMap((at) =>
      FAULTS[whose].map((what): Round => ({ work, whose, call, what, at })),
    ),
  );
  const step = Math.max(1, all.length / POINTS[whose]);
  return Array.from({ length: Math.min(all.length, POINTS[whose]) }, (_, n) => all[Math.floor((n + 0.5) * step)]).filter(
    (round) => round !== undefined,
  );
}

describe.skipIf(!hasProgram(STRACE))('a process that is hurt at any call', () => {
  it.each(['land', 'restore'] as const)(
    'that would %s: the branch shows the one or the other, and in the end it is done once',
    { timeout: MINUTES * 60_000, retry: 0 },
    async (work) => {
      const bench = await benchFor(work);
      const endings = new Map<string, number>();
      const wrong: string[] = [];
      for (const whose of WHOSE)
        for (const round of await roundsOf(bench, work, whose)) {
          const { call, what, at } = round;
          const found = await hurt(bench, round);
          const ending = `${whose} ${call} ${what}: ${found.ending}`;
          endings.set(ending, (endings.get(ending) ?? 0) + 1);
          wrong.push(...found.wrong.map((problem) => `${whose} ${call} ${what} ${at}: ${problem}`));
          if (full) process.stdout.write(`${JSON.stringify({ ...round, ...found })}\n`);
        }
      const rounds = [...endings.values()].reduce((sum, times) => sum + times, 0);
      process.stdout.write(`${JSON.stringify({ work, rounds, wrong: wrong.length, endings: Object.fromEntries(endings) })}\n`);
      expect(wrong).toEqual([]);
      expect(rounds).toBeGreaterThan(5);
    },
  );
});
