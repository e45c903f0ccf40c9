import { fieldProblemsOf, InvalidInputError } from '@vivarium/core';
import { type Request, Router } from 'express';
import type { z } from 'zod';

export interface Asked<Query, Body> {
  readonly params: Readonly<Record<string, string>>;
  readonly query: Query;
  readonly body: Body;
}

/** One line of the route table: what it is called, what it takes, what it does. The OpenAPI page is made of these. */
export interface Route<Query = unknown, Body = unknown> {
  readonly method: 'get' | 'post' | 'delete';
  /** In Express form, `/api/tasks/:id`. */
  readonly path: string;
  readonly summary: string;
  readonly query?: z.ZodType<Query>;
  readonly body?: z.ZodType<Body>;
  readonly status?: number;
  run(asked: Asked<Query, Body>): unknown;
}

/** What the description of the panel says of a route. */
export interface DescribedRoute {
  readonly method: 'get' | 'post' | 'delete';
  readonly path: string;
  readonly summary: string;
  readonly query: z.ZodType | undefined;
  readonly body: z.ZodType | undefined;
  readonly status: number;
  /** Media types of the answer, where it is not JSON. */
  readonly answers?: readonly string[];
}

/** A route with its types tied together; the table itself need not know them. */
export interface TableRoute extends DescribedRoute {
  answer(request: Request): Promise<unknown>;
}

export function route<Query = unknown, Body = unknown>(definition: Route<Query, Body>): TableRoute {
  return {
    method: definition.method,
    path: definition.path,
    summary: definition.summary,
    query: definition.query,
    body: definition.body,
    status: definition.status ?? 200,
    async answer(request) {
      const query = read(definition.query, request.query, 'The query');
      const body = read(definition.body, request.body ?? {}, 'The body');
      return await definition.run({ params: paramsOf(request), query, body });
    },
  };
}

/** Serve a table. Answers are JSON and never cached. */
export function routerOf(table: readonly TableRoute[]): Router {
  const router = Router();
  for (const entry of table)
    router[entry.method](entry.path, async (request, response) => {
      const answer = await entry.answer(request);
      response.status(entry.status).json(answer);
    });
  return router;
}

function read<T>(schema: z.ZodType<T> | undefined, value: unknown, what: string): T {
  // Without a schema the route has declared that it takes nothing, so T is unknown and the value is not looked at.
  if (schema === undefined) return undefined as T;
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new InvalidInputError(what, fieldProblemsOf(parsed.error, { at: 'body' }));
}

function paramsOf(request: Request): Record<string, string> {
  const params: Record<string, string> = {};
  for (const [key, value] of Object.entries(request.params)) if (typeof value === 'string') params[key] = value;
  return params;
}
