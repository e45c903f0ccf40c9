export { covers, globProblem, matches, overlap } from './globs.ts';
export { OWN_NEVER } from './names.ts';
export { collisions, isGitName, pathProblem } from './paths.ts';
export { type SettingsFault, settingsFaults } from './settings.ts';
export { sharePaths } from './share-paths.ts';
export * from './tiers.ts';
