import type { Hold, SubmittedPatch, TaskRecord } from '@vivarium/core';
import type { Observation } from './observation.ts';
import type { TaskRun } from './phase.ts';
import type { Proving } from './proving.ts';

/** What a worker does about changes to projects. */
export interface ProjectChanges {
  /** What the runtime sees of the change that an attempt handed in. What it saw is in the log of changes afterwards. */
  witnessesOf(run: TaskRun): Promise<Observation>;
  /** The change in words, for whoever judges it; undefined when there is none. */
  told(run: TaskRun): Promise<string | undefined>;
  /** What the quality gates are told of it. */
  submitted(run: TaskRun): Promise<SubmittedPatch | undefined>;
  /** Its attempt was turned down: it is not for landing. */
  turnedDown(run: TaskRun, because: string): Promise<void>;
  /** What a change that went through its gates still waits for; undefined once it is where it was to go. */
  waitsToLand(record: TaskRecord): Promise<Hold | undefined>;
  /** How it proves itself at the gates. */
  readonly proving: Proving;
  /** Look whether something can be landed. */
  wake(): void;
  /** Stop what goes on in the background. */
  close(): Promise<void>;
}
