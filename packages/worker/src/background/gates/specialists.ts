import type { GateState, Identity } from '@vivarium/core';
import { z } from 'zod';

/** Words of a resident's affinities that make it a natural tester. */
const TESTING = new Set(['qa', 'test', 'tests', 'testing', 'check', 'review', 'validate', 'bug']);
const Words = z.array(z.string()).catch([]);

/** Who does a change's QA. `register` holds the specialisations under which it has to be registered first. */
export interface Specialist {
  readonly resident_id: string;
  readonly register?: readonly string[];
}

/**
 * Which of those who may test a change does its QA: one who is registered for it and has the least of it, else one whose file
 * names it, else the one whose affinities come nearest is appointed. Undefined when nobody may.
 */
export function qaFor(state: GateState, may: readonly Identity[]): Specialist | undefined {
  const registered = may.filter(({ id }) => state.residents.get(id)?.specializations.includes('qa'));
  const [least] = registered.sort((a, b) => load(state, a.id) - load(state, b.id));
  if (least) return { resident_id: least.id };
  const named = may.find((one) => Words.parse(one['specializations']).includes('qa'));
  if (named) return { resident_id: named.id, register: Words.parse(named['specializations']) };
  const [nearest] = [...may].sort((a, b) => nearness(b) - nearness(a));
  return nearest && { resident_id: nearest.id, register: ['qa', ...(state.residents.get(nearest.id)?.specializations ?? [])] };
}

const load = (state: GateState, id: string): number => [...state.changes.values()].filter(({ qa_by }) => qa_by === id).length;

const nearness = (one: Identity): number =>
  Words.parse(one['affinities']).filter((word) => TESTING.has(word.toLowerCase())).length;
