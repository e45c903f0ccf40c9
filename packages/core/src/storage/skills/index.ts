export type { SkillFile, SkillFinding } from './read-skill.ts';
export { readSkill } from './read-skill.ts';
export { openSkills, type SkillRecord, type SkillRegistry, type SkillRegistryOptions } from './registry.ts';
export { type ScannedSkill, SkillScanner, skillRoots } from './scan.ts';
export type { NewSkill } from './write-skill.ts';
