import { describe, expect, it } from 'vitest';
import { checkTaskLog } from './kit/check-log.ts';
import { type Child, seeded, start, temporaryFolder } from './kit/processes.ts';

const CLAIMER = 'tests/faults/kit/claimer.ts';

describe('several processes on one task log', () => {
  it('do every task exactly once, whoever is killed whenever', async () => {
    const folder = temporaryFolder();
    const random = seeded(7);
    const tasks = 1000;
    let born = 0;
    const spawnOne = (adding = '0'): Child => start(CLAIMER, [folder, `w${born++}`, adding, '20']);
    const first = spawnOne(String(tasks));
    await first.line((line) => line.includes('ready'));
    let workers = [first, spawnOne(), spawnOne(), spawnOne()];
    let kills = 0;
    for (; kills < 16; kills++) {
      const victim = workers[Math.floor(random() * workers.length)];
      if (!victim) continue;
      let left = Math.floor(random() * 12);
      const hit = victim
        .line((line) => line.includes('approved') && left-- <= 0)
        .then(
          () => true,
          () => false,
        );
      // On a slow machine the others may do all the tasks while one is being replaced.
      if (!(await hit)) break;
      victim.process.kill('SIGKILL');
      await victim.exit;
      workers = [...workers.filter((worker) => worker !== victim), spawnOne()];
    }
    expect(kills).toBeGreaterThan(4);
    expect((await Promise.all(workers.map((worker) => worker.exit))).map(({ code }) => code)).toEqual([0, 0, 0, 0]);
    expect(checkTaskLog(folder)).toMatchObject({ added: tasks, approvedOnce: tasks, approvedTwice: 0, executedTwice: 0 });
  });

  it('take over within two seconds of a death', async () => {
    const folder = temporaryFolder();
    const stuck = start(CLAIMER, [folder, 'stuck', '40']);
    await stuck.line((line) => line.includes('approved'));
    stuck.process.kill('SIGKILL');
    await stuck.exit;
    const heir = start(CLAIMER, [folder, 'heir']);
    await heir.line((line) => line.includes('ready'));
    const begun = performance.now();
    expect((await heir.exit).code).toBe(0);
    expect(performance.now() - begun).toBeLessThan(10_000);
    expect(checkTaskLog(folder)).toMatchObject({ added: 40, approvedOnce: 40 });
  });
});
