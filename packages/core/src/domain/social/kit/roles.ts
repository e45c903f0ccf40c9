import type { ActorKind } from '../../../contract/actor.ts';

export const RESIDENT: readonly ActorKind[] = ['resident'];
export const PERSON: readonly ActorKind[] = ['person'];
export const RUNTIME: readonly ActorKind[] = ['runtime'];
/** A person's voice counts as one among the residents' own. */
export const VOTERS: readonly ActorKind[] = ['resident', 'person'];
export const KEEPERS: readonly ActorKind[] = ['person', 'runtime'];
export const ANYONE: readonly ActorKind[] = ['resident', 'person', 'runtime'];
