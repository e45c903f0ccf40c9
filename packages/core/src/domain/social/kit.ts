import type { z } from 'zod';
import type { ActorKind } from '../../contract/actor.ts';
import type { Identity } from '../../contract/files.ts';
import { type Refused, refuse } from '../../contract/refusals.ts';
import { fieldProblemLines, fieldProblemsOf } from '../../errors/index.ts';
import type { TokenFold } from '../economy/fold.ts';
import type { Postings } from '../economy/postings.ts';
import type { TokenRecord } from '../economy/record.ts';
import type { Society } from './society.ts';
import { uncovered } from './sources.ts';

/** What a decision may know: who acts, when, and under which key. Everything else stands in the world. */
export interface Context {
  /** The actor's id. */
  readonly actor: string;
  readonly kind: ActorKind;
  /** ISO 8601, UTC. */
  readonly now: string;
  /** Unique to this act; new ids follow from it. */
  readonly key: string;
  /** For whose sake: the task in whose course the actor does it. */
  readonly task_id?: string | undefined;
}

/** The state that decisions rest on. Read only for whoever decides. */
export interface World {
  readonly tokens: TokenFold;
  readonly society: Society;
  /** Residents by id, self-edits applied. */
  readonly identities: ReadonlyMap<string, Identity>;
  /** How many residents may live here; no limit when absent. */
  readonly max_residents?: number | undefined;
}

/** A line for a room, a private conversation, or the person's mailbox. Its id makes it appear once. */
export interface Post {
  readonly log: string;
  readonly line: Readonly<Record<string, unknown>> & { readonly id: string };
}

/** What is to be written so that the act has happened. */
export interface Accepted<A = Answer> {
  readonly ok: true;
  /** Absent when the act is a post and nothing else. */
  readonly event?: {
    readonly kind: string;
    readonly memo: string;
    readonly data: Readonly<Record<string, unknown>>;
    /** What else must not have changed; each entry touches them. */
    readonly subjects: readonly string[];
    readonly booking?: Postings;
    /** The business event, where it may happen once whoever acts. */
    readonly key?: string;
  };
  /** Written before the event; without the event it is nothing. Never in the ledger: it is private. */
  readonly diary?: { readonly identity_id: string; readonly entry: Readonly<Record<string, unknown>> & { readonly id: string } };
  /** Written after the event. */
  readonly posts?: readonly Post[];
  readonly answer: A;
}

type Answer = Readonly<Record<string, unknown>>;
/** What may be read and not changed, to the last list in it. */
export type Given<T> = T extends object ? { readonly [K in keyof T]: Given<T[K]> } : T;

/** Accepted with an answer of this schema, or refused. */
export type Decision<A extends z.ZodObject = z.ZodObject> = Accepted<Given<z.output<A>>> | Refused;

/** One act: who may do it, what it takes, what it answers, what it comes to. Every door takes both schemas from here. */
export interface Action<S extends z.ZodType = z.ZodType, A extends z.ZodObject = z.ZodObject> {
  readonly who: readonly ActorKind[];
  readonly schema: S;
  /** The ledger keeps answers and gives them again, so a schema only ever grows by optional fields. */
  readonly answer: A;
  run(world: World, args: unknown, context: Context): Decision<A>;
}

/** Bind permission, both shapes and the rule into one action. What it pays has to be there, whatever the rule says. */
export function action<S extends z.ZodType, A extends z.ZodObject>(
  who: readonly ActorKind[],
  schema: S,
  answer: A,
  decide: (world: World, args: z.output<S>, context: Context) => Decision<A>,
): Action<S, A> {
  return {
    who,
    schema,
    answer,
    run(world, args, context) {
      const read = schema.safeParse(args);
      if (read.success) return covered(world, decide(world, read.data, context), context);
      return refuse('invalid_arguments', fieldProblemLines(fieldProblemsOf(read.error, { at: 'arguments' })));
    },
  };
}

function covered<A extends z.ZodObject>({ tokens }: World, decision: Decision<A>, { actor }: Context): Decision<A> {
  const fault = decision.ok && decision.event ? uncovered(tokens, decision.event, actor) : undefined;
  return fault === undefined ? decision : refuse('not_covered', fault);
}

export type Evolve = (society: Society, record: TokenRecord) => void;

/** Bind an event's shape to the change it makes. A record of another shape changes nothing. */
export function on<D>(schema: z.ZodType<D>, change: (society: Society, data: D, record: TokenRecord) => void): Evolve {
  return (society, record) => {
    if (!record.data) return;
    const read = schema.safeParse(record.data);
    if (read.success) change(society, read.data, record);
  };
}

export const RESIDENT: readonly ActorKind[] = ['resident'];
/** A person's voice counts as one among the residents' own. */
export const VOTERS: readonly ActorKind[] = ['resident', 'person'];
export const KEEPERS: readonly ActorKind[] = ['person', 'runtime'];
export const ANYONE: readonly ActorKind[] = ['resident', 'person', 'runtime'];

export { Amount, Ballot, Id, IdentityId, Nothing, Reason, Standing, Text, tokensUpTo } from './fields.ts';

export function poor(balance: number, cost: number): Refused {
  return refuse(
    'insufficient_tokens',
    `This costs ${cost} tokens and you have ${balance}; earn by approved work or ask for less`,
  );
}

export function unknownIdentity(id: string): Refused {
  return refuse('identity_not_found', `No resident has the id ${id}; name one by its id`);
}
