import { closeSync, existsSync, type FSWatcher, openSync, readFileSync, rmSync, watch as watchDirectory } from 'node:fs';
import { basename } from 'node:path';
import type { Clock, Switches, SwitchReason, SwitchState, WorkspacePaths } from '@vivarium/core';
import { z } from 'zod';
import { writeDocument } from '../documents/document.ts';

const POLL_MS = 1_000;

const Note = z.object({
  reason: z.string().catch(''),
  actor: z.string().catch(''),
  since: z.string().optional().catch(undefined),
});

export function switches(paths: WorkspacePaths, clock: Clock): Switches {
  const state = (): SwitchState => (existsSync(paths.halt) ? 'halted' : existsSync(paths.pause) ? 'paused' : 'running');
  const set = (file: string, by: { reason: string; actor: string }) =>
    throwSwitch(file, { ...by, since: clock.now().toISOString() });
  return {
    state,
    halt: (by) => set(paths.halt, by),
    pause: (by = { reason: '', actor: 'person' }) => set(paths.pause, by),
    async resume() {
      for (const file of [paths.pause, paths.halt]) rmSync(file, { force: true });
    },
    reason() {
      const current = state();
      if (current === 'running') return { state: current, reason: '', actor: '' };
      return { state: current, ...readNote(current === 'halted' ? paths.halt : paths.pause) };
    },
    watch: (listener) => watchState(paths, state, listener),
  };
}

/** The file must come to stand even when its text cannot be written (disk full): an empty one stops just as well. */
async function throwSwitch(file: string, note: z.infer<typeof Note>): Promise<void> {
  try {
    await writeDocument(file, note);
  } catch (error) {
    try {
      closeSync(openSync(file, 'a'));
    } catch {
      throw error;
    }
  }
}

/** A file made by hand may hold plain words: they are the reason. */
function readNote(file: string): Omit<SwitchReason, 'state'> {
  let text = '';
  try {
    text = readFileSync(file, 'utf8').trim();
    const note = Note.parse(JSON.parse(text));
    return { reason: note.reason, actor: note.actor, ...(note.since ? { since: note.since } : {}) };
  } catch {
    return { reason: text.slice(0, 2_000), actor: '' };
  }
}

function watchState(paths: WorkspacePaths, state: () => SwitchState, listener: (state: SwitchState) => void): () => void {
  let last = state();
  const look = () => {
    const current = state();
    if (current === last) return;
    last = current;
    listener(current);
  };
  const names = new Set([basename(paths.halt), basename(paths.pause)]);
  let watcher: FSWatcher | undefined;
  try {
    watcher = watchDirectory(paths.root, { persistent: false }, (_event, name) => {
      if (name === null || names.has(name)) look();
    });
    watcher.on('error', () => watcher?.close());
  } catch {
    // No watches left on this machine: the poll below is enough.
  }
  const poll = setInterval(look, POLL_MS).unref();
  return () => {
    clearInterval(poll);
    watcher?.close();
  };
}
