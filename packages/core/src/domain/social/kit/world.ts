import type { z } from 'zod';
import type { ActorKind } from '../../../contract/actor.ts';
import type { Identity } from '../../../contract/files.ts';
import type { Refused } from '../../../contract/refusals.ts';
import type { TokenFold } from '../../economy/fold.ts';
import type { Postings } from '../../economy/postings.ts';

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

/** The state that decisions rest on, as much of the society as a subject sees. Read only for whoever decides. */
export interface WorldOf<State> {
  readonly tokens: TokenFold;
  readonly society: State;
  /** Residents by id, self-edits applied. */
  readonly identities: ReadonlyMap<string, Identity>;
  /** How many residents may live here; no limit when absent. */
  readonly max_residents?: number | undefined;
}

/** How somebody is called, by id. */
export type NameOf = (id: string) => string;

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
