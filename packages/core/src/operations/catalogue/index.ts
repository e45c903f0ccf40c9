import type { z } from 'zod';
import type { Actor } from '../../contract/actor.ts';
import { refuse } from '../../contract/refusals.ts';
import type { ActOptions } from '../../stores/society/index.ts';
import type { World } from '../world.ts';
import { actOperations } from './acts.ts';
import { changeOperations } from './changes.ts';
import { checkpointOperations } from './checkpoints.ts';
import { decisionOperations } from './decisions.ts';
import type { Errand, Operation, Query } from './entry.ts';
import { errands } from './errands.ts';
import { gateOperations } from './gates.ts';
import { moneyOperations } from './money.ts';
import { projectOperations } from './projects.ts';
import { proposalOperations } from './proposals.ts';
import { queries } from './queries.ts';
import { RefusedError } from './refused.ts';
import { skillOperations } from './skills.ts';
import { standingOperations } from './standing.ts';
import { switchOperations } from './switches.ts';
import { taskOperations } from './tasks.ts';
import { workErrands } from './work.ts';

export type { Entry } from './entry.ts';
export { isDrawn } from './gates.ts';
export { projectNamed } from './projects.ts';
export { checkProposal, proposed } from './proposals.ts';
export { RefusedError } from './refused.ts';
export { metRequests, standingPace, standingRequest } from './standing.ts';
export { throwSwitch } from './switches.ts';
export { PROJECT_READS } from './work.ts';

const operations = {
  ...{ ...taskOperations, ...decisionOperations, ...proposalOperations, ...switchOperations, ...moneyOperations },
  ...{
    ...skillOperations,
    ...gateOperations,
    ...standingOperations,
    ...projectOperations,
    ...changeOperations,
    ...checkpointOperations,
    ...actOperations,
  },
};

/** Everything that can be asked or done here, by name; each once, for every door. */
export const CATALOGUE = { ...operations, ...errands, ...workErrands, ...queries };

export type EntryName = keyof typeof CATALOGUE;
export type OperationName = keyof typeof operations;
export type QueryName = keyof typeof queries;
type InputSchema<N extends OperationName> = (typeof operations)[N]['input'];
type OutputSchema<N extends OperationName> = (typeof operations)[N]['output'];
/** What an operation takes, before defaults are filled in. */
export type InputOf<N extends OperationName> = z.input<InputSchema<N>>;
export type OutputOf<N extends OperationName> = z.output<OutputSchema<N>>;

/** The same by any name; undefined where there is no such entry. */
export const ENTRIES: ReadonlyMap<string, Query | Operation | Errand> = new Map(Object.entries(CATALOGUE));

const byName: { readonly [N in OperationName]: Operation<InputSchema<N>, OutputSchema<N>> } = operations;

/**
 * Do one thing, with the checks, refusals and consequences that it has at every door.
 * @throws InvalidInputError, RefusedError, or another VivariumError; nothing was changed then
 */
export async function perform<N extends OperationName>(
  world: World,
  name: N,
  input: InputOf<N>,
  actor: Actor,
  options?: ActOptions,
): Promise<OutputOf<N>> {
  const operation = byName[name];
  const { who } = operation;
  if (!who.includes(actor.kind)) throw new RefusedError(refuse('not_permitted', `${name} is for ${who.join(' and ')}`));
  return operation.perform(world, input, actor, options);
}
