import type { ProjectStore } from '@vivarium/changes';
import {
  asResident,
  type ChangeRecord,
  type CycleInput,
  executionKey,
  type Identity,
  isDrawn,
  JURY_CHARS,
  JURY_SCHEMA,
  JURY_SYSTEM,
  juryPrompt,
  perform,
  readBallot,
  type TaskRecord,
  toldChange,
  VivariumError,
  type World,
} from '@vivarium/core';
import type { Runtime } from '../pipeline/runtime.ts';
import type { ChangeCase } from './desk.ts';

type Needs = Pick<Runtime, 'askApi' | 'gates' | 'identity' | 'log'>;

/**
 * Ask each juror of a change's ballot for its vote, once: whoever was drawn, knows neither author nor cost, and has not voted.
 * False when the asking was cut off. A juror that cannot be asked or understood has not voted.
 */
export async function hearJury(
  { runtime, world }: { readonly runtime: Needs; readonly world: World },
  about: ChangeCase & { readonly record: TaskRecord; readonly ballot_id: string },
  signal: AbortSignal,
): Promise<boolean> {
  const { ballot_id, change, store, record } = about;
  const society = await world.society();
  const { gates } = runtime;
  const ballot = gates.state.ballots.get(ballot_id);
  if (!ballot) return true;
  // The first look draws the lot.
  await isDrawn(society, gates, ballot_id, ballot.author_id);
  const drawn = society.world.society.panels.bySubject.get(ballot_id)?.jurors ?? [];
  const left = drawn
    .filter((id) => !ballot.votes.some(({ voter_id }) => voter_id === id))
    .flatMap((id) => runtime.identity(id) ?? []);
  if (left.length === 0) return true;
  const about_it = toldChange(change, await store.patch(change.base_tree, change.tree), JURY_CHARS * PATCH_SHARE);
  const told = `${about_it}\n${await wholeFiles(store, change, JURY_CHARS * (1 - PATCH_SHARE))}`;
  for (const juror of left) {
    const answer = await runtime.askApi(juryRequest(record, ballot_id, juror, told), signal);
    if (answer.kind === 'interrupted') return false;
    const vote = answer.kind === 'result' ? readBallot(answer.result.output ?? answer.result.result) : undefined;
    if (!vote) {
      const why = answer.kind === 'problem' ? answer.problem.detail : 'its answer cannot be read as a ballot';
      runtime.log.info({ task_id: record.task.id, ballot_id, juror: juror.id, why }, 'a juror did not vote');
      continue;
    }
    await cast(world, juror, { ballot_id, ...vote });
  }
  return true;
}

/** So much of what a juror reads is the patch; the rest shows its files as they are with it. */
const PATCH_SHARE = 0.6;

/** The changed files that are text, as they are with the change, as far as there is room; with the patch they tell both trees. */
async function wholeFiles(store: ProjectStore, { files }: ChangeRecord, room: number): Promise<string> {
  const parts: string[] = [];
  let left = room;
  for (const { path, binary, after } of files) {
    if (binary || !after || after.bytes > left) continue;
    const text = (await store.read(after.oid)).toString();
    parts.push(`${path}, whole, with the change:\n${text}`);
    left -= text.length;
  }
  return parts.join('\n');
}

function juryRequest({ task, attempt }: TaskRecord, ballot_id: string, juror: Identity, told: string): CycleInput {
  return {
    ...{ mode: 'llm', purpose: 'vote', temperature: 0, min_budget: 0, max_budget: task.max_budget, task_id: task.id },
    prompt: juryPrompt(task.prompt ?? task.title ?? task.id, told),
    system: `You are ${juror.name}. ${JURY_SYSTEM}`,
    identity_id: juror.id,
    execution_key: `${executionKey(task.id, attempt)}#vote-${ballot_id}-${juror.id}`,
    answer_schema: { name: 'ballot', schema: { ...JURY_SCHEMA } },
  };
}

/** Somebody may have closed the ballot, or voted in the juror's name at its own work, meanwhile. */
async function cast(world: World, juror: Identity, ballot: { ballot_id: string; vote: 'approved' | 'rejected'; reason: string }) {
  try {
    await perform(world, 'vote_gate', ballot, asResident(juror.id), { execution_key: `jury:${ballot.ballot_id}:${juror.id}` });
  } catch (error) {
    if (!(error instanceof VivariumError) || error.status >= 500) throw error;
  }
}
