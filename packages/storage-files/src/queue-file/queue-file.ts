import { existsSync, type FSWatcher, readFileSync, rmSync, statSync, watch as watchDirectory } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import {
  type Clock,
  codeOf,
  type DocumentFinding,
  linkTarget,
  type Note,
  problemKey,
  problemLine,
  type QueueDocument,
  type QueueProblem,
  type QueueReading,
  readEndpoint,
  readQueueBytes,
  StorageError,
  stampOf,
  type TaskCosts,
  type TaskStore,
  type WorkspacePaths,
} from '@vivarium/core';
import { withLock } from '../documents/lock.ts';
import { type Applied, applyQueue, type CheckTasks, QUEUE_FILE_ACTOR } from './apply.ts';
import { emptyState, loadState, type QueueState, saveState, stateFile } from './state.ts';
import { hasLateSave, lateSaves, replaceVersion, settled } from './versions.ts';
import { ViewModel } from './view-model.ts';
import { writeView } from './write-view.ts';

export interface QueueFileOptions {
  readonly paths: WorkspacePaths;
  readonly store: TaskStore;
  readonly clock: Clock;
  readonly costs: TaskCosts;
  readonly note: (entry: Note) => void;
  /** What else is wrong with tasks whose shape is right. */
  readonly check?: CheckTasks;
}

/** `queue.json`: the inbox people edit and the view they read. Open it in any number of processes. */
export interface QueueFile {
  /** Take over what people changed and publish what the store says, now. */
  sync(): Promise<void>;
  /** Notice edits and publish changes by itself from here on. Keeps no process alive. Returns the way to stop. */
  watch(): () => void;
  /** The API's address, when the file names a loopback one. */
  endpoint(): string | undefined;
  /** What stands refused at the moment. */
  findings(): readonly QueueProblem[];
  /** Publish what is left, then stop. Close it before the store. */
  close(): Promise<void>;
}

const MIN_GAP_MS = 200;
const COST_FACTOR = 10;
const MAX_LAG_MS = 2_000;
const POLL_MS = 2_000;
const LATE_POLL_MS = 500;
const LATE_MS = 60_000;
/** Whoever saved a moment ago may be about to save again. */
const CONTENDED_MS = 10_000;
/** What was refused is looked at again so often: what it lacked, a skill or a model, may be there by then. */
const RECHECK_MS = 30_000;
/** A file that does not parse gets this long to become whole: it may be a save in progress. */
const SETTLE_TRIES = 8;
const SETTLE_MS = 25;
const SWAP_TRIES = 5;

/** Open the file: tasks found in it are adopted and the view stands when this resolves. */
export async function openQueueFile(options: QueueFileOptions): Promise<QueueFile> {
  const file = new WorkspaceQueueFile(options);
  await file.open();
  return file;
}

/** What stands refused in a workspace, for `doctor`, without opening anything. */
export async function readQueueFindings(paths: Pick<WorkspacePaths, 'queueHistory'>): Promise<readonly QueueProblem[]> {
  return findingsOf(await loadState(paths));
}

class WorkspaceQueueFile implements QueueFile {
  readonly #options: QueueFileOptions;
  readonly #model: ViewModel;
  #state: QueueState = emptyState;
  #last: Promise<void> = Promise.resolve();
  #next: Promise<void> | undefined;
  #force = false;
  #timer: NodeJS.Timeout | undefined;
  #publishedAt = 0;
  #checkedAt = Date.now();
  #failure = '';
  #stops: (() => void)[] = [];
  #closed = false;

  constructor(options: QueueFileOptions) {
    this.#options = options;
    this.#model = new ViewModel(options.store, options.costs, () => this.#schedule());
  }

  async open(): Promise<void> {
    await this.sync();
  }

  sync(): Promise<void> {
    return this.#run(true);
  }

