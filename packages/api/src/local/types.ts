import type { WorkspacePaths } from '@vivarium/core';

/** One local command to run. `command` is a line as a person writes it; no shell ever sees it. */
export interface LocalRequest {
  readonly command: string;
  readonly timeoutMs: number;
  readonly paths: WorkspacePaths;
  /** HALT, shutdown or a caller that went away: the whole process group is killed. */
  readonly signal?: AbortSignal;
}

/** A refusal is an expected answer: which rule, why, and what would be allowed instead. */
export interface Refusal {
  readonly kind: 'refused';
  /** Stable id, e.g. `command.operator`. */
  readonly rule: string;
  readonly reason: string;
  readonly fix: string;
}

/** A process that ran to its end or was stopped. Only `exit_code === 0` is success. */
export interface Ran {
  readonly kind: 'ran';
  /** 124 after a time-out, 130 after an abort, 128 + n after signal n. */
  readonly exit_code: number;
  /** stdout, then stderr; at most 256 KB. What was cut is said in the last line. */
  readonly output: string;
  readonly truncated: boolean;
  readonly timed_out: boolean;
  readonly aborted: boolean;
  readonly duration_ms: number;
  readonly sandboxed: boolean;
}

export type LocalResult = Ran | Refusal;

/** One executable skill to run with a prompt and, for callers that have it, structured input. */
export interface SkillRequest {
  readonly name: string;
  readonly prompt: string;
  readonly input?: unknown;
  readonly timeoutMs: number;
  readonly paths: WorkspacePaths;
  readonly signal?: AbortSignal;
}

/** A skill that ran. `files` are the documents the runtime wrote for it, relative to the workspace. */
export interface SkillRan extends Ran {
  readonly name: string;
  readonly version: string;
  readonly files: readonly string[];
}

export type SkillResult = SkillRan | Refusal;

/** A skill as its `SKILL.md` declares it. */
export interface SkillInfo {
  readonly name: string;
  readonly description: string;
  readonly version: string;
  readonly kind: 'executable' | 'prompt' | 'composed';
  /** Absolute path of the skill's folder. */
  readonly folder: string;
  /** Absolute path of the module; only for `executable`. */
  readonly entry?: string;
  /** Ships with the installation: reviewed code that may run without an OS sandbox. */
  readonly shipped: boolean;
}

/** What stands between a command and the machine, for `doctor` and `/healthz`. */
export interface SandboxStatus {
  readonly mode: 'sandboxed' | 'grammar_only';
  readonly detail: string;
  readonly fix?: string;
  /** Programs people may use, with whether each is installed. */
  readonly programs: readonly { readonly name: string; readonly path?: string; readonly detail: string }[];
}

/** Local execution for the API process. Build one with `openLocalRunner`. */
export interface LocalRunner {
  runLocal(request: LocalRequest): Promise<LocalResult>;
  runSkill(request: SkillRequest): Promise<SkillResult>;
  /** Every skill that can be named here; a workspace's own skill never replaces a shipped one. */
  listSkills(paths: WorkspacePaths): Promise<readonly SkillInfo[]>;
  sandboxStatus(): Promise<SandboxStatus>;
}
