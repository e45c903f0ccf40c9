import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { readSkill, type SkillFile, type SkillFinding } from './read-skill.ts';

/** A folder of skills; `shipped` ones belong to the installation and are never replaced. */
export interface SkillRoot {
  readonly folder: string;
  readonly shipped: boolean;
}

export interface ScannedSkill extends SkillFile {
  readonly shipped: boolean;
}

export interface Scan {
  readonly skills: ReadonlyMap<string, ScannedSkill>;
  readonly findings: readonly SkillFinding[];
}

/** Reads all skills of some roots, again only those whose files changed. */
export class SkillScanner {
  readonly #roots: readonly SkillRoot[];
  readonly #read = new Map<string, { stamp: string; read: ReturnType<typeof readSkill> }>();

  constructor(roots: readonly SkillRoot[]) {
    this.#roots = roots;
  }

  scan(): Scan {
    const skills = new Map<string, ScannedSkill>();
    const findings: SkillFinding[] = [];
    const seen = new Set<string>();
    for (const { folder: root, shipped } of this.#roots) {
      for (const folder of foldersIn(root)) {
        if (seen.has(folder)) continue;
        seen.add(folder);
        const read = this.#readAgain(folder);
        if (read.kind === 'refused') findings.push(...read.findings);
        else {
          const { name } = read.skill.manifest;
          const other = skills.get(name);
          if (other) findings.push(taken(read.skill, other));
          else skills.set(name, { ...read.skill, shipped });
        }
      }
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
