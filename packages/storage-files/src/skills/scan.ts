import { readdirSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { ScannedSkill, SkillFile, SkillFinding, SkillScan, WorkspacePaths } from '@vivarium/core';
import { readSkill } from './read-skill.ts';

/** A folder of skills; `shipped` ones belong to the installation and are never replaced. */
export interface SkillRoot {
  readonly folder: string;
  readonly shipped: boolean;
}

/** Where skills lie, those that ship first: their names are never taken. One root when the workspace is the installation. */
export function skillRoots(paths: Pick<WorkspacePaths, 'skills'>, installation?: string): readonly SkillRoot[] {
  const own = { folder: paths.skills, shipped: false };
  const shipped = installation === undefined ? undefined : join(installation, 'library', 'skills');
  return shipped === undefined || shipped === own.folder ? [own] : [{ folder: shipped, shipped: true }, own];
}

/** Reads all skills of some roots, again only those whose files changed. */
export class SkillScanner {
  readonly #roots: readonly SkillRoot[];
  readonly #read = new Map<string, { stamp: string; read: ReturnType<typeof readSkill> }>();

  constructor(roots: readonly SkillRoot[]) {
    this.#roots = roots;
  }

  scan(): SkillScan {
    const skills = new Map<string, ScannedSkill>();
    const findings: SkillFinding[] = [];
    const seen = new Set<string>();
    const found: { skill: ScannedSkill; root: number }[] = [];
    for (const [root, { folder: path, shipped }] of this.#roots.entries()) {
      for (const folder of foldersIn(path)) {
        if (seen.has(folder)) continue;
        seen.add(folder);
        const read = this.#readAgain(folder);
        if (read.kind === 'refused') findings.push(...read.findings);
        else found.push({ skill: { ...read.skill, shipped }, root });
      }
    }
    for (const { skill } of found.sort((a, b) => a.root - b.root || misnamed(a.skill) - misnamed(b.skill))) {
      const other = skills.get(skill.manifest.name);
      if (other) findings.push(taken(skill, other));
      else skills.set(skill.manifest.name, skill);
    }
    for (const folder of this.#read.keys()) if (!seen.has(folder)) this.#read.delete(folder);
    return { skills, findings };
  }

  #readAgain(folder: string): ReturnType<typeof readSkill> {
    const stamp = stampOf(folder);
    const known = this.#read.get(folder);
    if (known && known.stamp === stamp) return known.read;
    const read = readSkill(folder);
    this.#read.set(folder, { stamp, read });
    return read;
  }
}

/** Of two skills with one name, the one whose folder has that name comes first. */
const misnamed = ({ folder, manifest }: SkillFile): number => (basename(folder) === manifest.name ? 0 : 1);

const taken = (skill: SkillFile, other: ScannedSkill): SkillFinding => ({
  file: skill.file,
  field: 'name',
  reason: `the name ${skill.manifest.name} belongs to ${other.file}`,
  fix: 'Give it another name; a skill never replaces another one',
});

/** The folders of a root, sorted; hidden ones and those that another process is still writing are left out. */
function foldersIn(root: string): string[] {
  try {
    return readdirSync(root, { withFileTypes: true })
      .filter((entry) => !entry.name.startsWith('.') && (entry.isDirectory() || entry.isSymbolicLink()))
      .map((entry) => join(root, entry.name))
      .filter((folder) => statSync(folder, { throwIfNoEntry: false })?.isDirectory())
      .sort();
  } catch {
    return [];
  }
}

/** Changes whenever a file of the folder does. */
function stampOf(folder: string): string {
  try {
    return readdirSync(folder)
      .sort()
      .map((name) => {
        const seen = statSync(join(folder, name), { throwIfNoEntry: false });
        return `${name} ${seen?.ino} ${seen?.size} ${seen?.mtimeMs}`;
      })
      .join('\n');
  } catch {
    return '';
  }
}
