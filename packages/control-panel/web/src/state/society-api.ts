import type {
  BountyView,
  DisputeView,
  GuildView,
  JournalRow,
  LedgerEntry,
  LibraryItem,
  Listed,
  MailMessage,
  MailThread,
  PayoutPreview,
  ProfileView,
  RoomPage,
  RoomRow,
  SkillRow,
  VoteAnswer,
  WaitingAnswer,
  WalletRow,
} from '../../../src/protocol-society.ts';
import { inAddress } from './address.ts';
import { call } from './api.ts';

const at = (...parts: readonly string[]): string => `/api/${parts.map(inAddress).join('/')}`;

function withQuery(path: string, query: Readonly<Record<string, string | undefined>>): string {
  const given = Object.entries(query).flatMap(([key, value]) => (value ? [[key, value] as const] : []));
  return given.length === 0 ? path : `${path}?${new URLSearchParams(given.map(([key, value]) => [key, value]))}`;
}

const get = <T>(path: string, signal?: AbortSignal): Promise<T> => call('GET', path, undefined, signal);

/** What the page asks about residents, and what the person does among them. */
export const society = {
  profile: (id: string, signal?: AbortSignal): Promise<ProfileView> => get(at('identity', id, 'profile'), signal),
  ledger: (
    id: string,
    cursor?: string,
    signal?: AbortSignal,
  ): Promise<Listed<'entries', LedgerEntry> & { readonly wallet: WalletRow }> =>
    get(withQuery(at('wallets', id, 'ledger'), { cursor, limit: '30' }), signal),
  createResident: (body: object): Promise<{ identity: { id: string; name: string } }> =>
    call('POST', at('identities', 'create'), body),
  rooms: (signal?: AbortSignal): Promise<{ rooms: readonly RoomRow[] }> =>
    get(withQuery(at('chatrooms'), { empty: 'true' }), signal),
  room: (id: string, cursor?: string, signal?: AbortSignal): Promise<RoomPage> =>
    get(withQuery(at('chatrooms', id), { cursor }), signal),
  say: (room: string, content: string, reply_to?: string): Promise<object> =>
    call('POST', at('chatrooms', room), { content, ...(reply_to ? { reply_to } : {}) }),
  waiting: (signal?: AbortSignal): Promise<WaitingAnswer> => get(at('waiting'), signal),
  mailbox: (signal?: AbortSignal): Promise<{ unread_count: number; threads: readonly MailThread[] }> =>
    get(at('messages', 'mailbox'), signal),
  conversation: (id: string, signal?: AbortSignal): Promise<{ id: string; name: string; messages: readonly MailMessage[] }> =>
    get(at('messages', 'mailbox', id), signal),
  reply: (message_id: string, response: string): Promise<{ bonus: number }> =>
    call('POST', at('messages', 'respond'), { message_id, response }),
  send: (to_id: string, content: string): Promise<{ bonus: number }> => call('POST', at('messages', 'send'), { to_id, content }),
  bounties: (status: string, cursor?: string, signal?: AbortSignal): Promise<readonly BountyView[]> =>
    get(withQuery(at('bounties'), { status, cursor, limit: '50' }), signal),
  bounty: (id: string, signal?: AbortSignal): Promise<{ bounty: BountyView }> => get(at('bounties', id), signal),
  offerBounty: (body: object): Promise<{ bounty: BountyView }> => call('POST', at('bounties'), body),
  topUpBounty: (id: string, amount: number): Promise<{ in_escrow: number }> =>
    call('POST', at('bounties', id, 'top_up'), { amount }),
  cancelBounty: (id: string): Promise<{ returned: number }> => call('DELETE', at('bounties', id)),
  submitWork: (id: string, body: object): Promise<object> => call('POST', at('bounties', id, 'submit'), body),
  reviewWork: (id: string, submission: string, body: object): Promise<object> =>
    call('POST', at('bounties', id, 'submissions', submission, 'review'), body),
  payout: (id: string, choice: Readonly<Record<string, string | undefined>>, signal?: AbortSignal): Promise<PayoutPreview> =>
    get(withQuery(at('bounties', id, 'payout'), choice), signal),
  completeBounty: (id: string, body: object): Promise<{ total_distributed: number }> =>
    call('POST', at('bounties', id, 'complete'), body),
  guilds: (signal?: AbortSignal): Promise<Listed<'guilds', GuildView>> => get(at('guilds'), signal),
  journals: (signal?: AbortSignal): Promise<Listed<'journals', JournalRow>> =>
    get(withQuery(at('journals'), { limit: '30' }), signal),
  voteJournal: (id: string, body: object): Promise<VoteAnswer> => call('POST', at('journals', id, 'vote'), body),
  voteRequest: (id: string, body: object): Promise<VoteAnswer> => call('POST', at('guilds', 'requests', id, 'vote'), body),
  voteSpending: (id: string, body: object): Promise<VoteAnswer> => call('POST', at('guilds', 'spendings', id, 'vote'), body),
  tip: (id: string, body: object): Promise<{ readonly amount: number }> => call('POST', at('wallets', id, 'tip'), body),
  disputes: (signal?: AbortSignal): Promise<Listed<'disputes', DisputeView>> => get(at('disputes'), signal),
  resolve: (id: string, body: object): Promise<object> => call('POST', at('disputes', id, 'resolve'), body),
  appoint: (id: string, identity_id: string): Promise<object> => call('POST', at('disputes', id, 'appoint'), { identity_id }),
  library: (query: { kind?: string; q?: string; cursor?: string }, signal?: AbortSignal): Promise<Listed<'items', LibraryItem>> =>
    get(withQuery(at('library'), { ...query, limit: '60' }), signal),
  file: (path: string, signal?: AbortSignal): Promise<{ content: string; file_type: string; size: number; modified: string }> =>
    get(withQuery(at('artifact', 'view'), { path }), signal),
  accept: (path: string): Promise<{ path: string }> => call('POST', at('library', 'accept'), { path }),
  skills: (
    signal?: AbortSignal,
  ): Promise<
    Listed<'skills', SkillRow> & { readonly findings: readonly { file: string; message?: string; reason?: string }[] }
  > => get(at('skills'), signal),
  request: (signal?: AbortSignal): Promise<{ request: string; updated_at: string | null }> => get(at('human_request'), signal),
  ask: (request: string): Promise<object> => call('POST', at('human_request'), { request }),
  met: (request: string): Promise<object> => call('POST', at('completed_requests'), { request }),
};
