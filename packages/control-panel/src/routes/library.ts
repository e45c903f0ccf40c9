import { CATALOGUE } from '@vivarium/core';
import { z } from 'zod';
import { acceptSuggestion, libraryItems, skillRows } from '../files/library.ts';
import { PageQuery, pageOf } from '../http/page.ts';
import { done, route } from '../http/route.ts';
import { LibraryList, SkillList, SuggestionAccepted } from '../protocol/library.ts';
import { PERSON, type World } from '../world/world.ts';

const Query = PageQuery.extend({
  kind: z.enum(['document', 'suggestion', 'work']).optional(),
  q: z.string().max(200).optional().describe('Words in title, path or text'),
});

/** What residents wrote, and the skills they have. */
export function libraryRoutes(world: World) {
  return [
    route({
      method: 'get',
      path: '/api/library',
      entry: 'list_library',
      query: Query,
      answer: LibraryList,
      run: async ({ query }) => {
        await world.society.refresh();
        const items = await libraryItems(world, query.kind, query.q);
        const { rows, next_cursor } = pageOf(items, ({ path }) => path, query);
        return done({ items: rows, next_cursor });
      },
    }),
    route({
      method: 'post',
      path: '/api/library/accept',
      entry: 'accept_suggestion',
      body: CATALOGUE.accept_suggestion.input,
      answer: SuggestionAccepted,
      run: async ({ body }) => {
        const path = await acceptSuggestion(world.paths, body.path);
        world.activity.note({
          actor: PERSON,
          action_type: 'SOCIAL',
          action: 'accept_suggestion',
          detail: `${body.path} → ${path}`,
        });
        world.acts.notify();
        return done({ path });
      },
    }),
    route({
      method: 'get',
      path: '/api/skills',
      entry: 'list_skills',
      query: PageQuery,
      answer: SkillList,
      run: ({ query }) => {
        world.skills.refresh();
        const { rows, next_cursor } = pageOf(skillRows(world), ({ name }) => name, query);
        return done({ skills: rows, findings: world.skills.findings(), next_cursor });
      },
    }),
  ];
}
