import { realpathSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { type ScannedSkill, SHIPPED_SKILLS, type SkillLibrary, type WorkspacePaths } from '@vivarium/core';
import { skillLibrary } from '@vivarium/world';
import type { SkillInfo } from './types.ts';

/** The skills that can be named, read as `skill validate` and the worker read them. */
export interface SkillFinder {
  /** Undefined when there is none that reads. */
  find(name: string, paths: WorkspacePaths): SkillInfo | undefined;
  /** Those that ship first. */
  list(paths: WorkspacePaths): SkillInfo[];
}

/** Find skills of an installation and of workspaces; only what changed is read again. */
export function openSkillFinder(installation: string): SkillFinder {
  const libraries = new Map<string, SkillLibrary>();
  const library = join(installation, 'library', 'skills');
  const skillsOf = (paths: WorkspacePaths): ReadonlyMap<string, ScannedSkill> => {
    const own = libraries.get(paths.skills) ?? skillLibrary(paths, installation);
    libraries.set(paths.skills, own);
    return own.scan().skills;
  };
  const info = (skill: ScannedSkill): SkillInfo => infoOf(skill, shipsIn(library, skill));
  return {
    find(name, paths) {
      const skill = skillsOf(paths).get(name);
      return skill && info(skill);
    },
    list(paths) {
      const skills = [...skillsOf(paths).values()].map(info);
      const place = ({ name, shipped }: SkillInfo) =>
        shipped ? SHIPPED_SKILLS.findIndex((one) => one === name) : SHIPPED_SKILLS.length;
      return skills.sort((a, b) => place(a) - place(b) || a.name.localeCompare(b.name));
    },
  };
}

/** Reviewed code: in the installation's own folder, under a name that ships. Nothing else runs without a sandbox. */
const shipsIn = (library: string, { folder, manifest }: ScannedSkill): boolean =>
  dirname(folder) === library && basename(folder) === manifest.name && SHIPPED_SKILLS.some((name) => name === manifest.name);

function infoOf({ manifest, folder }: ScannedSkill, shipped: boolean): SkillInfo {
  const { name, description, version, kind, entry } = manifest;
  const real = realpathSync(folder);
  const code = entry === undefined ? {} : { entry: realpathSync(join(real, entry)) };
  return { name, description, version, kind, folder: real, shipped, ...code };
}
