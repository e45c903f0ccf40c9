import type { ResidentProfile, SkillCounters, SkillRecord, SocietyQueries } from '@vivarium/core';
import type { TaskRow } from './protocol.ts';

/** What the panel's server and page tell each other about residents and what they do together. Tokens are whole numbers. */

/** What a page may want to read again. */
export type SocietyTopic =
  | 'residents'
  | 'rooms'
  | 'mail'
  | 'bounties'
  | 'guilds'
  | 'journals'
  | 'disputes'
  | 'wallets'
  | 'library';

/** Something happened among residents. `id` names whom or what it concerns. */
export interface SocietyChange {
  readonly kind: 'society';
  readonly topic: SocietyTopic;
  readonly id?: string;
  /** One sentence, for a notice. */
  readonly text: string;
}

type Row<T> = T extends readonly (infer Item)[] ? Item : never;
type RawBounty = Row<ReturnType<SocietyQueries['bounties']>>;

export type BountyView = Omit<RawBounty, 'cost_tracking'> & {
  readonly cost_tracking: RawBounty['cost_tracking'] & { readonly completed_at?: string; readonly duration_hours?: number };
};
export type SubmissionView = Row<BountyView['teams']>;
export type GuildView = Row<ReturnType<SocietyQueries['guilds']>> & {
  readonly spendings: readonly {
    readonly spend_id: string;
    readonly amount: number;
    readonly purpose: string;
    readonly to_id: string;
    readonly proposed_by: string;
    readonly status: 'pending' | 'accepted' | 'rejected';
    readonly votes: readonly {
      readonly voter_id: string;
      readonly vote: 'accept' | 'reject';
      readonly reason: string;
      readonly timestamp: string;
    }[];
  }[];
};
export type DisputeView = Row<ReturnType<SocietyQueries['disputes']>> & {
  readonly participant_names: Readonly<Record<string, string>>;
};
export type WalletRow = Row<ReturnType<SocietyQueries['wallets']>>;
export type LedgerEntry = ReturnType<SocietyQueries['walletLedger']>['lines'][number] & {
  /** Its kind in words. */
  readonly text: string;
  /** What it was for, where somebody said so or it has a name. */
  readonly about?: string;
};

/** A journal as the person may see it: its author once it is decided, an excerpt until then. */
export interface JournalRow {
  readonly journal_id: string;
  readonly journal_type: string;
  readonly created_at: string;
  readonly status: 'pending' | 'accepted' | 'rejected';
  readonly word_count: number;
  readonly tier: string;
  readonly attempt_cost: number;
  readonly votes: number;
  /** Whether the person's own vote is among them. */
  readonly voted: boolean;
  readonly author_id?: string;
  readonly author_name?: string;
  readonly review_excerpt?: string;
  readonly result?: { readonly total_awarded: number; readonly avg_score: number; readonly gaming_flagged: boolean };
}

/** What a vote came to: `pending` while others have yet to vote. */
export interface VoteAnswer {
  readonly status: 'pending' | 'accepted' | 'rejected';
}

export interface PayoutPreview {
  readonly payouts: readonly {
    readonly place: number;
    readonly amount: number;
    readonly slot_multiplier: number;
    readonly shares: readonly { readonly identity: string; readonly amount: number }[];
  }[];
  readonly total: number;
  readonly in_escrow: number;
  /** Goes back to where the reward came from. */
  readonly returned: number;
  /** Is missing from escrow: it has to be paid in before this can be paid. */
  readonly added: number;
}

export interface RoomRow {
  readonly id: string;
  readonly name: string;
  readonly icon: string;
  readonly description: string;
  readonly message_count: number;
  readonly latest_timestamp: string;
  readonly latest_preview: string;
}

export interface RoomPost {
  readonly id: string;
  readonly author_id?: string;
  readonly author_name?: string;
  readonly content: string;
  readonly timestamp: string;
  readonly reply_to?: string | null;
  readonly mood?: string;
  readonly task_id?: string;
}

export interface RoomPage {
  readonly success: true;
  readonly room: string;
  readonly room_name: string;
  readonly room_icon: string;
  /** Oldest first. */
  readonly messages: readonly RoomPost[];
  /** Give it as `cursor` for what was said before. */
  readonly next_cursor: string | null;
}

/** One message of a resident to the person. */
export interface MailRow {
  readonly id: string;
  readonly from_id: string;
  readonly from_name: string;
  readonly content: string;
  readonly type: string;
  readonly timestamp: string;
  readonly tokens_spent: number;
  readonly response?: { readonly response: string; readonly responded_at: string };
}

