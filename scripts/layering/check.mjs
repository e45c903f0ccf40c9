import { cycles } from './cycles.mjs';
import { deadExports } from './dead-exports.mjs';
import { fileSystemBreaches } from './file-rooms.mjs';
import { folderCycles } from './folder-cycles.mjs';
import { houseBreaches } from './house.mjs';
import { breaches } from './rules.mjs';
import { secondSchemas } from './second-schemas.mjs';
import { isTest, readSources, readUsers } from './sources.mjs';
import { wordBreaches } from './words.mjs';

/** Reads the tree below `root` and says in lines what breaks a rule; `ok` is also false when there is nothing to read. */
export function checkTree(root) {
  const files = readSources(root);
  const product = [...files.values()].filter(({ file }) => !isTest(file));
  const users = readUsers(root, files);
  const scripts = [...users.values()].filter(({ file }) => file.startsWith('scripts/'));
  const folders = folderCycles(root, files);
  const found = [
    ...breaches(files),
    ...cycles(files),
    ...folders.found,
    ...product.flatMap(fileSystemBreaches),
    ...product.flatMap(houseBreaches),
    ...secondSchemas(files),
    ...wordBreaches(root, [...product, ...scripts]),
    ...deadExports(files, users),
  ];
  const lines = found.map(({ file, line, rule, problem, fix }) => `${file}:${line} ${rule}: ${problem}. Fix: ${fix}`);
  const known = folders.known === 0 ? '' : `; ${folders.known} folders lie in known cycles`;
  const last = found.length === 0 ? `Layering holds in ${files.size} files${known}` : `${found.length} breaches of the layering`;
  return { ok: found.length === 0 && files.size > 0, lines: [...lines, last] };
}
