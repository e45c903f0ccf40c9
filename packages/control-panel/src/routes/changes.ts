import type { ProjectStore } from '@vivarium/changes';
import { CHANGE_STATES, type ChangeRecord, changeNamed, InvalidInputError, projectNamed } from '@vivarium/core';
import { z } from 'zod';
import { PageQuery } from '../http/page.ts';
import { done, route } from '../http/route.ts';
import { changeDetail } from '../presenters/change-detail.ts';
import { changeDiff } from '../presenters/change-diff.ts';
import { changePage, changeReaders, isChangeState, stateIn } from '../presenters/changes.ts';
import { ChangeDecided, ChangeDetail, ChangeDiff, ChangePage, type ChangeState } from '../protocol/changes.ts';
import type { World } from '../world/world.ts';
import { does } from './does.ts';

const Query = PageQuery.extend({
  project: z.string().max(64).optional(),
  state: z.string().max(300).optional().describe('One or more states, comma-separated'),
});
const Path = z.object({ path: z.string().min(1).max(300).optional().describe('Only this file, however long it is') });

/** Changes to projects: reading them, and the person's word. */
export function changeRoutes(world: World) {
  return [...reading(world), ...deciding(world)];
}

function reading(world: World) {
  return [
    route({
      method: 'get',
      path: '/api/changes',
      entry: 'list_changes',
      query: Query,
      answer: ChangePage,
      run: async ({ query: { state, ...query } }) =>
        changePage(await changeReaders(world), { ...query, states: statesOf(state) }),
    }),
    route({
      method: 'get',
      path: '/api/changes/:id',
      entry: 'show_change',
      answer: ChangeDetail,
      run: async ({ params }) => {
        const open = await changeReaders(world);
        const change = await changeNamed(open.changes, params.id);
        const project = await world.whole.projects.get(change.project);
        const { budget: costs, whole } = world;
        costs.refresh();
        return changeDetail({ ...open, costs, artifacts: whole.artifacts, mode: project?.settings.approval }, change);
      },
    }),
    route({
      method: 'get',
      path: '/api/changes/:id/diff',
      entry: 'show_change_diff',
      query: Path,
      answer: ChangeDiff,
      run: async ({ params, query }) => {
        const change = await changeNamed(await world.whole.changes(), params.id);
        return changeDiff(await storeOf(world, change), change, query.path);
      },
    }),
  ];
}

function deciding(world: World) {
  const route = { method: 'post', named: { id: 'change_id' }, answer: ChangeDecided } as const;
  const show = async (_answer: unknown, { change_id }: { readonly change_id: string }) => {
    const open = await changeReaders(world);
    const change = await changeNamed(open.changes, change_id);
    return done({ change_id: change.change_id, state: stateIn(open, change) });
  };
  return [
    does(world, 'approve_change', { ...route, path: '/api/changes/:id/approve', show }),
    does(world, 'reject_change', { ...route, path: '/api/changes/:id/reject', show }),
    does(world, 'retry_change', { ...route, path: '/api/changes/:id/retry', show }),
  ];
}

/** The store of its project, where its files lie. What it takes is loaded when somebody asks. @throws InvalidInputError without the project */
async function storeOf({ whole, paths }: World, { project: name }: ChangeRecord): Promise<ProjectStore> {
  const [project, { openStore }] = await Promise.all([projectNamed(whole.projects, name), import('@vivarium/changes')]);
  return openStore({ root: paths.root }, project);
}

function statesOf(list = ''): ChangeState[] {
  const words = list
    .split(',')
    .map((word) => word.trim())
    .filter(Boolean);
  const wrong = words.find((word) => !isChangeState(word));
  if (wrong === undefined) return words.filter(isChangeState);
  throw new InvalidInputError('The query', [{ field: 'state', message: `use ${CHANGE_STATES.join(', ')}` }]);
}
