export interface Guild {
  readonly id: string;
  readonly name: string;
  founder: string;
  /** In the order in which they joined. */
  members: string[];
  readonly created_at: string;
  bounties_completed: number;
  total_earned: number;
}

export interface MemberVote {
  readonly voter_id: string;
  readonly vote: 'accept' | 'reject';
  readonly reason: string;
  readonly timestamp: string;
}

export interface JoinRequest {
  readonly request_id: string;
  readonly guild_id: string;
  readonly applicant_id: string;
  readonly message: string;
  readonly created_at: string;
  status: 'pending' | 'accepted' | 'rejected';
  votes: MemberVote[];
  resolved_at?: string | undefined;
  reopened_at?: string | undefined;
  rejection_reason?: string | undefined;
}

export interface GuildState {
  readonly guilds: Map<string, Guild>;
  /** Identity → its one guild. */
  readonly memberOf: Map<string, string>;
  readonly requests: Map<string, JoinRequest>;
}

export interface GuildSlice {
  readonly guilds: GuildState;
}

export const emptyGuilds = (): GuildSlice => ({ guilds: { guilds: new Map(), memberOf: new Map(), requests: new Map() } });
export const treasuryOf = (guild_id: string): string => `guild:${guild_id}`;
export const memberSubject = (identity_id: string): string => `member:${identity_id}`;

/** The one guild somebody is in. */
export function guildOf(society: GuildSlice, identity_id: string): Guild | undefined {
  return society.guilds.guilds.get(society.guilds.memberOf.get(identity_id) ?? '');
}
