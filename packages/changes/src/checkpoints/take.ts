import { createHash, randomBytes } from 'node:crypto';
import { RUNTIME, stableJson } from '@vivarium/core';
import { GitError } from '../git/index.ts';
import type { CheckpointTaken } from '../landing/index.ts';
import { type CheckpointWorld, type HeldTree, siteOf } from './deps.ts';

/** The ref under which each store keeps what a checkpoint holds of its project. */
export const checkpointRef = (id: string): string => `refs/checkpoints/${id}`;

/** What every project shows, kept in its store; it counts once the event is in the log. */
export async function takeCheckpoint(
  world: CheckpointWorld,
  { note, automatic }: { readonly note?: string | undefined; readonly automatic: boolean },
): Promise<CheckpointTaken> {
  const checkpoint_id = `cp_${randomBytes(5).toString('hex')}`;
  const projects = await world.projects.list();
  const trees: HeldTree[] = [];
  for (const project of projects) {
    try {
      const { store } = await siteOf(world, project);
      const tip = await store.fetchBase();
      await store.keep(checkpointRef(checkpoint_id), tip.commit);
      trees.push({ project: project.name, ...tip });
    } catch (error) {
      // A repository that is not there, or without a commit, has nothing to return to, and stops no other.
      if (!(error instanceof GitError)) throw error;
    }
  }
  const [versions, positions] = await Promise.all([versionsNow(world), positionsNow(world)]);
  return {
    ...{ event: 'checkpoint_taken', actor: RUNTIME, checkpoint_id, automatic, trees, versions, positions },
    ...(note === undefined ? {} : { note }),
  };
}

/** What was learned and set, by name; two are equal when their bytes are. */
export async function versionsNow(world: CheckpointWorld): Promise<Record<string, string>> {
  const [skills, society, projects] = await Promise.all([world.skills(), world.society(), world.projects.list()]);
  skills.refresh();
  society.refresh();
  const named: [string, string][] = [
    ...skills.list().map(({ name, version, status, body, code, description }): [string, string] => {
      return [`skill:${name}`, `${version} ${status} ${hashOf({ body, code, description })}`];
    }),
    ...[...society.world.society.hats.values()].map((hat): [string, string] => [`hat:${hat.name}`, hashOf(hat)]),
    ...projects.map(({ name, policy_sha256 }): [string, string] => [`project:${name}`, policy_sha256.slice(0, DIGITS)]),
  ];
  return Object.fromEntries(named);
}

async function positionsNow({ tasks, changes }: CheckpointWorld): Promise<Record<string, number>> {
  const [queue, log] = await Promise.all([tasks(), changes()]);
  return { execution_log: queue.position, changes: log.position };
}

const DIGITS = 16;
const hashOf = (value: object): string => createHash('sha256').update(stableJson(value)).digest('hex').slice(0, DIGITS);
