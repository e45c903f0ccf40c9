import { z } from 'zod';
import { PageQuery } from '../http/page.ts';
import { done, route } from '../http/route.ts';
import { changeReaders } from '../presenters/changes.ts';
import { checkpointPage } from '../presenters/checkpoints.ts';
import {
  CheckpointDrill,
  CheckpointPage,
  CheckpointPreview,
  CheckpointRestored,
  CheckpointTaken,
} from '../protocol/checkpoints.ts';
import type { World } from '../world/world.ts';
import { does } from './does.ts';

const Of = z.object({ project: z.string().max(64).optional().describe('Only this project') });

/** The ways back of projects. */
export function checkpointRoutes(world: World) {
  const post = { method: 'post', show: done } as const;
  return [
    route({
      method: 'get',
      path: '/api/checkpoints',
      entry: 'list_checkpoints',
      query: PageQuery,
      answer: CheckpointPage,
      run: async ({ query }) => checkpointPage((await changeReaders(world)).changes.state, query),
    }),
    does(world, 'take_checkpoint', { ...post, path: '/api/checkpoints', named: {}, answer: CheckpointTaken }),
    does(world, 'drill_checkpoints', { ...post, path: '/api/checkpoints/drill', named: {}, answer: CheckpointDrill }),
    route({
      method: 'get',
      path: '/api/checkpoints/:id/preview',
      entry: 'preview_restore',
      query: Of,
      answer: CheckpointPreview,
      run: async ({ params, query }) => done(await world.whole.checkpoints.preview(params.id, query.project)),
    }),
    does(world, 'restore_checkpoint', {
      ...{ ...post, path: '/api/checkpoints/:id/restore', named: { id: 'checkpoint_id' }, answer: CheckpointRestored },
    }),
  ];
}
