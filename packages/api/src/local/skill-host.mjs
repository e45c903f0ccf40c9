/**
 * Runs inside the sandbox: reads a request from stdin, calls one skill, writes its answer to stdout behind a mark that only
 * the runtime knows. Everything else a skill prints goes to stderr.
 */
import { Console } from 'node:console';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const SKIPPED_FOLDERS = new Set(['node_modules', '.git', '.swarm', 'dist', 'build', 'coverage', 'task_locks', '.cache']);
/** The runtime's own logs: they change under a skill's eyes and are nobody's work. */
const SKIPPED_FILES = /^(?:execution_log|action_log)\./;
const MAX_FILES = 100_000;
const MAX_FILE_BYTES = 5_000_000;

const request = JSON.parse(await readAll(process.stdin));
globalThis.console = new Console(process.stderr);
const write = process.stdout.write.bind(process.stdout);
process.stdout.write = process.stderr.write.bind(process.stderr);

const { default: skill } = await import(pathToFileURL(request.entry).href);
if (typeof skill !== 'function') throw new Error('the module has no default export that is a function');
const { prompt, workspace, input } = request;
const answer = await skill({ prompt, workspace, input, files: filesOf(workspace, prompt, input) });
write(`\n${request.mark}${JSON.stringify(answer ?? null)}\n`, () => process.exit(0));

async function readAll(stream) {
  let text = '';
  stream.setEncoding('utf8');
  for await (const chunk of stream) text += chunk;
  return text;
}

/** The workspace as skills read it: ordinary files in a fixed order, without dependencies, outputs and the runtime's state. */
function filesOf(root, prompt, input) {
  let listed;
  const list = async () => {
    listed ??= walk(root);
    const scope = scopeOf(await listed, prompt, input);
    return scope === '' ? listed : (await listed).filter(({ path }) => path === scope || path.startsWith(`${scope}/`));
  };
  return {
    /** `[{ path, bytes }]`, of the folder that the input or the prompt names, else of the whole workspace. */
    list,
    /** The same of the whole workspace, whatever the prompt names. */
    listAll: () => (listed ??= walk(root)),
    /** Text of a file, or undefined when it is binary, too large or not readable. */
    async read(path) {
      const buffer = await readFile(join(root, path)).catch(() => undefined);
      if (!buffer || buffer.length > MAX_FILE_BYTES || buffer.subarray(0, 8_000).includes(0)) return undefined;
      return buffer.toString('utf8');
    },
  };
}

async function walk(root) {
  const files = [];
  const open = [''];
  while (open.length > 0 && files.length < MAX_FILES) {
    const folder = open.pop();
    const entries = await readdir(join(root, folder), { withFileTypes: true }).catch(() => []);
    for (const entry of entries) {
      const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
      if (entry.isDirectory() && !SKIPPED_FOLDERS.has(entry.name)) open.push(path);
      if (entry.isFile() && !SKIPPED_FILES.test(path))
        files.push({ path, bytes: (await stat(join(root, path)).catch(() => ({ size: 0 }))).size });
    }
  }
  return files.sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** A file or folder that the input names, or that stands in the prompt in backticks or with a slash. */
function scopeOf(files, prompt, input) {
  const named =
    typeof input?.path === 'string'
      ? [input.path]
      : [...String(prompt).matchAll(/`([^`\s]+)`|(?:^|\s)([\w.-]+\/[\w./-]*)/g)].map((m) => m[1] ?? m[2]);
  for (const name of named) {
    const path = name.replace(/^\.\//, '').replace(/[/.,;:]+$/, '');
    if (path !== '' && files.some((file) => file.path === path || file.path.startsWith(`${path}/`))) return path;
  }
  return '';
}
