import { z } from 'zod';
import { type Actor, loggedAs } from '../../contract/actor.ts';
import { Oid } from '../../contract/ids.ts';
import { Drilled, Restored } from '../../domain/changes/restore-view.ts';
import { TaskConflictError } from '../../errors/index.ts';
import type { World } from '../world.ts';
import { decideOne, withConsequences } from './decisions.ts';
import { operation } from './entry.ts';
import { NothingToDecideError } from './refused.ts';

const refusals = ['VIV_INVALID_INPUT', 'VIV_CHECKPOINT_NOT_FOUND', 'VIV_RESTORE_REFUSED', 'VIV_CHANGE_ORDER'] as const;
const Project = z.string().max(64);
const Taken = z.object({
  checkpoint_id: z.string(),
  at: z.string(),
  note: z.string().exactOptional(),
  trees: z.array(z.object({ project: z.string(), commit: Oid, tree: Oid })),
});

/** Ways back. Only for the person at this machine: no tool has them. */
export const checkpointOperations = {
  take_checkpoint: operation({
    title: 'Keep what every project shows at this moment, to be able to return to it',
    ...{ lan: 'never', refusals },
    input: z.strictObject({ note: z.string().trim().min(1, 'say what it is, or leave it out').max(240).optional() }),
    output: Taken,
    async run({ checkpoints }, { note }) {
      const { checkpoint_id, at, trees } = await checkpoints.take({ note, automatic: false });
      return { checkpoint_id, at, trees, ...(note === undefined ? {} : { note }) };
    },
  }),
  restore_checkpoint: operation({
    title: 'Bring projects back to a checkpoint by a new commit on top; nothing of the log, money or tasks goes back',
    ...{ lan: 'never', refusals },
    input: z.strictObject({
      checkpoint_id: z.string().min(1).max(160),
      project: Project.optional().describe('Only this one'),
      including_mine: z.boolean().default(false).describe('Take back also commits that are not of Vivarium'),
      stop: z.boolean().default(false).describe('Send tasks that are worked on there round again first'),
    }),
    output: Restored.extend({ stopped: z.array(z.string()), left: z.array(z.string()) }),
    run: (world, asked, actor) => restore(world, asked, actor),
  }),
  drill_checkpoints: operation({
    title: 'Try the way back of projects in their stores, without touching the projects',
    ...{ lan: 'never', refusals },
    input: z.strictObject({ project: Project.optional() }),
    output: z.object({ passed: z.boolean(), drills: z.array(Drilled) }),
    async run({ checkpoints }, { project }) {
      const drills = await checkpoints.drill(project);
      return { passed: drills.every(({ passed }) => passed), drills: [...drills] };
    },
  }),
};

interface Asked {
  readonly checkpoint_id: string;
  readonly project?: string | undefined;
  readonly including_mine: boolean;
  readonly stop: boolean;
}

async function restore(world: World, { checkpoint_id, project, including_mine, stop }: Asked, actor: Actor) {
  const preview = stop ? await world.checkpoints.preview(checkpoint_id, project) : undefined;
  const running = preview?.projects.filter(({ same }) => !same).flatMap((one) => one.running) ?? [];
  const stopped: string[] = [];
  const { left } = await withConsequences(world, actor, async () => {
    for (const id of running) if (await sendRound(world, id, checkpoint_id, actor)) stopped.push(id);
  });
  return { ...(await world.checkpoints.restore(checkpoint_id, { project, including_mine })), stopped, left };
}

/** Whoever works on it loses it; the next attempt begins on what is restored. False when it ended by itself. */
async function sendRound(world: World, id: string, checkpoint: string, actor: Actor): Promise<boolean> {
  try {
    await decideOne(world, id, { kind: 'cancel', reason: `stopped by ${loggedAs(actor)} to restore ${checkpoint}` }, actor);
    await decideOne(world, id, { kind: 'retry' }, actor);
    return true;
  } catch (error) {
    if (error instanceof NothingToDecideError || error instanceof TaskConflictError) return false;
    throw error;
  }
}
