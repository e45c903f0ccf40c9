import {
  type ChangeRecord,
  type ChangeStore,
  CRITIC_OUTPUT_CHARS,
  GATE_NAMES,
  type Hold,
  type SubmittedPatch,
  toldChange,
  type World,
} from '@vivarium/core';
import { saw } from '../phases/review/witnesses/kit.ts';
import type { TaskRun } from '../pipeline/phase.ts';
import type { ProjectChanges } from '../pipeline/project-changes.ts';
import type { Runtime } from '../pipeline/runtime.ts';
import { Desk } from './desk.ts';
import { LandingService } from './landing.ts';
import { Patched } from './patched.ts';
import { lookAt, NOTHING_HANDED_IN, observed, turnedDown } from './witnesses.ts';

type Needs = Omit<Runtime, 'changes'>;

/** So much of a change stands on its ballot; jurors read the rest in its files. */
const BALLOT_CHARS = 6_000;
const TITLE_CHARS = 240;

export interface OpenPorts {
  readonly world: World;
  readonly mayRun: () => boolean;
  /** Hears that something moved that changes at the gates may wait for. */
  readonly moved: () => void;
}

/** What a worker does about changes to projects, with the landing going on in the background. */
export async function openProjectChanges(runtime: Needs, { world, mayRun, moved }: OpenPorts): Promise<ProjectChanges> {
  const desk = new Desk(world);
  const landing = new LandingService(runtime, desk, { world, mayRun, moved });
  const proving = new Patched(runtime, desk, world);
  const patchText = async (run: TaskRun, room: number): Promise<[ChangeRecord, string] | undefined> => {
    const found = await desk.caseOf(run.record);
    if (!found) return undefined;
    const { change, store } = found;
    return [change, toldChange(change, await store.patch(change.base_tree, change.tree), room)];
  };
  await landing.start();
  return {
    proving,
    told: async (run) => (await patchText(run, CRITIC_OUTPUT_CHARS))?.[1] ?? 'Nothing was handed in.',
    async witnessesOf(run) {
      const found = await desk.caseOf(run.record);
      if (!found || found.change.phase === 'working') return saw(NOTHING_HANDED_IN);
      const { change_id } = found.change;
      const { clock, artifacts } = runtime;
      const deps = { ...found, tools: desk.tools, signal: run.signal, clock, artifacts, log: await desk.log() };
      const seen = await lookAt(deps, found.change, run.record, 'review');
      const now = deps.log.change(change_id);
      if (now?.phase === 'rejected') return saw(turnedDown(now));
      return observed(seen, { ...found, now: runtime.clock.now().toISOString(), task_id: run.task.id });
    },
    async submitted(run): Promise<SubmittedPatch | undefined> {
      const told = await patchText(run, BALLOT_CHARS);
      if (!told || told[0].phase === 'working') return undefined;
      const [{ project, tree, entries_sha256, title }, excerpt] = told;
      const settings = (await desk.project(project))?.settings;
      const stages = GATE_NAMES.filter((gate) => gate === 'unit' || gate === 'integration' || settings?.gates.includes(gate));
      return { project, stages, tree, entries_sha256, title: title.slice(0, TITLE_CHARS), excerpt };
    },
    turnedDown: async (run, because) => turnDown(await desk.log(), await desk.changeOf(run.record), because),
    waitsToLand: async (record) => orTrouble(await proving.waits(record), record.task.project, landing),
    wake: () => landing.wake(),
    close: () => landing.close(),
  };
}

async function turnDown(log: ChangeStore, change: ChangeRecord | undefined, said: string): Promise<void> {
  if (change?.phase !== 'handed_in') return;
  const because = said.slice(0, 8_000);
  await log.tryRecord({ event: 'change_ended', actor: 'runtime', change_id: change.change_id, state: 'rejected', because });
}

/** What is to land next, and cannot, is for the person to look at; it is tried again by itself. */
function orTrouble(hold: Hold | undefined, project: string | undefined, landing: LandingService): Hold | undefined {
  const trouble = hold?.next_mover === 'worker' && project !== undefined ? landing.troubleOf(project) : undefined;
  if (trouble === undefined) return hold;
  const reason = `it is approved, and cannot be landed: ${trouble}`;
  return { kind: 'land', reason, action: `pnpm worker project check ${project}`, next_mover: 'person' };
}
