import type { SkillManifest, SkillManifestInput } from '../domain/skills/manifest.ts';

/** A skill's file that cannot be used: where, why, and what would be right. */
export interface SkillFinding {
  readonly file: string;
  /** 1-based; absent when the trouble is not in one line. */
  readonly line?: number;
  readonly field?: string;
  readonly reason: string;
  readonly fix: string;
}

/** A `SKILL.md` that was read: its front matter, the text below it, and where it lies. */
export interface SkillFile {
  readonly manifest: SkillManifest;
  readonly body: string;
  readonly folder: string;
  readonly file: string;
  /** Source of the entry module; undefined for skills without one. */
  readonly code?: string;
}

export interface ScannedSkill extends SkillFile {
  /** It belongs to the installation and is never replaced. */
  readonly shipped: boolean;
}

export interface SkillScan {
  /** By name. */
  readonly skills: ReadonlyMap<string, ScannedSkill>;
  readonly findings: readonly SkillFinding[];
}

/** A skill as the runtime writes it: front matter, text, and files beside it (name → content). */
export interface NewSkill {
  readonly manifest: SkillManifestInput;
  readonly body?: string;
  readonly files?: Readonly<Record<string, string>>;
}

/** The folders of skills as they lie on this machine. */
export interface SkillLibrary {
  /** All skills as they are at this moment; only what changed is read again. */
  scan(): SkillScan;
  /** @throws InvalidInputError with file, line and fix of every problem */
  check(folder: string): SkillFile;
  /** Copy a person's folder into the library, complete or not at all. @throws InvalidInputError, TaskConflictError when its name is taken */
  copy(folder: string): SkillFile;
  /** Write a new skill into the library, complete or not at all. @throws as `copy` */
  write(skill: NewSkill): SkillFile;
  /** Call back soon after anything changed; keeps no process alive. Returns the way to stop. */
  watch(onChange: () => void): () => void;
}
