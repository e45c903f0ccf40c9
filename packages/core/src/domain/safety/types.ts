import type { SafetyCheck } from '../../contract/outcome.ts';

/** Text of another origin than the task's author: rooms, mail, files, tool output. It informs and never commands. */
export interface UntrustedText {
  readonly origin: string;
  readonly text: string;
}

/** What is about to be executed, word for word. */
export interface SafetySubject {
  readonly text: string;
  readonly kind: 'prompt' | 'command';
  readonly untrusted?: readonly UntrustedText[];
  readonly task: { readonly min_budget: number; readonly max_budget: number };
  /** Who wrote the text: `person`, `queue`, `resident:<id>`, `planner`. It never softens a verdict. */
  readonly origin: string;
}

/** What the caller knows and the text cannot say. */
export interface SafetyContext {
  /** Absolute path of the workspace; paths below it are inside. */
  readonly workspace?: string;
  /** Whether the money of the run is used up; only prompts cost money. */
  readonly cap_exhausted?: boolean;
}

/** What became of one untrusted text: `drop` leaves it out of the prompt, with the rule that it met. */
export interface UntrustedVerdict {
  readonly origin: string;
  readonly drop: boolean;
  readonly rule?: string;
}

export interface SafetyVerdict {
  readonly passed: boolean;
  /** One entry per check, in a fixed order, whether it passed or not. */
  readonly checks: SafetyCheck[];
  readonly blocked_reason?: string;
  readonly untrusted: readonly UntrustedVerdict[];
}
