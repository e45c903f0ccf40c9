import { readJson } from '../../domain/text/index.ts';
import { fieldProblemLines, fieldProblemsOf } from '../../errors/index.ts';
import type { Documents } from '../../ports/documents.ts';

/** Documents that live and die with the process, as JSON text, so that nobody shares an object with another. */
export function memoryDocuments(): Documents {
  const texts = new Map<string, string>();
  const watchers = new Map<string, Set<() => void>>();
  const turns = new Map<string, Promise<unknown>>();
  const changes = new Map<string, number>();

  const folderOf = (name: string) => name.slice(0, Math.max(0, name.lastIndexOf('/')));
  const put = (name: string, text: string) => {
    texts.set(name, text);
    changed(name);
  };
  const changed = (name: string) => {
    const folder = folderOf(name);
    for (const place of [name, folder]) changes.set(place, (changes.get(place) ?? 0) + 1);
    const told = watchers.get(folder);
    for (const watcher of told ?? []) queueMicrotask(() => told?.has(watcher) && watcher());
  };
  const exclusive: Documents['exclusive'] = (name, work) => {
    const turn = (turns.get(name) ?? Promise.resolve()).then(() => work({ check: () => undefined }));
    turns.set(
      name,
      turn.catch(() => undefined),
    );
    return turn;
  };
  const get: Documents['get'] = async (name, schema, onFinding) => {
    const text = texts.get(name);
    if (text === undefined) return undefined;
    const json = readJson(text);
    const read = json.ok ? schema.safeParse(json.value) : undefined;
    if (read?.success) return read.data;
    texts.delete(name);
    changed(name);
    const reason = read ? fieldProblemLines(fieldProblemsOf(read.error, { at: 'document' })) : 'is not valid JSON';
    onFinding?.({ file: name, reason });
    return undefined;
  };

  return {
    get,
    put: async (name, value) => put(name, JSON.stringify(value)),
    async place(name, value) {
      if (texts.has(name)) return false;
      put(name, JSON.stringify(value));
      return true;
    },
    putText: async (name, text) => put(name, text),
    update: (name, schema, change, onFinding) =>
      exclusive(name, async () => {
        const current = await get(name, schema, onFinding);
        const next = await change(current);
        if (next === undefined) return current;
        put(name, JSON.stringify(next));
        return next;
      }),
    list: async (folder) =>
      [...texts.keys()]
        .filter((name) => folderOf(name) === folder && name.endsWith('.json'))
        .map((name) => name.slice(folder.length + 1))
        .sort(),
    stamp: (name) => String(changes.get(name) ?? ''),
    watch(folder, onChange) {
      const all = watchers.get(folder) ?? new Set();
      watchers.set(folder, all.add(onChange));
      return () => all.delete(onChange);
    },
    exclusive,
  };
}
