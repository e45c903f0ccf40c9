import { z } from 'zod';
import type { ToolOffer } from '../gate/adapter.ts';
import { isForLeisure, LEISURE_TOOLS, leisureSchema } from './leisure.ts';

/**
 * How a tool is carried out: a look at files, an act of the society at once, one that others see and that waits for the
 * verdict, or a wish for more tools.
 */
export type ToolKind = 'read' | 'act' | 'seen' | 'offer';

export interface Tool {
  readonly name: string;
  readonly kind: ToolKind;
  readonly about: string;
  readonly schema: z.ZodType<Record<string, unknown>>;
  /** Its point is what it says. */
  readonly speech: boolean;
}

const Id = z.string().min(1).max(128);
const Words = z.string().min(1).max(20_000);
const Amount = z.int().positive().max(1_000_000);
const Path = z.string().min(1).max(300);

const shapes = {
  read_file: { kind: 'read', about: 'Read a text file of the workspace.', shape: { path: Path } },
  list_files: {
    kind: 'read',
    about: 'List a folder of the workspace.',
    shape: { path: Path, depth: z.int().min(1).max(4).optional() },
  },
  search_files: {
    kind: 'read',
    about: 'Find lines that contain a text.',
    shape: { query: z.string().min(2).max(200), path: Path.optional() },
  },
  write_document: {
    kind: 'seen',
    speech: true,
    about:
      'Write a Markdown document below library/community_library/swarm_docs/, …/resident_suggestions/<name>/ or library/creative_works/.',
    shape: {
      path: Path,
      content: z.string().min(1).max(100_000),
      mode: z.enum(['create', 'overwrite', 'append']).default('create'),
    },
  },
  propose_task: {
    kind: 'seen',
    speech: true,
    about: 'Propose a task; a person decides whether it runs.',
    shape: {
      id: Id,
      prompt: Words,
      depends_on: z.array(Id).max(50).optional(),
      max_budget: z.number().min(0).max(100).optional(),
    },
  },
  post_message: {
    kind: 'seen',
    speech: true,
    about: 'Say something in a room.',
    shape: {
      room: z.string().min(1).max(64),
      content: Words,
      reply_to: Id.optional(),
      mood: z.string().max(32).optional(),
      importance: z.int().min(1).max(5).optional(),
    },
  },
  direct_message: { kind: 'seen', speech: true, about: 'Write to one resident.', shape: { identity_id: Id, content: Words } },
  message_human: {
    kind: 'seen',
    speech: true,
    about: 'Write to the person (costs tokens).',
    shape: { type: z.enum(['question', 'greeting', 'idea', 'concern']), content: Words },
  },
  write_journal: {
    kind: 'act',
    speech: true,
    about: 'Write into your journal (costs tokens, others vote; private is free).',
    shape: {
      content: Words,
      journal_type: z.enum(['reflection', 'learning', 'observation', 'correction', 'private']).optional(),
    },
  },
  vote_journal: {
    kind: 'act',
    about: 'Vote on a journal.',
    shape: { journal_id: Id, vote: z.enum(['reject', 'accept', 'exceptional', 'gaming']), reason: Words },
  },
  gift_tokens: {
    kind: 'act',
    about: 'Give tokens to a resident.',
    shape: { identity_id: Id, amount: Amount, note: z.string().max(1_000).optional() },
  },
  contribute_pool: { kind: 'act', about: 'Give tokens to a pool.', shape: { pool_id: Id, amount: Amount } },
  found_guild: { kind: 'act', about: 'Found a guild.', shape: { name: z.string().min(1).max(80) } },
  request_guild: { kind: 'act', about: 'Ask to join a guild.', shape: { guild_id: Id, message: Words } },
  vote_guild: {
    kind: 'act',
    about: 'Vote on a request to join.',
    shape: { request_id: Id, vote: z.enum(['accept', 'reject']), reason: Words },
  },
  vote_gate: {
    kind: 'act',
    about: 'Vote on a change to code or its test.',
    shape: { ballot_id: Id, vote: z.enum(['approved', 'rejected']), reason: Words },
  },
  leave_guild: { kind: 'act', about: 'Leave your guild.', shape: {} },
  spend_treasury: {
    kind: 'act',
    about: 'Propose or support spending of your guild.',
    shape: { guild_id: Id, amount: Amount, purpose: Words },
  },
  claim_bounty: { kind: 'act', about: 'Claim an open bounty.', shape: { bounty_id: Id, as_guild: z.boolean().optional() } },
  place_bid: {
    kind: 'act',
    about: 'Make a sealed bid for a bounty; the lowest price wins.',
    shape: { bounty_id: Id, price: Amount, pitch: z.string().max(600).optional() },
  },
  unclaim_bounty: { kind: 'act', about: 'Give a claimed bounty back.', shape: { bounty_id: Id } },
  submit_bounty: {
    kind: 'act',
    about: 'Hand in work for a bounty; artifacts are paths.',
    shape: {
      bounty_id: Id,
      description: Words,
      artifacts: z.array(Path).max(50).optional(),
      members: z.array(Id).max(20).optional(),
    },
  },
  open_dispute: {
    kind: 'act',
    about: 'Dispute a decided vote on you; you risk a privilege.',
    shape: {
      target_type: z.enum(['journal', 'guild_join']),
      target_id: Id,
      reason: Words,
      risk_privilege: z.enum(['sunday_bonus', 'movie_night']).optional(),
    },
  },
  resolve_dispute: {
    kind: 'act',
    about: 'Decide a dispute as third party in the Hat of Objectivity.',
    shape: { dispute_id: Id, outcome: z.enum(['uphold', 'reopen']), notes: Words },
  },
  wear_hat: { kind: 'act', about: 'Put on a hat, a way of working.', shape: { hat: z.string().min(1).max(60) } },
  take_off_hat: { kind: 'act', about: 'Take the hat off.', shape: {} },
  edit_self: {
    kind: 'act',
    about: 'Change yourself (costs tokens): changes may hold name, core, mutable, profile.',
    shape: {
      changes: z.strictObject({
        name: z.string().max(80).optional(),
        core: z.record(z.string(), z.unknown()).optional(),
        mutable: z.record(z.string(), z.unknown()).optional(),
        profile: z.record(z.string(), z.unknown()).optional(),
      }),
      reason: z.string().max(4_000),
    },
  },
  remember: {
    kind: 'act',
    speech: true,
    about: 'Keep something for later days.',
    shape: { content: z.string().min(1).max(600), about: z.string().max(200).optional() },
  },
  decline_task: { kind: 'act', speech: true, about: 'Give this task back; free.', shape: { reason: Words } },
  rest: { kind: 'act', about: 'Rest.', shape: {} },
  more_tools: {
    kind: 'offer',
    about: 'Get the tools of one topic for your next answer; call only tools that you have.',
    shape: { topic: z.string().min(1).max(100) },
  },
} as const satisfies Record<string, { kind: ToolKind; about: string; shape: z.ZodRawShape; speech?: boolean }>;

