export { GitError, wasKilled } from './error.ts';
export { blobId, readBlobs } from './objects.ts';
export {
  attributesOf,
  fetchArguments,
  indexInfo,
  openRepository,
  type ProjectRepository,
  resolveRef,
} from './project-repository.ts';
export { type GitPlace, runGit } from './run-git.ts';
export { isFileMode, LINK_MODE, parseTree, pathText, records, type TreeEntry } from './trees.ts';
