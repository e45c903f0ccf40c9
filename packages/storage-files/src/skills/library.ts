import { mkdirSync } from 'node:fs';
import type { SkillLibrary, WorkspacePaths } from '@vivarium/core';
import { SkillScanner, skillRoots } from './scan.ts';
import { watchFolders } from './watch.ts';
import { checkedSkill, copySkill, writeSkill } from './write-skill.ts';

/** The skills of a workspace beside those of an installation, whose names are never taken. */
export function skillLibrary(paths: Pick<WorkspacePaths, 'skills'>, installation?: string): SkillLibrary {
  const roots = skillRoots(paths, installation);
  const scanner = new SkillScanner(roots);
  return {
    scan: () => scanner.scan(),
    check: checkedSkill,
    copy: (folder) => copySkill(folder, paths.skills),
    write: (skill) => writeSkill(skill, paths.skills),
    watch(onChange) {
      mkdirSync(paths.skills, { recursive: true });
      return watchFolders(
        roots.map(({ folder }) => folder),
        onChange,
      );
    },
  };
}
