import type { Witness } from '../../contract/outcome.ts';
import { inventedIn } from './claims.ts';
import { onlyPlans } from './plans.ts';
import { refusalIn } from './refusals.ts';
import { isHollow, isPlaceholder } from './text.ts';

/** How old a file's time stamp may look beside the attempt's begin: the kernel stamps files with a coarse clock. */
export const STAMP_SLACK_MS = 20;

/** A local command's exit code: 0 is proof that it ran to its end. */
export function exitCodeWitness(exitCode: number): Witness {
  const passed = exitCode === 0;
  return {
    kind: 'exit_code',
    rule: 'exit_code.zero',
    passed,
    decisive: passed,
    detail: passed ? 'the command exited with 0' : `the command exited with ${exitCode}`,
  };
}

/**
 * Whether there is an answer at all. Words are never proof, so this witness can reject and never decides for; what the cut
 * of an answer means is for the critic to judge.
 */
export function outputWitness(output: string, task = '', cut = false): Witness {
  const fault = outputFault(output, task);
  if (fault) return { kind: 'output', ...fault, passed: false, decisive: false };
  return {
    kind: 'output',
    rule: 'output.present',
    passed: true,
    decisive: false,
    detail: `the output has ${output.trim().length} characters${cut ? ' and was cut off there: its end is missing' : ''}`,
  };
}

function outputFault(output: string, task: string): Pick<Witness, 'rule' | 'detail'> | undefined {
  if (isHollow(output)) return { rule: 'output.present', detail: 'the output is empty' };
  const refusal = refusalIn(output, task);
  if (refusal !== undefined) return { rule: 'output.refusal', detail: `the answer refuses the task: "${refusal}"` };
  if (isPlaceholder(output, task))
    return { rule: 'output.placeholder', detail: 'the answer only keeps the place of one; the work itself is missing' };
  if (onlyPlans(output, task))
    return { rule: 'output.plan', detail: 'the answer only says what its author is going to do; the work itself is missing' };
  return undefined;
}

/** An answer that reports tool output or deeds nobody saw: its author could act on nothing. */
export function inventionWitness(answer: string, task: string, fileWritten = false): Witness | undefined {
  const claim = inventedIn(answer, task, fileWritten);
  if (claim === undefined) return undefined;
  const detail = `the answer claims "${claim.slice(0, 120)}", and nothing of the kind happened: its author had no tool`;
  return { kind: 'output', rule: 'output.invented', passed: false, decisive: false, detail };
}

/** Shorter answers are alike by chance. */
const ORIGINAL_MIN_CHARS = 160;

/** Whether an answer is long enough that having it word for word from another task is no accident. */
export const isFingerprinted = (answer: string): boolean => answer.trim().length >= ORIGINAL_MIN_CHARS;

/** An answer that is another task's approved one, word for word. */
export const originalWitness = (otherTask: string): Witness => ({
  kind: 'original',
  rule: 'output.original',
  passed: false,
  decisive: false,
  detail: `the output is, word for word, the approved output of another task (${otherTask})`,
});

/** A built-in executable skill that ran to its end and left something. */
export function skillWitness(skill: { name: string; version: string }, exitCode: number, output: string): Witness {
  const passed = exitCode === 0 && output.trim() !== '';
  const label = `skill ${skill.name} ${skill.version}`;
  if (passed) return { kind: 'skill', rule: 'skill.ended', passed, decisive: true, detail: `${label} ran to its end` };
  const why = exitCode === 0 ? 'left no output' : `exited with ${exitCode}`;
  return { kind: 'skill', rule: 'skill.ended', passed, decisive: false, detail: `${label} ${why}` };
}

/** A declared file that stands as another task was approved for it: nobody wrote it since. */
export const foreignFileWitness = (path: string, otherTask: string): Witness => ({
  kind: 'file',
  rule: 'file.own',
  passed: false,
  decisive: false,
  detail: `the declared file ${path} is the work of another task (${otherTask}); nobody wrote it since`,
  path,
});

/** What the runtime saw of a declared file. */
export type FileObservation =
  | { readonly state: 'missing' | 'outside' | 'not_a_file' }
  | { readonly state: 'file'; readonly bytes: number; readonly sha256: string; readonly modified_ms: number };

/** A declared file counts when it lies in the workspace, is not empty and was written by this attempt. */
export function fileWitness(path: string, sight: FileObservation, attemptBeganMs: number): Witness {
  const witness = (passed: boolean, detail: string): Witness => ({
    kind: 'file',
    rule: 'file.written',
    passed,
    decisive: passed,
    detail,
    path,
  });
  switch (sight.state) {
    case 'missing':
      return witness(false, `the declared file ${path} does not exist`);
    case 'outside':
      return witness(false, `the declared file ${path} leads out of the workspace`);
    case 'not_a_file':
      return witness(false, `${path} is not a regular file`);
    case 'file': {
      const seen = { sha256: sight.sha256 };
      if (sight.bytes === 0) return { ...witness(false, `the declared file ${path} is empty`), ...seen };
      if (sight.modified_ms < attemptBeganMs - STAMP_SLACK_MS) {
        return { ...witness(false, `the declared file ${path} is older than this attempt; it proves nothing`), ...seen };
      }
      return { ...witness(true, `the declared file ${path} has ${sight.bytes} bytes`), ...seen };
    }
  }
}

/** Whether the JSON in an answer fits the task's own schema; `problems` are the validator's, at most a few. */
export function schemaWitness(found: boolean, problems: readonly string[]): Witness {
  const witness = (passed: boolean, detail: string): Witness => ({
    kind: 'schema',
    rule: 'schema.fits',
    passed,
    decisive: passed,
    detail,
  });
  if (!found) return witness(false, 'the answer is not JSON, alone or in one code fence');
  if (problems.length === 0) return witness(true, 'the answer fits the output schema');
  return witness(false, `the answer does not fit the output schema: ${problems.slice(0, 5).join('; ')}`);
}
