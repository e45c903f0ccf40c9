import { z } from 'zod';
import { DisputeView } from './community.ts';
import { next_cursor, type Sent, success } from './sent.ts';
import { TaskRow } from './tasks.ts';

/** Residents, what they are, and what they own. Tokens are whole numbers. */

const rate = z.number().describe('Per cent, one decimal');

export const IdentityRow = z
  .object({
    id: z.string(),
    name: z.string(),
    tokens: z.number(),
    sessions: z.number(),
    tasks_completed: z.number(),
    profile_display: z.string().nullable(),
    traits: z.array(z.string()),
    values: z.array(z.string()),
    level: z.number(),
    respec_cost: z.number(),
    summary: z.string(),
    journal_tokens: z.number(),
    tasks_failed: z.number(),
    task_success_rate: rate,
    awake: z.boolean(),
    hat: z.string().nullable(),
    guild: z.string().nullable(),
  })
  .meta({ id: 'IdentityRow' });
export type IdentityRow = Sent<typeof IdentityRow>;

export const IdentityCreated = z
  .object({
    success,
    identity: z.object({
      id: z.string(),
      name: z.string().optional(),
      summary: z.string().optional(),
      creator_identity_id: z.string(),
    }),
  })
  .meta({ id: 'IdentityCreated' });

const WalletRow = z
  .object({
    identity_id: z.string(),
    name: z.string(),
    tokens: z.number(),
    journal_tokens: z.number(),
    free_time_cap: z.number(),
    journal_cap: z.number(),
  })
  .meta({ id: 'WalletRow' });
export type WalletRow = Sent<typeof WalletRow>;
export const WalletList = z.object({ success, wallets: z.array(WalletRow), next_cursor }).meta({ id: 'WalletList' });

const LedgerEntry = z
  .object({
    seq: z.number(),
    timestamp: z.string(),
    kind: z.string(),
    memo: z.string(),
    actor: z.string(),
    free: z.number(),
    journal: z.number(),
    text: z.string().describe('Its kind in words'),
    about: z.string().exactOptional().describe('What it was for, where somebody said so or it has a name'),
  })
  .meta({ id: 'LedgerEntry' });
export type LedgerEntry = Sent<typeof LedgerEntry>;
export const LedgerPage = z
  .object({ success, identity_id: z.string(), wallet: WalletRow, entries: z.array(LedgerEntry), next_cursor })
  .meta({ id: 'LedgerPage' });

/** One UTC day of a resident's work. */
const WorkDay = z
  .object({ day: z.string(), approved: z.number(), failed: z.number(), cost_usd: z.number() })
  .meta({ id: 'WorkDay' });
export type WorkDay = Sent<typeof WorkDay>;

const Documented = z.object({
  identity_id: z.string(),
  name: z.string(),
  created_at: z.string().nullable(),
  sessions: z.number(),
  tasks_completed: z.number(),
  tasks_failed: z.number(),
  task_success_rate: rate,
  level: z.number(),
  respec_cost: z.number(),
  profile: z.object({
    display: z.string().exactOptional(),
    custom_html: z.string().exactOptional(),
    custom_css: z.string().exactOptional(),
  }),
  core_summary: z.object({
    traits: z.array(z.string()),
    values: z.array(z.string()),
    identity_statement: z.string(),
    communication_style: z.string(),
  }),
  mutable: z.record(z.string(), z.unknown()),
  recent_memories: z.array(z.string()),
  journals: z.array(
    z.object({
      filename: z.string(),
      preview: z.string(),
      modified: z.string(),
      journal_type: z.string(),
      status: z.string(),
    }),
  ),
  recent_actions: z.array(
    z.object({
      timestamp: z.string(),
      type: z.string(),
      action: z.string(),
      detail: z.string(),
      text: z.string().describe('The same as a sentence'),
    }),
  ),
  expertise: z.record(z.string(), z.number()),
  chat_history: z.array(
    z.object({
      id: z.string(),
      content: z.string(),
      type: z.string(),
      sent_at: z.string(),
      response: z.string().nullable(),
      responded_at: z.string().nullable(),
    }),
  ),
  summary: z.string(),
});

const Standing = z.object({
  tokens: z.number(),
  journal_tokens: z.number(),
  free_time_cap: z.number(),
  journal_cap: z.number(),
  days: z.number(),
  trust: z.number(),
  declined: z.number(),
  awake: z.boolean(),
  hat: z.string().nullable(),
  guild: z.object({ id: z.string(), name: z.string(), founder: z.boolean() }).nullable(),
  suspended: z.record(z.string(), z.string()),
  badges: z.array(z.object({ category: z.string(), rank: z.number(), period: z.string(), awarded_at: z.string() })),
  edits: z.array(z.record(z.string(), z.unknown())),
  relationships: z.array(z.object({ id: z.string(), name: z.string(), times: z.number() })),
});

const Memory = z.object({
  id: z.string(),
  content: z.string(),
  about: z.string().nullable(),
  day: z.number(),
  weight: z.number(),
  source: z.enum(['self', 'verified']),
  task_id: z.string().nullable(),
  skill: z.string().nullable(),
  outcome: z.string().nullable(),
  created_at: z.string(),
});

/** A resident, whole, as the person sees it. */
export const ProfileView = z
  .object({
    ...Documented.shape,
    ...Standing.shape,
    memories: z.array(Memory),
    skills: z.array(z.object({ name: z.string(), times: z.number() })),
    disputes: z.array(DisputeView),
    tasks: z.array(TaskRow),
    trend: z.array(WorkDay),
  })
  .meta({ id: 'ProfileView' });
export type ProfileView = Sent<typeof ProfileView>;

export const Tipped = z
  .object({ success, ok: z.literal(true), identity_id: z.string(), amount: z.number() })
  .meta({ id: 'Tipped' });
