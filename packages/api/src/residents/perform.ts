import {
  ACTIONS,
  ACTS,
  asResident,
  type Clock,
  castVote,
  GateOrderError,
  type GateStore,
  GateVote,
  isAlready,
  refuse,
  type SocietyStore,
} from '@vivarium/core';
import { z } from 'zod';
import { DocumentArgs, type Documents } from './documents.ts';
import type { Actor, ToolAnswer } from './kit.ts';
import { isDrawn } from './panels.ts';
import { checkProposal, ProposalArgs, type ProposalDeps, propose } from './proposals.ts';

export interface PerformDeps extends ProposalDeps {
  readonly society: SocietyStore;
  readonly documents: Documents;
  readonly gates: GateStore;
  readonly clock: Clock;
}

type Args = Readonly<Record<string, unknown>>;

/** Do an act, once per key. */
export async function perform(
  { society, documents, gates, store, intake }: PerformDeps,
  tool: string,
  args: Args,
  actor: Actor,
): Promise<ToolAnswer> {
  if (tool === 'write_document') return documents.write(DocumentArgs.parse(args), actor);
  if (tool === 'vote_gate') return voteGate({ society, gates }, args, actor);
  if (tool === 'propose_task') return propose(ProposalArgs.parse(args), actor, { store, intake });
  const about = tool === 'decline_task' && actor.task_id !== undefined ? { ...args, task_id: actor.task_id } : args;
  return society.ask(asResident(actor.identity_id), tool, about, { execution_key: actor.key, task_id: actor.task_id });
}

/** What an act will come to when it is done later: the same ids, the same refusals. Nothing is changed. */
export async function foresee(
  { society, documents, store, intake, clock }: PerformDeps,
  tool: string,
  args: Args,
  actor: Actor,
): Promise<ToolAnswer> {
  if (tool === 'write_document') return documents.check(DocumentArgs.parse(args), actor);
  if (tool === 'propose_task') return checkProposal(ProposalArgs.parse(args), actor, { store, intake });
  await society.refresh();
  const context = { actor: actor.identity_id, kind: 'resident', now: clock.now().toISOString(), key: societyKey(actor) } as const;
  const decision = ACTIONS.get(tool)?.run(society.world, args, context) ?? refuse('unknown_action', `There is no act "${tool}"`);
  return decision.ok ? { ok: true, ...decision.answer } : decision;
}

const { subject_id, reason } = ACTS.judge.schema.shape;
export const GateBallot = z.strictObject({ ballot_id: subject_id, vote: GateVote, reason });

/** A vote of the gates, which a juror stands for with its trust: what the tests show later weighs it. */
async function voteGate(
  { society, gates }: Pick<PerformDeps, 'society' | 'gates'>,
  args: Args,
  { identity_id, key }: Actor,
): Promise<ToolAnswer> {
  const { ballot_id, vote, reason } = GateBallot.parse(args);
  try {
    await isDrawn(society, gates, ballot_id, identity_id);
    const judged = { subject_id: ballot_id, vote: vote === 'approved' ? 'accept' : 'reject', reason } as const;
    const answer = await society.act(asResident(identity_id), 'judge', judged, { execution_key: key });
    if (!answer.ok && !isAlready(answer.reason)) return answer;
    await castVote(gates, { voter_id: identity_id, ballot_id, vote, reason });
    return { ok: true, ballot_id };
  } catch (error) {
    if (error instanceof GateOrderError) return refuse('gate_order', error.message);
    throw error;
  }
}

/** The key under which the society does this act; new ids follow from it. */
const societyKey = ({ identity_id, key }: Actor): string => `act:${identity_id}:${key}#0`;
