import { closeSync, fsyncSync, mkdirSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { CycleRequest } from '@vivarium/core';
import { fileBackend } from '@vivarium/storage-files';
import { describe, expect, it, vi } from 'vitest';
import { type Answer, Executions } from '../../packages/api/src/execution/executions.ts';
import { checkWorld, clean } from './kit/check-world.ts';
import { smallDisk } from './kit/disk.ts';
import { promptFor } from './kit/scripted-model.ts';
import { FaultWorld } from './kit/world.ts';

const TASKS = 24;

/** Take every byte that is left, down to the last page; again when somebody gave some back since. */
function fill(folder: string): string {
  const file = join(folder, 'filler');
  const fd = openSync(file, 'a');
  for (let size = 65_536; size >= 1; )
    try {
      writeSync(fd, Buffer.alloc(size));
    } catch {
      size = Math.floor(size / 4);
    }
  fsyncSync(fd);
  closeSync(fd);
  return file;
}

/** Longer than what is left of a page that a file has already. */
const answer = (name: string): Answer => {
  const result = `${name} ${'.'.repeat(10_000)}`;
  const safety_report = {
    timestamp: '2030-01-01T00:00:00.000Z',
    stage: 'api',
    subject: '',
    subject_sha256: '',
    passed: true,
  } as const;
  const told = { status: 'completed', model: 'm', budget_used: 0, simulated: false, replayed: false, duration_ms: 1 } as const;
  return {
    result: { ...told, result, safety_report: { ...safety_report, checks: [] }, artifact_id: `t/1/${name}.md` },
    artifact: { task_id: 't', attempt: 1, name: `${name}.md`, bytes: result },
  };
};

describe('a disk that is full', () => {
  it.for(['the next answer', 'its end'])('gets what it refused at %s, though nobody asks for it again', async (when, test) => {
    const root = smallDisk(4);
    if (root === undefined) return test.skip('needs the right to mount a small file system');
    mkdirSync(join(root, '.swarm'), { recursive: true });
    const file = join(root, '.swarm', 'executions.jsonl');
    const executions = await Executions.open(fileBackend(root), fileBackend(root).artifacts);
    const ask = (name: string) => executions.once(name, CycleRequest.parse({ prompt: name }), async () => answer(name));
    const filler = fill(root);
    await expect(ask('refused')).rejects.toMatchObject({ code: 'VIV_STORAGE' });
    rmSync(filler);
    if (when === 'the next answer') {
      await ask('next');
      await vi.waitFor(() => expect(readFileSync(file, 'utf8')).toContain('"execution_key":"refused"'));
    }
    await executions.close();
    expect(readFileSync(file, 'utf8').match(/"execution_key":"refused"/g)).toHaveLength(1);
  });

  it('is refused in words; with room again everything goes on and nothing is lost', { timeout: 90_000 }, async (test) => {
    const root = smallDisk(6);
    if (root === undefined) return test.skip('needs the right to mount a small file system');
    const world = await FaultWorld.open({ root, delayMs: () => 300 });
    await world.serve('api');
    await world.serve('panel');
    await Promise.all([world.serve('worker'), world.serve('worker')]);
    await world.add(
      Array.from({ length: TASKS }, (_, n) => ({
        id: `t${n}`,
        prompt: promptFor(`t${n}`),
        depends_on: n >= 8 ? [`t${n - 8}`] : [],
      })),
    );
    await world.model.waitForCalls(6);
    const filler = fill(root);
    const said = () => world.lives.flatMap(({ child }) => child.errors).join('\n');
    await vi.waitFor(() => expect(said()).toMatch(/ENOSPC|no space left|disk/i), { timeout: 30_000 });
    fill(root);
    // More than fits into what is left of a page that the log has already.
    const much = Array.from({ length: 40 }, (_, n) => ({ id: `refused${n}`, prompt: promptFor(`refused${n}`) }));
    const refusedAdd = await world.add(much).catch((cause: unknown) => cause);
    expect(refusedAdd).toMatchObject({ code: 'VIV_STORAGE', fix: expect.any(String) });
    expect(world.lives.map(({ role, child }) => [role, child.process.exitCode])).toEqual(
      world.lives.map(({ role }) => [role, null]),
    );
    rmSync(filler);
    await world.add([{ id: 'late', prompt: promptFor('late') }]);
    await world.untilAllApproved(40_000);
    await world.stop();
    await world.heal();
    const apiDeaths = world.lives.flatMap((life) => (life.role === 'api' ? [life.died_at ?? 0] : []));
    const found = checkWorld({ root, purchases: world.bought, apiDeaths });
    expect(found).toMatchObject({ tasks: TASKS + 1, modelCalls: 2 * (TASKS + 1), boughtAgainAfterDeath: 0, ...clean });
  });
});
