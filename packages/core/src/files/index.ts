export { linkTarget } from './link-target.ts';
export { loadJsonFile } from './load-json.ts';
export { type FileRead, readJsonFile, readTextFile } from './read-text.ts';
