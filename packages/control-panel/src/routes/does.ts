import { ACTIONS, CATALOGUE, type InputOf, type OperationName, type OutputOf } from '@vivarium/core';
import { z } from 'zod';
import type { ParamsOf } from '../http/door.ts';
import { type Method, route, type TableRoute } from '../http/route.ts';
import type { Sent } from '../protocol/sent.ts';
import { perform } from '../world/perform.ts';
import type { World } from '../world/world.ts';

/** Which field of the operation each name of a path is. */
type Names<N extends OperationName, Path extends string> = { readonly [Name in keyof ParamsOf<Path>]: keyof InputOf<N> };
/** What the path names, the body leaves out. */
type Rest<N extends OperationName, Named> = Omit<InputOf<N>, Extract<Named[keyof Named], PropertyKey>>;
/** A `DELETE` has none. */
type BodyOf<N extends OperationName, M extends Method, Named> = M extends 'delete'
  ? z.ZodUndefined
  : z.ZodType<Rest<N, Named>, Rest<N, Named>>;

interface Does<
  N extends OperationName,
  Path extends string,
  M extends Method,
  Named extends Names<N, Path>,
  Answer extends z.ZodType,
> {
  readonly path: Path;
  readonly method: M;
  readonly named: Named;
  readonly answer: Answer;
  readonly status?: number;
  /** What the page is told of what the operation came to. */
  show(answer: OutputOf<N>, input: InputOf<N>): Sent<Answer> | Promise<Sent<Answer>>;
}

/** A route that does one operation: its body is what the operation takes, without what the path names. */
export function does<
  N extends OperationName,
  const Path extends string,
  const M extends Method,
  const Named extends Names<N, Path>,
  Answer extends z.ZodType,
>(
  world: World,
  entry: N,
  { named, show, ...described }: Does<N, Path, M, Named, Answer>,
): TableRoute<Path, M, z.ZodUndefined, BodyOf<N, M, Named>, Answer> {
  const body = described.method === 'delete' ? undefined : bodyOf(entry, Object.values(named));
  const made = route({
    ...described,
    entry,
    ...(body === undefined ? {} : { body }),
    run: async ({ params, body }) => {
      const fromPath = Object.entries(named).map(([name, field]) => [field, params[name as keyof typeof params]]);
      // The body's schema is the operation's without these fields, so that both together are its input.
      const input = { ...(body as object | undefined), ...Object.fromEntries(fromPath) } as InputOf<N>;
      return show(await perform(world, entry, input), input);
    },
  });
  return made as TableRoute<Path, M, z.ZodUndefined, BodyOf<N, M, Named>, Answer>;
}

/** A script may send an act more than it takes, as it always could. */
function bodyOf(entry: OperationName, named: readonly unknown[]): z.ZodType {
  const input: z.ZodType = CATALOGUE[entry].input;
  if (!(input instanceof z.ZodObject)) return input;
  const rest = named.length === 0 ? input : input.omit(Object.fromEntries(named.map((field) => [field, true])));
  return ACTIONS.has(entry) ? rest.strip() : rest;
}