  endpoint(): string | undefined {
    return readEndpoint(this.#state.head.api_endpoint).endpoint;
  }

  findings(): readonly QueueProblem[] {
    return findingsOf(this.#state);
  }

  watch(): () => void {
    const { paths, store } = this.#options;
    const look = () => {
      const late = Date.now() - this.#publishedAt < LATE_MS && hasLateSave(paths);
      if (late || this.#mayEnter() || stampOf(paths.queue) !== (this.#state.unreadable?.stamp ?? this.#state.stamp))
        void this.#run(false);
    };
    const lookAround = () => {
      store.refresh();
      look();
    };
    const stops = [watchFile(paths, look), every(POLL_MS, lookAround), every(LATE_POLL_MS, look)];
    this.#stops.push(...stops);
    this.#schedule();
    return () => {
      for (const stop of stops) stop();
    };
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    for (const stop of this.#stops) stop();
    clearTimeout(this.#timer);
    await this.#run(true);
    this.#model.close();
  }

  /** One round at a time; rounds asked for meanwhile are one. */
  #run(force: boolean): Promise<void> {
    this.#force ||= force;
    this.#next ??= this.#last.then(async () => {
      this.#next = undefined;
      const forced = this.#force;
      this.#force = false;
      await this.#guarded(forced);
    });
    this.#last = this.#next;
    return this.#last;
  }

  /** A disk that refuses is told once and tried again; it never stops the work itself. */
  async #guarded(force: boolean): Promise<void> {
    try {
      await withLock(stateFile(this.#options.paths), () => this.#round(force));
      this.#failure = '';
    } catch (error) {
      const detail = error instanceof Error ? error.message : String(error);
      if (detail !== this.#failure) this.#tell('ERROR', 'queue_file_failed', `queue.json is not up to date: ${detail}`, {});
      this.#failure = detail;
      this.#schedule(MAX_LAG_MS);
    }
  }

  async #round(force: boolean): Promise<void> {
    const { paths, store } = this.#options;
    await store.catchUp();
    this.#state = await loadState(paths, (finding) => this.#tellMoved(finding));
    for (let tries = 0; tries < SWAP_TRIES; tries += 1) {
      await this.#takeLateSaves();
      const stamp = stampOf(paths.queue);
      const again = tries === 0 && (force || this.#mayEnter()) && this.#state.kept.length > 0;
      if (stamp !== '' && (again || stamp !== this.#state.stamp) && !(await this.#takeFile())) return;
      if (this.#isShown()) return;
      const wait = force ? 0 : this.#waitMs();
      if (wait > 0) return this.#schedule(wait);
      await settled(paths.queue);
      if (await this.#publish()) return;
    }
    this.#schedule();
  }

  /** Whether entries wait in the file that were not looked at for a while. */
  #mayEnter(): boolean {
    return this.#state.kept.length > 0 && Date.now() - this.#checkedAt > RECHECK_MS;
  }

  #isShown(): boolean {
    const { paths, store } = this.#options;
    return this.#state.shown >= store.position && stampOf(paths.queue) === this.#state.stamp;
  }

  /** Publishing waits until the last version, whoever wrote it, is old enough for what a version costs. */
  #waitMs(): number {
    const age = Math.abs(Date.now() - (statSync(this.#options.paths.queue, { throwIfNoEntry: false })?.mtimeMs ?? 0));
    const gap = Math.max(MIN_GAP_MS, COST_FACTOR * this.#state.publish_ms);
    const lag = Date.now() - this.#publishedAt;
    return age >= gap || lag > Math.max(MAX_LAG_MS, 2 * gap) ? 0 : gap - age;
  }

  async #takeLateSaves(): Promise<void> {
    const { paths } = this.#options;
    for (const save of lateSaves(paths)) {
      const reading = readQueueBytes(save.bytes, linkTarget(paths.queue));
      if (!reading.ok || !save.settled) {
        // Perhaps half a save: the rest will come.
        this.#schedule();
        continue;
      }
      const applied = await this.#apply(reading.document);
      const before = this.#state;
      const kept = [...before.kept, ...applied.kept.filter((entry) => !includes(before.kept, entry))];
      this.#keep({ ...before, shown: -1, saved_at: Date.now(), kept, problems: merge(before.problems, applied.problems) });
      save.done();
    }
  }

  /** Read the file that stands. False when it does not parse, even after a moment: it is then left alone. */
  async #takeFile(): Promise<boolean> {
    const { paths } = this.#options;
    for (let tries = 0; ; tries += 1) {
      await settled(paths.queue);
      const stamp = stampOf(paths.queue);
      const bytes = readQuietly(paths.queue);
      if (bytes === undefined || stampOf(paths.queue) !== stamp) {
        if (tries < SETTLE_TRIES) continue;
        return true;
      }
      if (this.#state.unreadable?.stamp === stamp) return false;
      const reading = readQueueBytes(bytes, linkTarget(paths.queue));
      if (reading.ok) return this.#takeDocument(reading.document, stamp);
      if (tries >= SETTLE_TRIES) return this.#refuseFile(stamp, reading);
      await delay(SETTLE_MS);
    }
  }

  async #takeDocument(document: QueueDocument, stamp: string): Promise<boolean> {
    let applied: Applied;
    try {
      applied = await this.#apply(document);
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      return this.#refuseFile(stamp, { line: 1, column: 1, message: 'is nested too deeply to be read' });
    }
    const { version, api_endpoint, extra } = document;
    const { unreadable: _readable, ...state } = this.#state;
    // Whatever somebody saved, the file shows what stands afterwards; a version of ours that is looked at again does already.
    const shown = stamp === this.#state.stamp ? this.#state.shown : -1;
    const head = { version, api_endpoint, extra: { ...extra } };
    this.#keep({
      ...state,
      stamp,
      shown,
      saved_at: Date.now(),
      head,
      foreign: applied.foreign,
      kept: [...applied.kept],
      problems: [...applied.problems],
    });
    return true;
  }

  async #apply(document: QueueDocument): Promise<Applied> {
    const { store } = this.#options;
    this.#checkedAt = Date.now();
    const known = new Set(this.#state.problems.map(problemKey));
    const applied = await applyQueue(document, store, this.#model, this.#options.check);
    for (const problem of applied.problems) if (!known.has(problemKey(problem))) this.#tellProblem(problem, 'queue_edit_refused');
    const { added, edited, retried, cancelled } = applied;
    const parts = Object.entries({ added, edited, retried, cancelled }).filter(([, ids]) => ids.length > 0);
    if (parts.length > 0) {
      const detail = parts.map(([what, ids]) => `${ids.length} ${what}`).join(', ');
      this.#tell('SYSTEM', 'queue_file_read', `queue.json: ${detail}`, Object.fromEntries(parts));
    }
    return applied;
  }

  #refuseFile(stamp: string, { line, column, message, fix }: Omit<Extract<QueueReading, { ok: false }>, 'ok'>): false {
    const until = `${message}; the last good state stays in force until this is corrected`;
    const problem = { field: '', line, column, message: fix === undefined ? until : `${until}. ${fix}` };
    const before = this.#state.unreadable?.problem;
    if (!before || problemLine(before) !== problemLine(problem)) this.#tellProblem(problem, 'queue_file_unreadable');
    this.#keep({ ...this.#state, unreadable: { stamp, problem } });
    return false;
  }

  /** False when somebody saved in the meantime: their version is read first. */
  async #publish(): Promise<boolean> {
    const { paths } = this.#options;
    const start = performance.now();
    const { stamp: replaced } = this.#state;
    const standing = statSync(paths.queue, { throwIfNoEntry: false });
    const draft = draftBeside(linkTarget(paths.queue));
    const source = { moment: this.#model.moment(), state: this.#state, textOf: this.#model.textOf.bind(this.#model) };
    const stamp = await writeView(draft, (standing?.mode ?? 0o644) & 0o777, source);
    const contended = Math.abs(Date.now() - this.#state.saved_at) < CONTENDED_MS;
    if (!replaceVersion(paths, draft, standing ? replaced : '', contended)) {
      rmSync(draft, { force: true });
      return false;
    }
    this.#publishedAt = Date.now();
    const publish_ms = performance.now() - start;
    const { unreadable: _gone, ...state } = this.#state;
    this.#keep({ ...state, stamp, shown: source.moment.revision, publish_ms });
    return true;
  }

  #keep(state: QueueState): void {
    this.#state = state;
    saveState(this.#options.paths, state);
  }

  #schedule(afterMs = MIN_GAP_MS): void {
    if (this.#closed || this.#timer) return;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      void this.#run(false);
    }, afterMs).unref();
  }

  #tellProblem(problem: QueueProblem, action: string): void {
    this.#tell('ERROR', action, problemLine(problem), { file: 'queue.json', ...problem });
  }

  #tellMoved({ file, moved_to, reason }: DocumentFinding): void {
    const detail = `${file} ${reason}; it was moved aside, and queue.json is read again`;
    this.#tell('ERROR', 'queue_state_unreadable', detail, { file, ...(moved_to && { moved_to }) });
  }

  #tell(action_type: Note['action_type'], action: string, detail: string, metadata: Record<string, unknown>): void {
    this.#options.note({ actor: QUEUE_FILE_ACTOR, action_type, action, detail, metadata });
  }
}

function findingsOf({ problems, unreadable }: QueueState): readonly QueueProblem[] {
  return unreadable ? [unreadable.problem, ...problems] : problems;
}

function merge(before: QueueState['problems'], more: readonly QueueProblem[]): QueueState['problems'] {
  const known = new Set(more.map(problemKey));
  return [...before.filter((problem) => !known.has(problemKey(problem))), ...more];
}

function includes(entries: readonly unknown[], entry: unknown): boolean {
  const text = JSON.stringify(entry);
  return entries.some((other) => JSON.stringify(other) === text);
}

function readQuietly(file: string): Uint8Array | undefined {
  try {
    return readFileSync(file);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
}

/** The next version lies beside the content, also of a link: only there can it take its place in one step. */
function draftBeside(target: string): string {
  const folder = dirname(target);
  if (!existsSync(folder)) {
    const fix = 'Make the folder, or replace the link by a file';
    throw new StorageError(`it is a link to ${target}, and there is no folder ${folder}. ${fix}`, { fix });
  }
  return join(folder, `.${basename(target)}.${process.pid}.tmp`);
}

function watchFile(paths: WorkspacePaths, look: () => void): () => void {
  let watcher: FSWatcher | undefined;
  const target = linkTarget(paths.queue);
  try {
    watcher = watchDirectory(dirname(target), { persistent: false }, (_event, name) => {
      if (name === null || name === basename(target)) look();
    });
    watcher.on('error', () => watcher?.close());
  } catch {
    // No watches left on this machine, or no folder: the poll is enough.
  }
  return () => watcher?.close();
}

function every(ms: number, work: () => void): () => void {
  const timer = setInterval(work, ms).unref();
  return () => clearInterval(timer);
}