const WORKING_TOOLS: readonly Tool[] = Object.entries(shapes).map(([name, { shape, ...rest }]) => ({
  name,
  speech: 'speech' in rest,
  kind: rest.kind,
  about: rest.about,
  schema: z.strictObject(shape),
}));

/** Everything a resident can do, by name. Source: interfaces, what a resident can do. */
export const TOOLS: ReadonlyMap<string, Tool> = new Map([...WORKING_TOOLS, ...LEISURE_TOOLS].map((tool) => [tool.name, tool]));

/** A tool as a model is told it. */
export function offerOf({ name, about, schema }: Tool): ToolOffer {
  const told = isForLeisure(name) ? leisureSchema(name) : schema;
  const { $schema: _, ...parameters } = z.toJSONSchema(told, {
    io: 'input',
    override: ({ jsonSchema }) => {
      for (const limit of LIMITS) delete jsonSchema[limit];
      if (isEmpty(jsonSchema.additionalProperties)) delete jsonSchema.additionalProperties;
    },
  });
  return { name, description: about, parameters };
}

/** They are left to the check, which says what was wrong: here they would only cost tokens. */
const LIMITS = [
  ...(['minLength', 'maxLength', 'pattern', 'format', 'minItems', 'maxItems', 'propertyNames'] as const),
  ...(['minimum', 'maximum', 'exclusiveMinimum'] as const),
];

const isEmpty = (value: unknown): boolean =>
  value === false || (typeof value === 'object' && value !== null && Object.keys(value).length === 0);
