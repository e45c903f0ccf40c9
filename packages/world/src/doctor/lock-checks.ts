import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { WorkspacePaths } from '@vivarium/core';
import { lockFiles } from '@vivarium/storage-files';
import { openBackend, openSwitches } from '../open/backend.ts';
import type { Finding } from './finding.ts';

/** Older than this, a document's lock was left behind. */
const STALE_MS = 15_000;

/** Locks whose holder is gone. */
export async function checkLocks(paths: WorkspacePaths): Promise<readonly Finding[]> {
  const { presence } = await openBackend({ workspace: paths.root });
  const stale: Finding[] = lockFiles(paths)
    .list()
    .filter(({ worker_id }) => !presence.isLive(worker_id))
    .map(({ task_id, worker_id }) => ({
      level: 'warning',
      check: 'locks',
      message: `task ${task_id} is locked by ${worker_id}, which is gone`,
      file: join('task_locks', `${task_id}.lock`),
      fix: 'A running worker takes over by itself: pnpm worker run',
    }));
  for (const folder of [paths.root, paths.swarm, paths.identities]) stale.push(...(await staleDocumentLocks(folder)));
  const live = presence.liveWorkers().length;
  return stale.length > 0
    ? stale
    : [{ level: 'ok', check: 'locks', message: `no lock without a holder; ${live} workers are live` }];
}

async function staleDocumentLocks(folder: string): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const name of await readdir(folder).catch(() => [])) {
    if (!name.endsWith('.lock')) continue;
    const file = join(folder, name);
    const seen = await stat(file).catch(() => undefined);
    if (!seen?.isDirectory() || Date.now() - seen.mtimeMs < STALE_MS) continue;
    const message = `${file} was left behind by a process that died`;
    findings.push({ level: 'warning', check: 'locks', message, file, fix: 'Nothing to do: the next writer takes it over' });
  }
  return findings;
}

/** A switch that somebody left on explains why nothing moves. */
export async function checkSwitches(paths: WorkspacePaths): Promise<readonly Finding[]> {
  const { state, reason } = openSwitches({ workspace: paths.root }).reason();
  if (state === 'running') return [{ level: 'ok', check: 'switch', message: 'the world is running' }];
  const message = `the world is ${state}${reason === '' ? '' : `: ${reason}`}; nothing new is taken`;
  return [{ level: 'warning', check: 'switch', message, fix: 'Go on: pnpm worker resume' }];
}
