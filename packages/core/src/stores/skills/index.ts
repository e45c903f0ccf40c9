export { openSkills, type SkillRecord, type SkillRegistry, type SkillRegistryOptions } from './registry.ts';
