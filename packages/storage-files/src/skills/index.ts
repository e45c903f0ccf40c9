export { skillLibrary } from './library.ts';
export { readSkill } from './read-skill.ts';