/** What residents wait for a person to do, each longest first, at most a hundred of a kind. */
export interface WaitingAnswer {
  readonly success: true;
  /** Mail that nobody answered. */
  readonly letters: readonly MailRow[];
  /** Open ones. */
  readonly disputes: readonly DisputeView[];
  /** Those that run and for which work was handed in: to be judged and paid. */
  readonly bounties: readonly BountyView[];
}

export interface MailThread {
  readonly id: string;
  readonly name: string;
  /** Messages that nobody answered yet. */
  readonly unread: number;
  readonly last_at: string | null;
  readonly last_preview: string;
}

export interface MailMessage {
  readonly key: string;
  readonly id: string;
  readonly direction: 'in' | 'out';
  readonly content: string;
  readonly timestamp: string;
  readonly type?: string;
  /** An answer is about a message of the resident. */
  readonly about?: string;
  /** Whether the person has answered (`in`) or the resident has read it (`out`). */
  readonly settled: boolean;
}

/** One UTC day of a resident's work. */
export interface WorkDay {
  readonly day: string;
  readonly approved: number;
  readonly failed: number;
  readonly cost_usd: number;
}

export interface ProfileView {
  readonly identity_id: string;
  readonly name: string;
  readonly created_at: string | null;
  readonly sessions: number;
  readonly tasks_completed: number;
  readonly tasks_failed: number;
  /** Per cent, one decimal. */
  readonly task_success_rate: number;
  readonly level: number;
  readonly respec_cost: number;
  readonly profile: { readonly display?: string; readonly custom_html?: string; readonly custom_css?: string };
  readonly core_summary: {
    readonly traits: readonly string[];
    readonly values: readonly string[];
    readonly identity_statement: string;
    readonly communication_style: string;
  };
  readonly mutable: Readonly<Record<string, unknown>>;
  readonly recent_memories: readonly string[];
  readonly journals: readonly {
    readonly filename: string;
    readonly preview: string;
    readonly modified: string;
    readonly journal_type: string;
    readonly status: string;
  }[];
  readonly recent_actions: readonly {
    readonly timestamp: string;
    readonly type: string;
    readonly action: string;
    readonly detail: string;
    /** The same as a sentence. */
    readonly text: string;
  }[];
  readonly expertise: Readonly<Record<string, number>>;
  readonly chat_history: readonly {
    readonly id: string;
    readonly content: string;
    readonly type: string;
    readonly sent_at: string;
    readonly response: string | null;
    readonly responded_at: string | null;
  }[];
  readonly summary: string;
  readonly tokens: number;
  readonly journal_tokens: number;
  readonly free_time_cap: number;
  readonly journal_cap: number;
  readonly days: number;
  readonly trust: number;
  readonly declined: number;
  readonly awake: boolean;
  readonly hat: string | null;
  readonly guild: { readonly id: string; readonly name: string; readonly founder: boolean } | null;
  readonly suspended: Readonly<Record<string, string>>;
  readonly badges: ResidentProfile['person']['badges'];
  readonly edits: readonly Readonly<Record<string, unknown>>[];
  readonly relationships: readonly { readonly id: string; readonly name: string; readonly times: number }[];
  readonly memories: readonly {
    readonly id: string;
    readonly content: string;
    readonly about: string | null;
    readonly day: number;
    readonly weight: number;
    readonly source: 'self' | 'verified';
    readonly task_id: string | null;
    readonly skill: string | null;
    readonly outcome: string | null;
    readonly created_at: string;
  }[];
  readonly skills: readonly { readonly name: string; readonly times: number }[];
  readonly disputes: readonly DisputeView[];
  readonly tasks: readonly TaskRow[];
  readonly trend: readonly WorkDay[];
}

export interface SkillRow extends Pick<SkillRecord, 'name' | 'kind' | 'status' | 'description' | 'version' | 'shipped'> {
  readonly counters: SkillCounters;
  /** Share of judged uses that helped, 0..1; null before the first. */
  readonly useful_share: number | null;
  /** Useful share less harmful and failed share, -1..1; null before the first judged use. */
  readonly lift: number | null;
  readonly last_used_at: string | null;
  readonly last_reason: string | null;
  /** Workspace path of its SKILL.md where the viewer can show it. */
  readonly path: string | null;
}

export interface LibraryItem {
  readonly path: string;
  readonly title: string;
  readonly kind: 'document' | 'suggestion' | 'work';
  readonly author: string | null;
  readonly modified: string;
  readonly size: number;
}

/** A page of a list, the rows under their own name. */
export type Listed<Key extends string, T> = { readonly success: true; readonly next_cursor: string | null } & {
  readonly [Name in Key]: readonly T[];
};
