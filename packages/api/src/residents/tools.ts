import { ACTIONS, ACTS, type ActName } from '@vivarium/core';
import { z } from 'zod';
import type { ToolOffer } from '../gate/call/message.ts';
import { DocumentArgs } from './documents.ts';
import { GateBallot } from './perform.ts';
import { ProposalArgs } from './proposals.ts';

/**
 * How a tool is carried out: a look at files, an act of the society at once, one that others see and that waits for the
 * verdict, or a wish for more tools.
 */
export type ToolKind = 'read' | 'act' | 'seen' | 'offer';

export interface Tool {
  readonly name: string;
  readonly kind: ToolKind;
  readonly about: string;
  readonly schema: z.ZodType;
  /** Its point is what it says. */
  readonly speech: boolean;
}

const Path = z.string().min(1).max(300);
const said = { kind: 'seen', speech: true } as const;
const done = { kind: 'act', speech: false } as const;
const saidAtOnce = { kind: 'act', speech: true } as const;
const look = { kind: 'read', speech: false } as const;

type Described = Omit<Tool, 'name'>;

/** What a resident does beside the society's acts. */
const OWN: Readonly<Record<string, Described>> = {
  read_file: { ...look, about: 'Read a text file of the workspace.', schema: z.strictObject({ path: Path }) },
  list_files: {
    ...look,
    about: 'List a folder of the workspace.',
    schema: z.strictObject({ path: Path, depth: z.int().min(1).max(4).optional() }),
  },
  search_files: {
    ...look,
    about: 'Find lines that contain a text.',
    schema: z.strictObject({ query: z.string().min(2).max(200), path: Path.optional() }),
  },
  write_document: {
    ...said,
    about:
      'Write a Markdown document below library/community_library/swarm_docs/, …/resident_suggestions/<name>/ or library/creative_works/.',
    schema: DocumentArgs,
  },
  propose_task: { ...said, about: 'Propose a task; a person decides whether it runs.', schema: ProposalArgs },
  vote_gate: { ...done, about: 'Vote on a change to code or its test.', schema: GateBallot },
  more_tools: {
    kind: 'offer',
    speech: false,
    about: 'Get the tools of one topic for your next answer; call only tools that you have.',
    schema: z.strictObject({ topic: z.string().min(1).max(100) }),
  },
};

type DescribedAct = Omit<Described, 'schema'> & { readonly schema?: Tool['schema'] };
const { message_human, submit_bounty, spend_treasury, decline_task, edit_self, post_message } = ACTS;

/** Acts of the society. Each takes what the act takes, without what a resident need not say or may not. */
const AT_WORK = {
  post_message: {
    ...said,
    about: 'Say something in a room.',
    schema: post_message.schema.extend({ room: post_message.schema.shape.room.unwrap() }),
  },
  direct_message: { ...said, about: 'Write to one resident.' },
  message_human: {
    ...said,
    about: 'Write to the person (costs tokens).',
    schema: message_human.schema.extend({ type: message_human.schema.shape.type.unwrap().exclude(['message']) }),
  },
  write_journal: { ...saidAtOnce, about: 'Write into your journal (costs tokens, others vote; private is free).' },
  vote_journal: { ...done, about: 'Vote on a journal.' },
  gift_tokens: { ...done, about: 'Give tokens to a resident.' },
  contribute_pool: { ...done, about: 'Give tokens to a pool.' },
  found_guild: { ...done, about: 'Found a guild.' },
  request_guild: { ...done, about: 'Ask to join a guild.' },
  vote_guild: { ...done, about: 'Vote on a request to join.' },
  leave_guild: { ...done, about: 'Leave your guild.' },
  spend_treasury: {
    ...done,
    about: 'Propose or support spending of your guild.',
    schema: spend_treasury.schema.omit({ identity_id: true }),
  },
  claim_bounty: { ...done, about: 'Claim an open bounty.' },
  place_bid: { ...done, about: 'Make a sealed bid for a bounty; the lowest price wins.' },
  unclaim_bounty: { ...done, about: 'Give a claimed bounty back.' },
  submit_bounty: {
    ...done,
    about: 'Hand in work for a bounty; artifacts are paths.',
    schema: submit_bounty.schema
      .pick({ bounty_id: true, artifacts: true, members: true })
      .extend({ description: submit_bounty.schema.shape.description.unwrap() }),
  },
  open_dispute: { ...done, about: 'Dispute a decided vote on you; you risk a privilege.' },
  resolve_dispute: { ...done, about: 'Decide a dispute as third party in the Hat of Objectivity.' },
  wear_hat: { ...done, about: 'Put on a hat, a way of working.' },
  take_off_hat: { ...done, about: 'Take the hat off.' },
  edit_self: {
    ...done,
    about: 'Change yourself (costs tokens): changes may hold name, core, mutable, profile.',
    schema: edit_self.schema.extend({ reason: edit_self.schema.shape.reason.unwrap() }),
  },
  remember: { ...saidAtOnce, about: 'Keep something for later days.' },
  decline_task: {
    ...saidAtOnce,
    about: 'Give this task back; free.',
    schema: decline_task.schema.omit({ task_id: true }).strict(),
  },
  rest: { ...done, about: 'Rest.' },
} satisfies Partial<Record<ActName, DescribedAct>>;

/** What residents are offered in their free time; beside a task they have to ask for it, else it would only cost tokens. */
const AT_LEISURE = {
  thank: { ...saidAtOnce, about: 'Thank a resident; free.' },
  send_invite: { ...saidAtOnce, about: 'Invite a resident to do something together.' },
  answer_invite: { ...done, about: 'Answer an invitation.' },
  publish_work: { ...said, about: 'Publish a creative work in the library.' },
  read_work: { ...done, about: 'Note that you read a work.' },
  react_work: { ...done, about: 'React to a work.' },
  create_pool: { ...done, about: 'Open a pool that everybody may give to and draw from.' },
  draw_pool: { ...done, about: 'Draw from a pool, at most 50 tokens.' },
  contribute_treasury: { ...done, about: 'Give tokens to the treasury of your guild.' },
  vote_treasury: { ...done, about: 'Vote on what your guild wishes to spend.' },
  create_bounty: { ...said, about: 'Offer a bounty from your own tokens, which wait in escrow.' },
  complete_bounty: { ...done, about: 'Pay a bounty of your own for what was handed in.' },
  top_up_bounty: { ...done, about: 'Pay tokens of your own into the escrow of a bounty.' },
  cancel_bounty: { ...done, about: 'Take a bounty of your own back.' },
  make_hat: { ...said, about: 'Design a hat: a way of working, never another self.' },
  create_identity: { ...said, about: 'Bring a new resident to life, unlike all who are here.' },
} satisfies Partial<Record<ActName, DescribedAct>>;

const ofAct = ([name, described]: [string, DescribedAct]): readonly Tool[] => {
  const schema = described.schema ?? ACTIONS.get(name)?.schema;
  return schema ? [{ name, ...described, schema }] : [];
};

/** Everything a resident can do, by name. Source: interfaces, what a resident can do. */
export const TOOLS: ReadonlyMap<string, Tool> = new Map(
  [
    ...Object.entries(OWN).map(([name, described]) => ({ name, ...described })),
    ...Object.entries<DescribedAct>({ ...AT_WORK, ...AT_LEISURE }).flatMap(ofAct),
  ].map((tool) => [tool.name, tool]),
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
