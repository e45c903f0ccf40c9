export { codeOf, fixFor } from './error-code.ts';
export { linkTarget } from './link-target.ts';
export { loadJsonFile } from './load-json.ts';
export { fileExists, mustBeWritable, stampOf } from './look.ts';
export { type FileRead, readJsonFile, readTextFile } from './read-text.ts';
export { removeQuietly } from './remove-quietly.ts';
export { type WorkspacePaths, workspacePaths } from './workspace.ts';
