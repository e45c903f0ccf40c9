import type { z } from 'zod';
import type { Actor, ActorKind } from '../../contract/actor.ts';
import type { Capability } from '../../contract/capability.ts';
import type { RefusalReason } from '../../contract/refusals.ts';
import { fieldProblemsOf, InvalidInputError } from '../../errors/index.ts';
import type { ActOptions } from '../../stores/society/index.ts';
import type { World } from '../world.ts';

/** What the catalogue says of everything that can be asked or done here, whichever door it is asked at. */
export interface Entry {
  /** In the imperative, for people: the summary of a route, the line of a reference. */
  readonly title: string;
  readonly who: readonly ActorKind[];
  /** What somebody on the network needs for it; `never`: only at this machine. */
  readonly lan: Capability | 'never';
  /** `public`: others in this world see it; a resident's such act waits for the verdict on its task. */
  readonly reach: 'private' | 'public';
}

/** What changes nothing. Each door shows it in its own form. */
export interface Query extends Entry {
  readonly kind: 'query';
}

/** What changes something: its one schema, and where it happens with all that follows. */
export interface Operation<In extends z.ZodType = z.ZodType, Out extends z.ZodType = z.ZodType> extends Entry {
  readonly kind: 'operation';
  readonly input: In;
  readonly output: Out;
  /** What it may refuse, by code or by its reason in the registry; acts of the society refuse by the registry alone. */
  readonly refusals: readonly (RefusalReason | `VIV_${string}`)[];
  /** @throws InvalidInputError, RefusedError and what `refusals` names; nothing was changed then */
  perform(world: World, input: z.input<In>, actor: Actor, options?: ActOptions): Promise<z.output<Out>>;
}

/** What only one program has the means to do; its door does it and takes the schema from here. */
export interface Errand<In extends z.ZodType = z.ZodType> extends Entry {
  readonly kind: 'errand';
  readonly input: In;
  readonly by: 'panel' | 'api' | 'worker';
}

export const PERSON: readonly ActorKind[] = ['person'];

export const query = (title: string, lan: Entry['lan'], who: readonly ActorKind[] = PERSON): Query => ({
  ...{ kind: 'query', title, lan, who, reach: 'private' },
});

type Described<In extends z.ZodType, Out extends z.ZodType> = Omit<Operation<In, Out>, 'kind' | 'perform' | 'who' | 'reach'> & {
  readonly who?: readonly ActorKind[];
  readonly reach?: Entry['reach'];
  run(world: World, input: z.output<In>, actor: Actor, options: ActOptions): z.output<Out> | Promise<z.output<Out>>;
};

/** A person's, and private, unless it says otherwise. */
export function operation<In extends z.ZodType, Out extends z.ZodType>({
  run,
  who = PERSON,
  reach = 'private',
  ...entry
}: Described<In, Out>): Operation<In, Out> {
  return {
    ...entry,
    ...{ kind: 'operation', who, reach },
    async perform(world, given, actor, options = {}) {
      const read = entry.input.safeParse(given);
      if (!read.success) throw new InvalidInputError('Nothing was done', fieldProblemsOf(read.error, { at: 'body' }));
      return run(world, read.data, actor, options);
    },
  };
}

export const errand = <In extends z.ZodType>(entry: Omit<Errand<In>, 'kind'>): Errand<In> => ({ kind: 'errand', ...entry });
