import { type CATALOGUE, fence, refuse } from '@vivarium/core';
import type { z } from 'zod';
import { filesOf } from '../work-area/index.ts';
import { done, firstOf, type Worked } from './answer.ts';
import { placeOf } from './place.ts';
import type { Workbench } from './workbench.ts';

type DiffArgs = z.output<(typeof CATALOGUE)['show_diff']['input']>;
type UndoArgs = z.output<(typeof CATALOGUE)['undo_step']['input']>;

const DIFF_CHARS = 24_000;
const FILES = 60;

export async function showDiffTool(bench: Workbench, { path, against = 'base' }: DiffArgs): Promise<Worked> {
  const from = await bench.treeOf(against === 'base' ? 0 : against);
  if (from === undefined) return { answer: noSuchStep(bench, against) };
  const place = path === undefined ? undefined : placeOf(bench, path);
  if (place && !place.ok) return { answer: place };
  const tree = await bench.tree();
  const { files } = await filesOf(bench.store, bench.project, from, tree);
  const under = place?.path ?? '';
  const here = files.filter((file) => under === '' || file.path === under || file.path.startsWith(`${under}/`));
  const patch = await bench.store.patch(
    from,
    tree,
    here.map((file) => file.path),
  );
  const told = here.map(({ path: name, tier, added, removed }) => ({ path: name, tier, added, removed }));
  const origin = 'diff of the change';
  return done({ tree, files: firstOf(told, FILES), diff: here.length === 0 ? '' : fence(origin, patch, DIFF_CHARS) }, origin);
}

export async function undoTool(bench: Workbench, { to_step }: UndoArgs): Promise<Worked> {
  const tree = await bench.treeOf(to_step);
  if (tree === undefined) return { answer: noSuchStep(bench, to_step) };
  await bench.reset(tree);
  return done({ tree, as_after_step: to_step, step: bench.nextStep });
}

const noSuchStep = (bench: Workbench, step: number | string) =>
  refuse('no_such_name', `No step ${step} was kept; steps go from 0 (the base) to ${bench.nextStep - 1}`);
