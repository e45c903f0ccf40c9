import { readdir, stat } from 'node:fs/promises';
import { basename, extname, join, relative } from 'node:path';
import type { TaskStore, WorkspacePaths } from '@vivarium/core';
import { RequestRefused } from '../http/refused.ts';
import type { ArtifactEntry, ArtifactView } from '../protocol/library.ts';
import { isShown, openContained } from './contained.ts';

/** The largest file the viewer shows. */
const VIEW_LIMIT = 500 * 1024;
const PER_KIND = 20;

const TYPES: Readonly<Record<string, string>> = {
  '.py': 'python',
  '.js': 'javascript',
  '.mjs': 'javascript',
  '.ts': 'typescript',
  '.tsx': 'typescript',
  '.json': 'json',
  '.jsonl': 'json',
  '.md': 'markdown',
  '.html': 'html',
  '.css': 'css',
  '.yaml': 'yaml',
  '.yml': 'yaml',
  '.sh': 'bash',
  '.sql': 'sql',
};

/** Read one file of the workspace as text. */
export async function viewArtifact(root: string, path: string): Promise<ArtifactView> {
  const file = await openContained(root, path);
  try {
    if (file.size > VIEW_LIMIT)
      throw new RequestRefused(413, 'VIV_TOO_LARGE', 'File is larger than 500 KB', 'Open it with a program on this machine');
    const bytes = await file.handle.readFile();
    return {
      success: true,
      path: file.path,
      filename: basename(file.path),
      content: textOf(bytes),
      file_type: fileType(file.path),
      size: file.size,
      modified: file.modified.toISOString(),
    };
  } finally {
    await file.handle.close();
  }
}

/** The first bytes of an artifact, for the page. */
export async function previewArtifact(root: string, path: string, limit: number): Promise<{ text: string; bytes: number }> {
  const file = await openContained(root, path);
  try {
    const length = Math.min(limit, file.size);
    const { buffer, bytesRead } = await file.handle.read(Buffer.alloc(length), 0, length, 0);
    return { text: textOf(buffer.subarray(0, bytesRead)), bytes: file.size };
  } finally {
    await file.handle.close();
  }
}

function fileType(path: string): string {
  return TYPES[extname(path).toLowerCase()] ?? 'text';
}

function textOf(bytes: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    const text = bytes.toString('utf8');
    return text.includes('\uFFFD') ? bytes.toString('latin1') : text;
  }
}

/** The newest of what residents left behind, all kinds together, newest first. Private journals are not among them. */
export async function listArtifacts(paths: WorkspacePaths, store: TaskStore): Promise<readonly ArtifactEntry[]> {
  const found = await Promise.all([
    newest(paths.root, join(paths.library, 'creative_works'), 'creative_work'),
    newest(paths.root, join(paths.library, 'community_library'), 'community_doc'),
    newest(paths.root, paths.skills, 'skill'),
  ]);
  const entries = [...found.flat(), ...outputs(store)];
  return entries.sort((a, b) => b.modified.localeCompare(a.modified)).slice(0, 120);
}

function outputs(store: TaskStore): ArtifactEntry[] {
  const { records } = store.list({ statuses: ['approved', 'pending_review', 'completed'], order: 'newest', limit: 60 });
  return records.flatMap(({ task, outcome, updated_at }) =>
    outcome?.artifact ? [{ path: outcome.artifact.path, name: task.id, type: 'output' as const, modified: updated_at }] : [],
  );
}

async function newest(root: string, folder: string, type: ArtifactEntry['type']): Promise<ArtifactEntry[]> {
  const names = await readdir(folder, { withFileTypes: true, recursive: true }).catch(() => []);
  const files = names.filter((entry) => entry.isFile()).slice(0, 2000);
  const entries = await Promise.all(
    files.map(async (entry) => {
      const full = join(entry.parentPath, entry.name);
      const path = relative(root, full);
      const found = isShown(path) ? await stat(full).catch(() => undefined) : undefined;
      return found ? [{ path, name: entry.name, type, modified: found.mtime.toISOString() }] : [];
    }),
  );
  return entries
    .flat()
    .sort((a, b) => b.modified.localeCompare(a.modified))
    .slice(0, PER_KIND);
}
