/** SIGKILL while a resident works on a change: it goes on where it was, buys nothing twice, and does nothing twice. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openChanges, openTaskStore, workspacePaths } from '@vivarium/core';
import { callsTools, FakeLiveness, type ScriptedCall, stepOf } from '@vivarium/core/testing';
import { findTools } from '@vivarium/sandbox';
import { fileBackend } from '@vivarium/storage-files';
import { describe, expect, it, vi } from 'vitest';
import { programNow } from '../../scripts/lib/compile.mjs';
import { git } from '../contract/changes-kit.ts';
import { aModelServer, asGroq, freshWorkspace, send } from './api-kit.ts';
import { claimedTask, FILES, writeProject } from './change-kit.ts';
import { settle } from './residents-kit.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const FULL = process.env['VIVARIUM_FAULTS'] === 'full';
const STEPS = FULL ? 40 : 12;
/** After which steps it is killed, once when its call arrives, once when it was kept and nothing of it is done yet. */
const KILLS = FULL ? Array.from({ length: STEPS }, (_, at) => at + 1) : [2, STEPS];

/** Words after the hand-in, where steps are left. */
const AFTER = STEPS < 40 ? 1 : 0;

const call = (step: number): ScriptedCall =>
  step === STEPS
    ? ['hand_in', { title: 'Many steps', summary: 'Each is there once.', kind: 'chore' }]
    : ['edit_file', { path: 'src/steps.mjs', edits: [{ old: '// end', new: `step(${step});\n// end` }] }];

async function startApi(workspace: string, env: Readonly<Record<string, string>>) {
  const child = spawn(process.execPath, programNow('api'), {
    cwd: ROOT,
    env: {
      PATH: process.env['PATH'],
      VIVARIUM_WORKSPACE: workspace,
      VIVARIUM_API_PORT: '0',
      VIVARIUM_LOG_LEVEL: 'error',
      ...env,
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let said = '';
  child.stdout.on('data', (chunk: Buffer) => {
    said += chunk.toString();
  });
  const port = await vi.waitFor(() => Number((/ready at http:\/\/127\.0\.0\.1:(\d+)/.exec(said) as RegExpExecArray)[1]), 60_000);
  return { child, port };
}

describe.skipIf(findTools().bwrap === undefined)('a cycle at a project that is killed', () => {
  it(`at ${KILLS.length} of its ${STEPS} steps, before and after each was kept`, async () => {
    const workspace = freshWorkspace();
    const paths = workspacePaths(workspace);
    mkdirSync(paths.identities, { recursive: true });
    settle(workspace, { id: 'ada', name: 'Fennel' });
    writeProject(workspace, {}, { ...FILES, 'src/steps.mjs': '// end\n' });
    const store = await openTaskStore({ backend: fileBackend(paths), liveness: new FakeLiveness() });
    await claimedTask({ store }, 't1');

    const arrivals = new Set(KILLS);
    let kill = () => undefined as unknown;
    const server = await aModelServer((request) => {
      const step = 1 + stepOf(request);
      if (step > STEPS) return 'Done.';
      if (!arrivals.delete(step)) return callsTools(call(step));
      kill();
      return { hang: true };
    });
    const kept = () => (readFileSync(join(paths.swarm, 'steps.jsonl'), 'utf8').match(/"offered":/g) ?? []).length;
    const file = join(paths.swarm, 'steps.jsonl');
    const wanted = [...KILLS];
    let answer: Awaited<ReturnType<typeof send>> | undefined;
    for (let round = 0; answer === undefined && round <= 2 * KILLS.length; round++) {
      const { child, port } = await startApi(workspace, asGroq(server));
      kill = () => child.kill('SIGKILL');
      let alive = true;
      const ended = once(child, 'exit').then(() => {
        alive = false;
      });
      const [next] = wanted;
      void (async () => {
        while (alive && next !== undefined) {
          if (exists(file) && kept() >= next) {
            wanted.shift();
            kill();
            return;
          }
          await new Promise((resolve) => setImmediate(resolve));
        }
      })();
      const token = readFileSync(join(paths.swarm, 'security/internal_execution_token.txt'), 'utf8').trim();
      const headers = { 'content-type': 'application/json', 'x-vivarium-internal-token': token };
      const body = { mode: 'llm', prompt: 'Mend sum()', identity_id: 'ada', task_id: 't1', execution_key: 't1#1', max_budget: 5 };
      answer = await send(port, '/cycle', { headers, body }).catch(() => undefined);
      child.kill('SIGKILL');
      await ended;
    }
    expect(answer?.body).toMatchObject({ status: 'completed', steps: STEPS + AFTER, change: { change_id: expect.any(String) } });
    expect([arrivals.size, wanted.length]).toEqual([0, 0]);
    expect(server.answered).toBe(STEPS + AFTER);
    const changes = await openChanges({ backend: fileBackend(paths) });
    const change = changes.ofTask('t1');
    const lines = Array.from({ length: STEPS - 1 }, (_, at) => `step(${at + 1});\n`).join('');
    const gitDir = join(paths.swarm, 'changes/sample/store.git');
    expect(git(gitDir, ['show', `${change?.tree}:src/steps.mjs`])).toBe(`${lines}// end\n`);
    const steps = changes.history(change?.change_id ?? '').flatMap((event) => (event.event === 'work_saved' ? event.step : []));
    expect(steps).toEqual([...steps].sort((a, b) => a - b));
    await changes.close();
    await store.close();
  });
});

function exists(file: string): boolean {
  try {
    readFileSync(file);
    return true;
  } catch {
    return false;
  }
}
