import { execFile } from 'node:child_process';
import { readdir, readFile, stat } from 'node:fs/promises';
import { extname, join, relative } from 'node:path';

/** What a look over the workspace's source tree found. Paths are relative to the workspace. */
export interface Scan {
  readonly files: readonly { readonly path: string; readonly lines: number; readonly is_test: boolean; readonly todos: number }[];
  readonly total_lines: number;
  /** Lines by language. */
  readonly languages: Readonly<Record<string, number>>;
  /** Subjects of the newest commits; empty outside a repository. */
  readonly recent_commits: readonly string[];
}

const LANGUAGES: Readonly<Record<string, string>> = {
  '.ts': 'TypeScript',
  '.tsx': 'TypeScript',
  '.mts': 'TypeScript',
  '.js': 'JavaScript',
  '.mjs': 'JavaScript',
  '.jsx': 'JavaScript',
  '.py': 'Python',
  '.go': 'Go',
  '.rs': 'Rust',
  '.java': 'Java',
  '.c': 'C',
  '.h': 'C',
  '.cpp': 'C++',
  '.cs': 'C#',
  '.rb': 'Ruby',
  '.php': 'PHP',
  '.sh': 'Shell',
  '.sql': 'SQL',
  '.css': 'CSS',
  '.html': 'HTML',
};
const SKIPPED = new Set([
  'node_modules',
  'dist',
  'build',
  'coverage',
  'target',
  'venv',
  '__pycache__',
  'community_library',
  'task_locks',
]);
const MOST_FILES = 5000;
const MOST_BYTES = 1024 * 1024;

/** Read the source tree: no dot folders, no dependencies, no build output, no residents' documents. */
export async function scanWorkspace(root: string, signal: AbortSignal): Promise<Scan> {
  const files: Scan['files'][number][] = [];
  const languages: Record<string, number> = {};
  for await (const path of sourceFiles(root)) {
    signal.throwIfAborted();
    const text = await textOf(path);
    if (text === undefined) continue;
    const lines = text === '' ? 0 : text.split('\n').length;
    const language = LANGUAGES[extname(path)] ?? 'other';
    languages[language] = (languages[language] ?? 0) + lines;
    const shown = relative(root, path);
    files.push({
      path: shown,
      lines,
      is_test: /(^|[/._-])(tests?|spec)([/._-]|$)/i.test(shown),
      todos: text.match(/\b(TODO|FIXME)\b/g)?.length ?? 0,
    });
    if (files.length >= MOST_FILES) break;
  }
  const total_lines = files.reduce((sum, file) => sum + file.lines, 0);
  return { files, total_lines, languages, recent_commits: await recentCommits(root, signal) };
}

async function* sourceFiles(folder: string): AsyncGenerator<string> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    if (entry.name.startsWith('.') || SKIPPED.has(entry.name)) continue;
    const path = join(folder, entry.name);
    if (entry.isDirectory()) yield* sourceFiles(path);
    else if (entry.isFile() && extname(entry.name) in LANGUAGES) yield path;
  }
}

/** A file that is too large, or gone by now, is not part of the scan. */
async function textOf(path: string): Promise<string | undefined> {
  try {
    return (await stat(path)).size > MOST_BYTES ? undefined : await readFile(path, 'utf8');
  } catch {
    return undefined;
  }
}

/** `git log` reads; a repository's own settings are kept from running anything. */
function recentCommits(root: string, signal: AbortSignal): Promise<readonly string[]> {
  const args = ['-c', 'core.fsmonitor=false', '--no-pager', 'log', '-n', '15', '--no-show-signature', '--format=%s'];
  const env = { PATH: '/usr/bin:/bin', GIT_CONFIG_NOSYSTEM: '1', GIT_CEILING_DIRECTORIES: join(root, '..') };
  return new Promise((resolve) => {
    execFile('git', args, { cwd: root, env, timeout: 5000, signal, maxBuffer: 64 * 1024 }, (error, stdout) =>
      resolve(error ? [] : stdout.trim().split('\n').filter(Boolean)),
    );
  });
}
