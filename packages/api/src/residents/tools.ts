import { CATALOGUE, type EntryName } from '@vivarium/core';
import { z } from 'zod';
import type { ToolOffer } from '../gate/call/message.ts';

/**
 * How a tool is carried out: a look at files, an act of the society at once, one that others see and that waits for the
 * verdict, or a wish for more tools.
 */
export type ToolKind = 'read' | 'act' | 'seen' | 'offer';

export interface Tool {
  /** What it is of the catalogue. */
  readonly name: EntryName;
  readonly kind: ToolKind;
  readonly about: string;
  readonly schema: z.ZodType;
  /** Its point is what it says. */
  readonly speech: boolean;
}

interface Described {
  readonly about: string;
  readonly speech?: boolean;
  /** Where a resident need not say, or may not, all that the operation takes; or what a query is asked. */
  readonly schema?: z.ZodType;
}

type Tools = Partial<Record<EntryName, Described>>;

const Path = z.string().min(1).max(300);

/** Looks at files, and the wish for more tools. */
const LOOKS = {
  read_file: { about: 'Read a text file of the workspace.', schema: z.strictObject({ path: Path }) },
  list_files: {
    about: 'List a folder of the workspace.',
    schema: z.strictObject({ path: Path, depth: z.int().min(1).max(4).optional() }),
  },
  search_files: {
    about: 'Find lines that contain a text.',
    schema: z.strictObject({ query: z.string().min(2).max(200), path: Path.optional() }),
  },
  more_tools: {
    about: 'Get the tools of one topic for your next answer; call only tools that you have.',
    schema: z.strictObject({ topic: z.string().min(1).max(100) }),
  },
} satisfies Tools;

const { message_human, submit_bounty, spend_treasury, decline_task, edit_self, post_message } = CATALOGUE;

/** What is done beside a task. */
const AT_WORK = {
  write_document: {
    speech: true,
    about:
      'Write a Markdown document below library/community_library/swarm_docs/, …/resident_suggestions/<name>/ or library/creative_works/.',
  },
  propose_task: { speech: true, about: 'Propose a task; a person decides whether it runs.' },
  vote_gate: { about: 'Vote on a change to code or its test.' },
  post_message: {
    speech: true,
    about: 'Say something in a room.',
    schema: post_message.input.extend({ room: post_message.input.shape.room.unwrap() }),
  },
  direct_message: { speech: true, about: 'Write to one resident.' },
  message_human: {
    speech: true,
    about: 'Write to the person (costs tokens).',
    schema: message_human.input.extend({ type: message_human.input.shape.type.unwrap().exclude(['message']) }),
  },
  write_journal: { speech: true, about: 'Write into your journal (costs tokens, others vote; private is free).' },
  vote_journal: { about: 'Vote on a journal.' },
  gift_tokens: { about: 'Give tokens to a resident.' },
  contribute_pool: { about: 'Give tokens to a pool.' },
  found_guild: { about: 'Found a guild.' },
  request_guild: { about: 'Ask to join a guild.' },
  vote_guild: { about: 'Vote on a request to join.' },
  leave_guild: { about: 'Leave your guild.' },
  spend_treasury: {
    about: 'Propose or support spending of your guild.',
    schema: spend_treasury.input.omit({ identity_id: true }),
  },
  claim_bounty: { about: 'Claim an open bounty.' },
  place_bid: { about: 'Make a sealed bid for a bounty; the lowest price wins.' },
  unclaim_bounty: { about: 'Give a claimed bounty back.' },
  submit_bounty: {
    about: 'Hand in work for a bounty; artifacts are paths.',
    schema: submit_bounty.input
      .pick({ bounty_id: true, artifacts: true, members: true })
      .extend({ description: submit_bounty.input.shape.description.unwrap() }),
  },
  open_dispute: { about: 'Dispute a decided vote on you; you risk a privilege.' },
  resolve_dispute: { about: 'Decide a dispute as third party in the Hat of Objectivity.' },
  wear_hat: { about: 'Put on a hat, a way of working.' },
  take_off_hat: { about: 'Take the hat off.' },
  edit_self: {
    about: 'Change yourself (costs tokens): changes may hold name, core, mutable, profile.',
    schema: edit_self.input.extend({ reason: edit_self.input.shape.reason.unwrap() }),
  },
  remember: { speech: true, about: 'Keep something for later days.' },
  decline_task: {
    speech: true,
    about: 'Give this task back; free.',
    schema: decline_task.input.omit({ task_id: true }).strict(),
  },
  rest: { about: 'Rest.' },
} satisfies Tools;

/** What residents are offered in their free time; beside a task they have to ask for it, else it would only cost tokens. */
const AT_LEISURE = {
  thank: { speech: true, about: 'Thank a resident; free.' },
  send_invite: { speech: true, about: 'Invite a resident to do something together.' },
  answer_invite: { about: 'Answer an invitation.' },
  publish_work: { speech: true, about: 'Publish a creative work in the library.' },
  read_work: { about: 'Note that you read a work.' },
  react_work: { about: 'React to a work.' },
  create_pool: { about: 'Open a pool that everybody may give to and draw from.' },
  draw_pool: { about: 'Draw from a pool, at most 50 tokens.' },
  contribute_treasury: { about: 'Give tokens to the treasury of your guild.' },
  vote_treasury: { about: 'Vote on what your guild wishes to spend.' },
  create_bounty: { speech: true, about: 'Offer a bounty from your own tokens, which wait in escrow.' },
  complete_bounty: { about: 'Pay a bounty of your own for what was handed in.' },
  top_up_bounty: { about: 'Pay tokens of your own into the escrow of a bounty.' },
  cancel_bounty: { about: 'Take a bounty of your own back.' },
  make_hat: { speech: true, about: 'Design a hat: a way of working, never another self.' },
  create_identity: { speech: true, about: 'Bring a new resident to life, unlike all who are here.' },
} satisfies Tools;

function toolOf(name: EntryName, { about, speech = false, schema }: Described): Tool {
  const entry = CATALOGUE[name];
  const kind = name === 'more_tools' ? 'offer' : entry.kind === 'query' ? 'read' : entry.reach === 'public' ? 'seen' : 'act';
  return { name, kind, about, speech, schema: schema ?? ('input' in entry ? entry.input : z.strictObject({})) };
}

const isEntry = (name: string): name is EntryName => Object.hasOwn(CATALOGUE, name);

/** Everything a resident can do, by name. Source: interfaces, what a resident can do. */
export const TOOLS: ReadonlyMap<string, Tool> = new Map(
  Object.entries<Described>({ ...LOOKS, ...AT_WORK, ...AT_LEISURE }).flatMap(([name, described]) =>
    isEntry(name) ? [[name, toolOf(name, described)]] : [],
  ),
);

export const isForLeisure = (name: string): boolean => Object.hasOwn(AT_LEISURE, name);

/** A tool as a model is told it. */
export function offerOf({ name, about, schema }: Tool): ToolOffer {
  const { $schema: _, ...parameters } = z.toJSONSchema(schema, {
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
  ...(['minimum', 'maximum', 'exclusiveMinimum', 'default'] as const),
];

const isEmpty = (value: unknown): boolean =>
  value === false || (typeof value === 'object' && value !== null && Object.keys(value).length === 0);
