import type { z } from 'zod';
import type { Frozen, Sent } from '../protocol/sent.ts';
import type { TableRoute } from './route.ts';

/** Types of the table's routes as whoever asks them sees them. Types only, so that a page carries no server code. */

/** `/api/tasks/:id` → `{ id }`. */
export type ParamsOf<Path extends string> = Path extends `${string}:${infer Name}/${infer Rest}`
  ? { readonly [Key in Name]: string } & ParamsOf<`/${Rest}`>
  : Path extends `${string}:${infer Name}`
    ? { readonly [Key in Name]: string }
    : unknown;

/** The routes of a table by their names, `GET /api/tasks/:id`. */
export type DoorsOf<Routes extends TableRoute> = {
  readonly [Route in Routes as `${Uppercase<Route['method']>} ${Route['path']}`]: Route;
};

export type AnswerOf<Route extends TableRoute> = Sent<Route['answer']>;

/** What has to be given, and what may: nothing else. `signal` gives up. */
export type GivenTo<Route extends TableRoute> = ParamsGiven<Route['path']> &
  QueryGiven<NonNullable<Route['query']>> &
  BodyGiven<z.input<NonNullable<Route['body']>>> & { readonly signal?: AbortSignal | undefined };

type ParamsGiven<Path extends string> = unknown extends ParamsOf<Path> ? unknown : { readonly params: ParamsOf<Path> };
type BodyGiven<Body> = [Body] extends [undefined] ? unknown : { readonly body: Typed<Body> };
type QueryGiven<Query extends z.ZodType> = Query extends z.ZodUndefined
  ? unknown
  : { readonly query?: { readonly [Key in keyof z.input<Query>]?: Word<z.input<Query>[Key]> | '' | undefined } | undefined };

/** Fields by their names. A value may stand as a person typed it: what does not fit, the schema's own message answers. */
type Typed<Input> = unknown extends Input ? Input : { readonly [Key in keyof Input]: Frozen<Input[Key]> | AsTyped<Input[Key]> };

type AsTyped<Value> = [NonNullable<Value>] extends [readonly unknown[]] ? readonly string[] : string;

/** An address holds texts: what is read out of one is given as itself. An empty one is left out. */
type Word<Input> = unknown extends Input ? string | number | boolean : Input;
