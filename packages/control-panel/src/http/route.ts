import { CATALOGUE, type EntryName, fieldProblemsOf, InvalidInputError } from '@vivarium/core';
import { type Request, Router } from 'express';
import type { z } from 'zod';
import type { Sent } from '../protocol/sent.ts';
import type { ParamsOf } from './door.ts';

export type Method = 'get' | 'post' | 'delete';

export interface Asked<Params, Query, Body> {
  readonly params: Params;
  readonly query: Query;
  readonly body: Body;
}

/** What the description of the panel says of a route. */
export interface DescribedRoute {
  /** In Express form, `/api/tasks/:id`. */
  readonly path: string;
  readonly method: Method;
  /** What it is of the catalogue, which says who may ask and from where. */
  readonly entry: EntryName;
  readonly summary: string;
  readonly query: z.ZodType | undefined;
  readonly body: z.ZodType | undefined;
  readonly answer: z.ZodType;
  readonly status: number;
  /** Media types of the answer, where it is not JSON. */
  readonly media?: readonly string[];
}

/** A route with its types tied together. The page's client is typed by the first five, the table serves them all. */
export interface TableRoute<
  Path extends string = string,
  M extends Method = Method,
  Query extends z.ZodType = z.ZodType,
  Body extends z.ZodType = z.ZodType,
  Answer extends z.ZodType = z.ZodType,
> extends DescribedRoute {
  readonly path: Path;
  readonly method: M;
  readonly query: Query | undefined;
  readonly body: Body | undefined;
  readonly answer: Answer;
  respond(request: Request): Promise<unknown>;
}

/** One line of the route table: what it is called, what it takes, what it answers, what it does. */
interface Route<
  Path extends string,
  M extends Method,
  Query extends z.ZodType,
  Body extends z.ZodType,
  Answer extends z.ZodType,
> {
  readonly path: Path;
  readonly method: M;
  readonly entry: EntryName;
  /** Only where it says more than the title of its entry. */
  readonly summary?: string;
  readonly query?: Query;
  readonly body?: Body;
  /** What `run` gives, and no field more. */
  readonly answer: Answer;
  readonly status?: number;
  run(asked: Asked<ParamsOf<Path>, z.output<Query>, z.output<Body>>): Sent<Answer> | Promise<Sent<Answer>>;
}

export function route<
  const Path extends string,
  const M extends Method,
  Answer extends z.ZodType,
  Query extends z.ZodType = z.ZodUndefined,
  Body extends z.ZodType = z.ZodUndefined,
>({ run, status = 200, ...described }: Route<Path, M, Query, Body, Answer>): TableRoute<Path, M, Query, Body, Answer> {
  return {
    ...described,
    summary: described.summary ?? CATALOGUE[described.entry].title,
    query: described.query,
    body: described.body,
    status,
    async respond(request) {
      const query = read(described.query, request.query, 'The query');
      const body = read(described.body, request.body ?? {}, 'The body');
      // Express gives every name of the path its value.
      const params = request.params as ParamsOf<Path>;
      return await run({ params, query, body });
    },
  };
}

/** An answer that is not a refusal. */
export const done = <Fields extends object>(fields: Fields): { readonly success: true } & Fields => ({
  success: true,
  ...fields,
});

/** Serve a table. Answers are JSON and never cached. */
export function routerOf(table: readonly TableRoute[]): Router {
  const router = Router();
  for (const entry of table)
    router[entry.method](entry.path, async (request, response) => {
      const answer = await entry.respond(request);
      response.status(entry.status).json(answer);
    });
  return router;
}

function read<Schema extends z.ZodType>(schema: Schema | undefined, value: unknown, what: string): z.output<Schema> {
  // Without a schema the route has declared that it takes nothing, and the value is not looked at.
  if (schema === undefined) return undefined as z.output<Schema>;
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new InvalidInputError(what, fieldProblemsOf(parsed.error, { at: 'body' }));
}
