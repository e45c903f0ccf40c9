import type { z } from 'zod';
import type { ActorKind } from '../../../contract/actor.ts';
import { refuse } from '../../../contract/refusals.ts';
import { fieldProblemLines, fieldProblemsOf } from '../../../errors/index.ts';
import type { TokenRecord } from '../../economy/record.ts';
import { type Powers, uncovered } from './covered.ts';
import type { Context, Decision, WorldOf } from './world.ts';

/** One act: who may do it, what it takes, what it answers, what it comes to. Every door takes both schemas from here. */
export interface Action<State, S extends z.ZodType = z.ZodType, A extends z.ZodObject = z.ZodObject> {
  readonly who: readonly ActorKind[];
  readonly schema: S;
  /** The ledger keeps answers and gives them again, so a schema only ever grows by optional fields. */
  readonly answer: A;
  readonly run: (world: WorldOf<State>, args: unknown, context: Context) => Decision<A>;
}

/** What a record changes. */
export type Evolve<State> = (society: State, record: TokenRecord) => void;

/** One subject of the society: the state it owns, what may be done about it, and what each kind of record changes in it. */
export interface Subject<State, Own extends object = object, Acts = Readonly<Record<string, Action<State>>>> {
  readonly name: string;
  /** Its own slice of the society's state, before the first record. */
  readonly empty: () => Own;
  readonly acts: Acts;
  /** By the kind of record. Several subjects may follow one kind. */
  readonly events: Readonly<Record<string, Evolve<State>>>;
  /** Sees every record that counts, before those that follow its kind. */
  readonly every?: Evolve<State>;
}

/**
 * What a subject is made of. `State` is all it reads and changes: its own slice and those of subjects below it. `powers`
 * are the tokens it may move that nobody pays; without them its acts only move what is there.
 */
export function subjectOn<State>(powers: Powers = {}) {
  return {
    /** Bind permission, both shapes and the rule into one act. What it pays has to be there, whatever the rule says. */
    action<S extends z.ZodType, A extends z.ZodObject>(
      who: readonly ActorKind[],
      schema: S,
      answer: A,
      decide: (world: WorldOf<State>, args: z.output<S>, context: Context) => Decision<A>,
    ): Action<State, S, A> {
      const run = (world: WorldOf<State>, args: unknown, context: Context): Decision<A> => {
        const read = schema.safeParse(args);
        if (!read.success)
          return refuse('invalid_arguments', fieldProblemLines(fieldProblemsOf(read.error, { at: 'arguments' })));
        const decision = decide(world, read.data, context);
        const fault = decision.ok && decision.event ? uncovered(world.tokens, decision.event, context.actor, powers) : undefined;
        return fault === undefined ? decision : refuse('not_covered', fault);
      };
      return { who, schema, answer, run };
    },
    /** Bind an event's shape to the change it makes. A record of another shape changes nothing. */
    on<D>(shape: Shape<D>, change: (society: State, data: D, record: TokenRecord) => void): Evolve<State> {
      if (typeof shape === 'function')
        return (society, record) => {
          const data = shape(record);
          if (data !== undefined) change(society, data, record);
        };
      return (society, record) => {
        if (!record.data) return;
        const read = shape.safeParse(record.data);
        if (read.success) change(society, read.data, record);
      };
    },
    subject: <Own extends object, Acts extends Readonly<Record<string, Action<State>>>>(
      it: Subject<State, Own, Acts>,
    ): Subject<State, Own, Acts> => it,
  };
}

/** How a record's data are read: by a schema, or by what several subjects share. */
type Shape<D> = z.ZodType<D> | ((record: TokenRecord) => D | undefined);

/** For an event that several subjects follow: its data are read once for each record, however many ask. */
export function shared<D>(schema: z.ZodType<D>): (record: TokenRecord) => D | undefined {
  let latest: TokenRecord | undefined;
  let data: D | undefined;
  return (record) => {
    if (record === latest) return data;
    latest = record;
    data = record.data && schema.safeParse(record.data).data;
    return data;
  };
}

/** For a subject that owns no state: its acts change others' slices, or nothing. */
export const stateless = () => ({});
