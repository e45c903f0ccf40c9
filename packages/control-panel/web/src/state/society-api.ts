import { call, type Given } from './api.ts';

/** What is given at a door to be kept. */
type Body<Door extends Parameters<typeof call>[0]> = Given<Door> extends { readonly body: infer Fields } ? Fields : never;

/** What the page asks about residents, and what the person does among them. */
export const society = {
  profile: (id: string, signal?: AbortSignal) => call('GET /api/identity/:id/profile', { params: { id }, signal }),
  ledger: (id: string, cursor?: string, signal?: AbortSignal) =>
    call('GET /api/wallets/:id/ledger', { params: { id }, query: { cursor, limit: 30 }, signal }),
  createResident: (body: Body<'POST /api/identities/create'>) => call('POST /api/identities/create', { body }),
  rooms: (signal?: AbortSignal) => call('GET /api/chatrooms', { query: { empty: 'true' }, signal }),
  room: (room: string, cursor?: string, signal?: AbortSignal) =>
    call('GET /api/chatrooms/:room', { params: { room }, query: { cursor }, signal }),
  say: (room: string, content: string, reply_to?: string) =>
    call('POST /api/chatrooms/:room', { params: { room }, body: { content, ...(reply_to ? { reply_to } : {}) } }),
  waiting: (signal?: AbortSignal) => call('GET /api/waiting', { signal }),
  mailbox: (signal?: AbortSignal) => call('GET /api/messages/mailbox', { signal }),
  conversation: (id: string, signal?: AbortSignal) => call('GET /api/messages/mailbox/:id', { params: { id }, signal }),
  reply: (message_id: string, response: string) => call('POST /api/messages/respond', { body: { message_id, response } }),
  send: (to_id: string, content: string) => call('POST /api/messages/send', { body: { to_id, content } }),
  bounties: (status: Status, cursor?: string, signal?: AbortSignal) =>
    call('GET /api/bounties', { query: { status, cursor, limit: 50 }, signal }),
  bounty: (id: string, signal?: AbortSignal) => call('GET /api/bounties/:id', { params: { id }, signal }),
  offerBounty: (body: Body<'POST /api/bounties'>) => call('POST /api/bounties', { body }),
  topUpBounty: (id: string, amount: number) => call('POST /api/bounties/:id/top_up', { params: { id }, body: { amount } }),
  cancelBounty: (id: string) => call('DELETE /api/bounties/:id', { params: { id } }),
  submitWork: (id: string, body: Body<'POST /api/bounties/:id/submit'>) =>
    call('POST /api/bounties/:id/submit', { params: { id }, body }),
  reviewWork: (id: string, submission: string, body: Body<'POST /api/bounties/:id/submissions/:submission/review'>) =>
    call('POST /api/bounties/:id/submissions/:submission/review', { params: { id, submission }, body }),
  payout: (id: string, query: Given<'GET /api/bounties/:id/payout'>['query'], signal?: AbortSignal) =>
    call('GET /api/bounties/:id/payout', { params: { id }, query, signal }),
  completeBounty: (id: string, body: Body<'POST /api/bounties/:id/complete'>) =>
    call('POST /api/bounties/:id/complete', { params: { id }, body }),
  guilds: (signal?: AbortSignal) => call('GET /api/guilds', { signal }),
  journals: (signal?: AbortSignal) => call('GET /api/journals', { query: { limit: 30 }, signal }),
  voteJournal: (id: string, body: Body<'POST /api/journals/:id/vote'>) =>
    call('POST /api/journals/:id/vote', { params: { id }, body }),
  voteRequest: (id: string, body: Body<'POST /api/guilds/requests/:id/vote'>) =>
    call('POST /api/guilds/requests/:id/vote', { params: { id }, body }),
  voteSpending: (id: string, body: Body<'POST /api/guilds/spendings/:id/vote'>) =>
    call('POST /api/guilds/spendings/:id/vote', { params: { id }, body }),
  tip: (id: string, body: Body<'POST /api/wallets/:id/tip'>) => call('POST /api/wallets/:id/tip', { params: { id }, body }),
  disputes: (signal?: AbortSignal) => call('GET /api/disputes', { signal }),
  resolve: (id: string, body: Body<'POST /api/disputes/:id/resolve'>) =>
    call('POST /api/disputes/:id/resolve', { params: { id }, body }),
  appoint: (id: string, identity_id: string) => call('POST /api/disputes/:id/appoint', { params: { id }, body: { identity_id } }),
  library: (query: Given<'GET /api/library'>['query'], signal?: AbortSignal) =>
    call('GET /api/library', { query: { ...query, limit: 60 }, signal }),
  file: (path: string, signal?: AbortSignal) => call('GET /api/artifact/view', { query: { path }, signal }),
  accept: (path: string) => call('POST /api/library/accept', { body: { path } }),
  skills: (signal?: AbortSignal) => call('GET /api/skills', { signal }),
  request: (signal?: AbortSignal) => call('GET /api/human_request', { signal }),
  ask: (request: string) => call('POST /api/human_request', { body: { request } }),
  met: (request: string) => call('POST /api/completed_requests', { body: { request } }),
};

type Status = NonNullable<Given<'GET /api/bounties'>['query']>['status'];
