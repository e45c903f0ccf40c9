/** What the compiler knows of the panel's routes: what they take and answer, on the server and on the page. */
import { describe, expectTypeOf, it } from 'vitest';
import { z } from 'zod';
import type { TaskPage } from '../protocol/tasks.ts';
import type { PanelRoute } from '../routes/table.ts';
import type { AnswerOf, DoorsOf, GivenTo } from './door.ts';
import { route } from './route.ts';

type Doors = DoorsOf<PanelRoute>;
const Counted = z.object({ count: z.number(), names: z.array(z.string()) });
const line = { method: 'get', path: '/api/things/:id', entry: 'list_tasks', answer: Counted } as const;

describe('A route', () => {
  it('has to run to what it answers', () => {
    route({ ...line, run: ({ params }) => ({ count: 1, names: [params.id] }) });
    route({ ...line, run: async () => ({ count: 1, names: [] }) });
    // @ts-expect-error a field is missing
    route({ ...line, run: () => ({ count: 1 }) });
    // @ts-expect-error a field is of another kind
    route({ ...line, run: () => ({ count: '1', names: [] }) });
    // @ts-expect-error the same, later
    route({ ...line, run: async () => ({ count: 1, names: [1] }) });
    const { answer: _, ...silent } = line;
    // @ts-expect-error no route without a schema of its answer
    route({ ...silent, run: () => ({}) });
    // @ts-expect-error the path has no such name
    route({ ...line, run: ({ params }) => ({ count: 1, names: [params.name] }) });
  });
});

describe('A door of the table, as the page sees it', () => {
  it('answers what its schema says, unchangeably', () => {
    expectTypeOf<AnswerOf<Doors['GET /api/tasks']>>().toEqualTypeOf<TaskPage>();
    expectTypeOf<AnswerOf<Doors['POST /api/tasks/:id/approve']>['status']>().toEqualTypeOf<TaskPage['tasks'][number]['status']>();
    expectTypeOf<AnswerOf<Doors['GET /api/budget']>['reservations'][number]['amount_usd']>().toEqualTypeOf<number>();
    expectTypeOf<AnswerOf<Doors['GET /api/bounties']>>().toExtend<readonly { readonly id: string }[]>();
    expectTypeOf<AnswerOf<Doors['GET /api/bounties']>>().not.toExtend<{ id: string }[]>();
  });

  it('takes the names of its path, all of them', () => {
    type Review = GivenTo<Doors['POST /api/bounties/:id/submissions/:submission/review']>['params'];
    expectTypeOf<{ id: string; submission: string }>().toExtend<Review>();
    expectTypeOf<{ id: string }>().not.toExtend<Review>();
    expectTypeOf<GivenTo<Doors['GET /api/waiting']>>().not.toHaveProperty('params');
  });

  it('takes the fields of its query and body, and no others', () => {
    expectTypeOf<keyof NonNullable<GivenTo<Doors['GET /api/trend']>['query']>>().toEqualTypeOf<'hours'>();
    expectTypeOf<keyof GivenTo<Doors['POST /api/messages/send']>['body']>().toEqualTypeOf<'to_id' | 'content'>();
    expectTypeOf<keyof GivenTo<Doors['POST /api/tasks/:id/reject']>['body']>().toEqualTypeOf<'reason'>();
    expectTypeOf<keyof GivenTo<Doors['POST /api/disputes/:id/resolve']>['body']>().toEqualTypeOf<'outcome' | 'notes'>();
    expectTypeOf<GivenTo<Doors['DELETE /api/bounties/:id']>>().not.toHaveProperty('body');
    expectTypeOf<GivenTo<Doors['GET /api/waiting']>>().not.toHaveProperty('query');
    expectTypeOf<GivenTo<Doors['GET /api/waiting']>>().not.toHaveProperty('body');
    expectTypeOf<{ source: 'all' }>().toExtend<NonNullable<GivenTo<Doors['GET /api/log']>['query']>>();
    expectTypeOf<{ source: 'some' }>().not.toExtend<NonNullable<GivenTo<Doors['GET /api/log']>['query']>>();
  });

  it('is one of three where a path has three', () => {
    expectTypeOf<'POST /api/halt' | 'POST /api/pause' | 'POST /api/resume'>().toExtend<keyof Doors>();
    expectTypeOf<'GET /api/halt'>().not.toExtend<keyof Doors>();
    expectTypeOf<'POST /api/nothing'>().not.toExtend<keyof Doors>();
  });
});
