import { createHash, randomUUID } from 'node:crypto';
import { mkdir, open, readFile, realpath, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import {
  type Backend,
  CATALOGUE,
  jsonSnapshot,
  LOGS,
  type Refused,
  refuse,
  type SharedLog,
  type WorkspacePaths,
} from '@vivarium/core';
import { z } from 'zod';
import type { Actor, ToolAnswer } from './kit.ts';

const ROOTS = [
  'library/community_library/swarm_docs/',
  'library/community_library/resident_suggestions/',
  'library/creative_works/',
] as const;
const SHARED_ROOT = ROOTS[0];
const MAX_BYTES = 1_000_000;
const WHERE = `Write a .md file under ${ROOTS.join(', ')}`;

export const DocumentArgs = CATALOGUE.write_document.input;
type DocumentArgs = z.infer<typeof DocumentArgs>;

/** One line of `.swarm/documents.jsonl`: who is about to write what, or has. */
const Written = z.object({
  key: z.string(),
  state: z.enum(['begun', 'done']),
  path: z.string(),
  identity_id: z.string(),
  sha256: z.string(),
  created: z.boolean().describe('nothing was there before: who wrote it owns it'),
  at: z.string(),
});
type Written = z.infer<typeof Written>;
const Saved = z.object({ owners: z.array(z.tuple([z.string(), z.string()])), writes: z.array(Written) });

/** Residents' documents in the library: who wrote one owns it, and each write happens once. */
export class Documents {
  readonly #paths: WorkspacePaths;
  readonly #owners = new Map<string, string>();
  readonly #writes = new Map<string, Written>();
  #log!: SharedLog<Written>;
  #turn: Promise<unknown> = Promise.resolve();

  private constructor(paths: WorkspacePaths) {
    this.#paths = paths;
  }

  static async open(backend: Pick<Backend, 'log'>, paths: WorkspacePaths): Promise<Documents> {
    const documents = new Documents(paths);
    documents.#log = await backend.log<Written>(LOGS.documents, {
      parse: (value) => Written.parse(value),
      onRecord: ({ value }) => {
        documents.#writes.set(value.key, value);
        if (value.created) documents.#owners.set(value.path, value.identity_id);
      },
      snapshot: jsonSnapshot(1, Saved, {
        save: () => ({ owners: [...documents.#owners], writes: [...documents.#writes.values()] }),
        load: ({ owners, writes }) => {
          for (const [path, identity_id] of owners) documents.#owners.set(path, identity_id);
          for (const written of writes) documents.#writes.set(written.key, written);
        },
      }),
    });
    return documents;
  }

  /** What writing it would come to; nothing is written. */
  async check(args: DocumentArgs, { identity_id, key }: Actor): Promise<ToolAnswer> {
    if (this.#writes.get(key)?.state === 'done') return { ok: true, path: args.path };
    const planned = await this.#plan(args, identity_id);
    return typeof planned === 'string' ? { ok: true, path: args.path } : planned;
  }

  /** Write a document once under a key. */
  write(args: DocumentArgs, actor: Actor): Promise<ToolAnswer> {
    const run = this.#turn.then(() => this.#write(args, actor));
    this.#turn = run.catch(() => undefined);
    return run;
  }

  async close(): Promise<void> {
    await this.#turn;
    await this.#log.close();
  }

  async #write(args: DocumentArgs, { identity_id, key }: Actor): Promise<ToolAnswer> {
    const known = this.#writes.get(key);
    const done = { ok: true as const, path: args.path };
    if (known?.state === 'done') return { ...done, replayed: true };
    const standing = await this.#read(args.path);
    const created = known?.created ?? standing === undefined;
    const finished = known !== undefined && standing !== undefined && hash(standing) === known.sha256;
    if (!finished) {
      const content = await this.#plan(args, identity_id);
      if (typeof content !== 'string') return content;
      const folder = await makeFolder(this.#paths.root, dirname(args.path));
      if (folder === undefined) return refuse('bad_path', `A link leads out of the library; ${WHERE}`);
      await this.#note({ key, state: 'begun', path: args.path, identity_id, sha256: hash(content), created });
      await replace(join(folder, basename(args.path)), content);
    }
    await this.#note({ key, state: 'done', path: args.path, identity_id, sha256: known?.sha256 ?? '', created });
    return done;
  }

  /** The whole text that would stand afterwards, or why it may not. */
  async #plan({ path, content, mode }: DocumentArgs, identity_id: string): Promise<string | Refused> {
    if (!isDocumentPath(path)) return refuse('bad_path', WHERE);
    if (await leadsOut(this.#paths.root, path)) return refuse('bad_path', `A link leads out of the library; ${WHERE}`);
    const standing = await this.#read(path);
    const text = mode === 'append' && standing !== undefined ? `${standing.replace(/\n?$/, '\n')}${content}` : content;
    if (Buffer.byteLength(text) > MAX_BYTES) return refuse('too_large', 'Start another document; this one is full');
    if (standing === undefined) return text;
    if (mode === 'create') return refuse('document_exists', 'Choose another name, or append to it');
    const mine = this.#owners.get(path) === identity_id;
    if (mine || (mode === 'append' && path.startsWith(SHARED_ROOT))) return text;
    return refuse('not_yours', 'Only who wrote a document may change it; write one of your own');
  }

  async #read(path: string): Promise<string | undefined> {
    return isDocumentPath(path) ? readFile(join(this.#paths.root, path), 'utf8').catch(() => undefined) : undefined;
  }

  async #note(line: Omit<Written, 'at'>): Promise<void> {
    await this.#log.append([{ ...line, at: new Date().toISOString() }], { durable: true });
  }
}

function isDocumentPath(path: string): boolean {
  const parts = path.split('/');
  const plain = parts.every((part) => part !== '' && !part.startsWith('.') && !/[\\\p{Cc}]/u.test(part) && part.length <= 120);
  return plain && path.length <= 300 && path.endsWith('.md') && ROOTS.some((root) => path.startsWith(root));
}

/** Whether what exists of the path lies elsewhere than it says. */
async function leadsOut(root: string, path: string): Promise<boolean> {
  const top = await realpath(root);
  let at = top;
  for (const part of path.split('/')) {
    const next = join(at, part);
    const real = await realpath(next).catch(() => undefined);
    if (real === undefined) return false;
    if (real !== next) return true;
    at = next;
  }
  return false;
}

/** Make a folder step by step; undefined when a link stands in the way. */
async function makeFolder(root: string, path: string): Promise<string | undefined> {
  let folder = await realpath(root);
  for (const part of path.split('/')) {
    const next = join(folder, part);
    await mkdir(next).catch((error: unknown) => {
      if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
    });
    folder = await realpath(next);
    if (folder !== next) return undefined;
  }
  return folder;
}

const hash = (text: string): string => createHash('sha256').update(text).digest('hex');

/** Whole or not at all, and on the disk. */
async function replace(file: string, content: string): Promise<void> {
  const draft = `${file}.${randomUUID()}.tmp`;
  try {
    const handle = await open(draft, 'wx', 0o644);
    await handle
      .writeFile(content)
      .then(() => handle.datasync())
      .finally(() => handle.close());
    await rename(draft, file);
  } finally {
    await rm(draft, { force: true });
  }
}
