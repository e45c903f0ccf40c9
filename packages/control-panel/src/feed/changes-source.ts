import type { ChangeRecord } from '@vivarium/core';
import { changeReaders, stateIn, titleOf } from '../presenters/changes.ts';
import type { World } from '../world/world.ts';
import { coalesce } from './coalesce.ts';
import type { Feed } from './feed.ts';

const GAP_MS = 250;
/** What this process writes itself is not told by the logs. */
const LOOK_MS = 2000;

/** Tell of every change to a project that moved, whichever log says so. Returns the way to stop. */
export async function changesSource(world: World, feed: Feed): Promise<() => void> {
  const { changes, gates } = await changeReaders(world);
  const marks = () => new Map([...changes.state.changes].map(([id, change]) => [id, markOf(change, stateIn({ gates }, change))]));
  const others = () =>
    JSON.stringify([[...changes.state.projects.values()], changes.state.checkpoints.size, changes.state.restores.size]);
  let [before, rest] = [marks(), others()];
  const tell = (text: string, id?: string) =>
    feed.publish({ kind: 'society', topic: 'changes', text, ...(id === undefined ? {} : { id }) });
  const looking = coalesce(GAP_MS, () => {
    changes.refresh();
    gates.refresh();
    const [now, others_now] = [marks(), others()];
    for (const [id, mark] of now) {
      const change = changes.change(id);
      if (change && before.get(id) !== mark)
        tell(`Change “${titleOf(change)}” is ${stateIn({ gates }, change).replaceAll('_', ' ')}`, id);
    }
    if (rest !== others_now) tell('A project or a checkpoint has changed');
    [before, rest] = [now, others_now];
  });
  const stops = [changes.follow(looking.ask), gates.follow(looking.ask), world.acts.on(looking.ask)];
  const timer = setInterval(looking.ask, LOOK_MS).unref();
  return () => {
    clearInterval(timer);
    looking.stop();
    for (const stop of stops) stop();
  };
}

const markOf = ({ updated_at, checks, tree, approval, held, behind }: ChangeRecord, state: string): string =>
  JSON.stringify([state, updated_at, checks.length, tree, approval?.approval_id, held?.because, behind]);
