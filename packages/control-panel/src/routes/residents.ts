import { ACTS } from '@vivarium/core';
import { z } from 'zod';
import { PageQuery, pageOf } from '../http/page.ts';
import { notFound } from '../http/refused.ts';
import { done, route } from '../http/route.ts';
import { profileOf } from '../presenters/profile.ts';
import { inWords } from '../presenters/wallet-words.ts';
import { IdentityCreated, LedgerPage, ProfileView, Tipped, WalletList } from '../protocol/residents.ts';
import { perform } from '../world/perform.ts';
import type { World } from '../world/world.ts';
import { does } from './does.ts';

const MAX_ITEMS = 10;
const ITEM_CHARS = 64;
const List = z.array(z.string()).optional();
const Create = ACTS.create_identity.schema.pick({ name: true, summary: true, identity_statement: true }).strip().extend({
  creator_identity_id: z.string().optional(),
  creator_resident_id: z.string().optional(),
  affinities: List,
  values: List,
  preferred_activities: List,
  traits_csv: z.string().optional(),
  values_csv: z.string().optional(),
  activities_csv: z.string().optional(),
});
const LedgerQuery = z.object({
  limit: z.coerce.number().int().min(1).max(500).default(50),
  cursor: z.coerce.number().int().min(0).optional().describe("A former page's next_cursor"),
});

/** Residents, what they are, and what they own. */
export function residentRoutes(world: World) {
  return [...people(world), ...wallets(world)];
}

function people(world: World) {
  return [
    route({
      method: 'post',
      path: '/api/identities/create',
      entry: 'create_identity',
      body: Create,
      answer: IdentityCreated,
      run: async ({ body }) => {
        const { identity_id } = await perform(world, 'create_identity', creation(body));
        await world.society.publish();
        const identity = world.society.profile(identity_id)?.identity;
        const creator_identity_id = body.creator_identity_id ?? 'human';
        return done({ identity: { id: identity_id, name: identity?.name, summary: identity?.summary, creator_identity_id } });
      },
    }),
    route({
      method: 'get',
      path: '/api/identity/:id/profile',
      entry: 'show_resident',
      answer: ProfileView,
      run: async ({ params }) => {
        const profile = await profileOf(world, params.id);
        if (profile === undefined) throw notFound('identity_not_found', 'List them with GET /api/identities');
        return profile;
      },
    }),
  ];
}

function creation({ name, summary, identity_statement, creator_identity_id, ...lists }: z.infer<typeof Create>) {
  return {
    ...{ name, summary, identity_statement },
    ...(creator_identity_id ? { creator_identity_id } : {}),
    personality_traits: words(lists.affinities, lists.traits_csv),
    core_values: words(lists.values, lists.values_csv),
    preferred_activities: words(lists.preferred_activities, lists.activities_csv),
  };
}

/** As documented: a list or words with commas between them, trimmed, each once, the first ten. */
function words(list: readonly string[] | undefined, text: string | undefined): string[] {
  const parts = [...(list ?? []), text ?? ''].join(',').split(',');
  const cut = parts.map((part) => part.trim().slice(0, ITEM_CHARS).trim()).filter((part) => part !== '');
  return [...new Set(cut)].slice(0, MAX_ITEMS);
}

function wallets(world: World) {
  return [
    route({
      method: 'get',
      path: '/api/wallets',
      entry: 'list_wallets',
      query: PageQuery,
      answer: WalletList,
      run: async ({ query }) => {
        await world.society.refresh();
        const { rows, next_cursor } = pageOf(world.society.wallets(), ({ identity_id }) => identity_id, query);
        return done({ wallets: rows, next_cursor });
      },
    }),
    route({
      method: 'get',
      path: '/api/wallets/:id/ledger',
      entry: 'show_wallet',
      query: LedgerQuery,
      answer: LedgerPage,
      run: async ({ params, query }) => {
        const id = params.id;
        await world.society.refresh();
        const wallet = world.society.wallets().find(({ identity_id }) => identity_id === id);
        if (wallet === undefined) throw notFound(`No resident has the id ${id}`);
        const { lines, next } = world.society.walletLedger(id, {
          limit: query.limit,
          ...(query.cursor === undefined ? {} : { before: query.cursor }),
        });
        const next_cursor = next === undefined ? null : String(next);
        return done({ identity_id: id, wallet, entries: lines.map((line) => inWords(world, line)), next_cursor });
      },
    }),
    does(world, 'tip', {
      method: 'post',
      path: '/api/wallets/:id/tip',
      named: { id: 'identity_id' },
      answer: Tipped,
      show: ({ identity_id, amount }) => done({ ok: true, identity_id, amount }),
    }),
  ];
}
