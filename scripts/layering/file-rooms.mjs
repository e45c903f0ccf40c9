/** Where the product touches the disk: folders (with a slash at the end) and single files, each with the reason. */
const ROOMS = {
  'packages/core/src/files/': 'the one decoder of files that people edit',
  'packages/storage-files/': 'the backend of files, and what every host keeps beside its backend',
  'packages/sandbox/': 'the cage of a command, and what it may see',
  'packages/changes/': 'work areas, checkouts and landings of changes to projects',
  'packages/core/src/config/load.ts': 'finds the files of settings',
  'packages/core/src/config/workspace-fault.ts': 'says before the start why a workspace cannot be used',
  'packages/api/src/local/': 'commands and files inside the workspace, in the sandbox',
  'packages/api/src/plan/scan.ts': 'reads the source tree that a plan is about',
  'packages/api/src/residents/documents.ts': "residents' tools write library documents",
  'packages/api/src/residents/files.ts': "residents' tools read files of the workspace",
  'packages/api/src/residents/places.ts': "residents' tools stay inside the workspace, whatever a link says",
  'packages/world/src/doctor/': 'looks at the files themselves, past the stores that may be what is wrong',
  'packages/worker/src/observe/': 'looks at the files that a task declares, as witnesses of its work',
  'packages/control-panel/src/feed/': 'follows rooms and logs of text as they grow',
  'packages/control-panel/src/routes/files.ts': 'sends a log as a download',
  'packages/control-panel/web/whole-page.ts': 'puts a page that is built whole in the place of the last one',
  'packages/control-panel/src/files/': 'shows library, logs and artifacts piece by piece, and keeps the key',
};
const FILE_SYSTEM = new Set(['fs', 'fs/promises', 'node:fs', 'node:fs/promises']);

/** Imports of the file system outside its rooms. */
export function fileSystemBreaches({ file, imports }) {
  if (Object.keys(ROOMS).some((room) => (room.endsWith('/') ? file.startsWith(room) : file === room))) return [];
  return imports
    .filter(({ specifier }) => FILE_SYSTEM.has(specifier))
    .map(({ specifier, line }) => ({
      file,
      line,
      rule: 'file-rooms',
      problem: `${specifier} is imported outside the rooms of the file system`,
      fix: 'call a store or core/files, or let the caller pass in what is needed; scripts/layering/file-rooms.mjs lists the rooms',
    }));
}
