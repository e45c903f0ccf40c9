import { setTimeout as delay } from 'node:timers/promises';
import { doer, isFatal, VivariumError, type WorkerCommand } from '@vivarium/core';
import { type Phase, type PhaseEnd, stop, type TaskRun } from '../pipeline/phase.ts';
import type { Runtime } from '../pipeline/runtime.ts';
import { approve } from './approve/phase.ts';
import { before } from './before/phase.ts';
import { decomposition } from './decomposition/phase.ts';
import { execution } from './execution/phase.ts';
import { MAX_FAILURES } from './execution/rules.ts';
import { gates } from './gates/phase.ts';
import { intent } from './intent/phase.ts';
import { review } from './review/phase.ts';
import { safety } from './safety/phase.ts';
import { toolRouting } from './tool-routing/phase.ts';
import { countSkillUse } from './tool-routing/uses.ts';

/** The phases in order. */
const PHASES: readonly Phase<Runtime>[] = [safety, before, intent, decomposition, toolRouting, execution, review, gates, approve];

/** A disk that refuses is not asked again at once. */
const DISK_PAUSE_MS = 1_000;

/**
 * Take one claimed task through the phases. A takeover skips every phase whose checkpoint stands. Whatever goes wrong
 * becomes something that is said about the task; only a store that can no longer be trusted is thrown.
 */
export async function runTask(run: TaskRun, runtime: Runtime, phases: readonly Phase<Runtime>[] = PHASES): Promise<void> {
  const said: WorkerCommand[] = [];
  const phase_ms: Record<string, number> = {};
  if (run.record.outcome) run.executed = run.record.outcome;
  try {
    for (const phase of phases) {
      if (phase.done?.(run)) continue;
      const begun = runtime.clock.monotonicMs();
      const end = await endOf(phase, run, runtime);
      phase_ms[phase.name] = Math.round((runtime.clock.monotonicMs() - begun) * 10) / 10;
      said.push(...commandsOf(end, run).map((command) => timed(command, phase_ms)));
      const now = end.kind !== 'next' || said.some(({ kind }) => kind === 'record_execution');
      if (now && said.length > 0) await runtime.record(run, ...said.splice(0));
      if (run.record.outcome) run.executed = run.record.outcome;
      if (end.kind !== 'next') break;
    }
  } catch (error) {
    // The claim is gone, or the store is: either way there is nothing left to say about this task.
    if (!isAbandon(error)) throw error;
    runtime.log.info({ task_id: run.task.id, epoch: run.lease.epoch }, 'another worker holds the task');
    return;
  }
  await countSkillUse(run, runtime);
  const { status } = run.record;
  if (status === 'approved' || status === 'failed') await runtime.outbox.follow(run.record, doer(run, runtime.store).identity_id);
}

function commandsOf(end: PhaseEnd, run: TaskRun): readonly WorkerCommand[] {
  if (end.kind !== 'expand') return end.commands ?? [];
  return [{ kind: 'expand', children: end.tasks, reason: end.reason, ...(run.intent ? { intent: run.intent } : {}) }];
}

/** What the phases took goes with the execution they led to, for whoever looks at how a task went. */
function timed(command: WorkerCommand, phase_ms: Readonly<Record<string, number>>): WorkerCommand {
  if (command.kind !== 'record_execution') return command;
  return { ...command, outcome: { ...command.outcome, phase_ms: { ...phase_ms } } };
}

async function endOf(phase: Phase<Runtime>, run: TaskRun, runtime: Runtime): Promise<PhaseEnd> {
  try {
    return await phase.run(run, runtime);
  } catch (error) {
    if (isAbandon(error) || isFatal(error)) throw error;
    // The task's event says what a known error was; of any other the stack is wanted.
    if (!isTold(error)) runtime.log.error({ task_id: run.task.id, phase: phase.name, err: error }, 'a phase failed');
    const command = commandForError(error, phase.name, run.task.id);
    if (command.kind === 'release') await delay(DISK_PAUSE_MS, undefined, { signal: run.signal }).catch(() => undefined);
    return stop(command);
  }
}

/** What an error means for the task it came up in. A disk that refuses is not the task's failure. */
function commandForError(error: unknown, phase: string, taskId: string): WorkerCommand {
  const message = error instanceof Error ? error.message : String(error);
  const reason = `${phase}: ${message}`;
  if (!(error instanceof VivariumError)) return { kind: 'retry_later', reason, max_failures: MAX_FAILURES };
  if (error.code === 'VIV_STORAGE') return { kind: 'release', reason };
  switch (error.disposition) {
    case 'retry_after_backoff':
      return { kind: 'retry_later', reason, max_failures: MAX_FAILURES };
    case 'hold_for_person':
      return {
        kind: 'hold',
        hold: { kind: 'clarify', reason: withFix(reason, error.fix), action: `pnpm worker retry ${taskId}` },
      };
    case 'abandon':
      return { kind: 'release', reason };
    case 'block':
    case 'fail':
      return { kind: 'fail', reason: withFix(reason, error.fix) };
  }
}

const withFix = (reason: string, fix: string | undefined): string => (fix ? `${reason} (${fix})` : reason);

const isTold = (error: unknown): boolean => error instanceof VivariumError && error.code !== 'VIV_STORAGE';

const isAbandon = (error: unknown): boolean => error instanceof VivariumError && error.disposition === 'abandon';
