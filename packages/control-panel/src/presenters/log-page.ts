import { ActionEntry, InvalidInputError, TaskEvent } from '@vivarium/core';
import { linesBefore } from '../files/log-back.ts';
import type { LogLine, LogPage } from '../protocol/lines.ts';
import { namesIn } from '../world/names.ts';
import type { World } from '../world/world.ts';
import { lineOf, lineOfAction } from './lines.ts';

export interface LogQuery {
  readonly source: 'all' | 'task' | 'action';
  readonly text: string;
  readonly before?: string | undefined;
  readonly limit: number;
}

type Name = 'task' | 'action';
interface Source {
  readonly name: Name;
  readonly lines: readonly { readonly position: number; readonly line: LogLine }[];
  readonly next: number | undefined;
}

/** Older lines of the execution log and the activity log, merged by time, newest first. */
export async function logPage(world: Pick<World, 'paths' | 'society'>, query: LogQuery): Promise<LogPage> {
  const from = placesOf(query.before);
  const names: readonly Name[] = query.source === 'all' ? ['task', 'action'] : [query.source];
  const sources = await Promise.all(
    names.filter((name) => from[name] !== 'end').map((name) => read(world, name, from[name], query)),
  );
  const all = sources.flatMap(({ name, lines }) => lines.map((each) => ({ name, ...each })));
  all.sort((a, b) => b.line.at.localeCompare(a.line.at));
  // Nothing older than where a source stopped reading may be shown yet: that source may have something newer.
  const floor = sources.reduce((high, { lines, next }) => {
    const last = lines.at(-1)?.line.at ?? '';
    return next !== undefined && last > high ? last : high;
  }, '');
  const shown = all.filter(({ line }) => line.at >= floor).slice(0, query.limit);
  return { success: true, lines: shown.map(({ line }) => line), next: nextOf(sources, shown, from) };
}

type Places = Readonly<Record<Name, number | 'end'>>;

async function read(world: Pick<World, 'paths' | 'society'>, name: Name, from: number | 'end', query: LogQuery): Promise<Source> {
  const { paths } = world;
  const nameOf = namesIn(world);
  const before = from === 'end' ? 0 : from;
  const needle = query.text.toLowerCase();
  const file = name === 'task' ? paths.executionLog : paths.actionLog;
  const { lines, next } = await linesBefore(file, before, needle === '' ? query.limit : 5000, needle === '' ? 1 << 20 : 2 << 20);
  const found = lines.flatMap(({ position, value }) => {
    const line = name === 'task' ? taskLine(value) : actionLine(value, nameOf);
    return line && matches(line, needle) ? [{ position, line }] : [];
  });
  return { name, lines: found, next };
}

function taskLine(value: unknown): LogLine | undefined {
  const event = TaskEvent.safeParse(value);
  return event.success ? lineOf(event.data) : undefined;
}

function actionLine(value: unknown, nameOf: (id: string) => string): LogLine | undefined {
  const entry = ActionEntry.safeParse(value);
  return entry.success ? lineOfAction(entry.data, nameOf) : undefined;
}

function matches({ kind, actor, task_id, text }: LogLine, needle: string): boolean {
  return needle === '' || `${kind} ${actor} ${task_id ?? ''} ${text}`.toLowerCase().includes(needle);
}

/** Each source goes on before its oldest line that was shown; one of which nothing is left goes on no more. */
function nextOf(
  sources: readonly Source[],
  shown: readonly { readonly name: Name; readonly position: number }[],
  from: Places,
): string | null {
  const places: Record<Name, number | 'end'> = { task: 'end', action: 'end' };
  for (const { name, lines, next } of sources) {
    const mine = shown.filter((each) => each.name === name);
    const all = mine.length === lines.length;
    places[name] = all ? (next ?? 'end') : (mine.at(-1)?.position ?? from[name]);
  }
  if (places.task === 'end' && places.action === 'end') return null;
  return `${places.task}.${places.action}`;
}

function placesOf(cursor: string | undefined): Places {
  if (cursor === undefined) return { task: Number.MAX_SAFE_INTEGER, action: Number.MAX_SAFE_INTEGER };
  const found = /^(\d{1,16}|end)\.(\d{1,16}|end)$/.exec(cursor);
  if (!found) throw new InvalidInputError('The query', [{ field: 'before', message: "use a former page's next" }]);
  const place = (word: string | undefined) => (word === undefined || word === 'end' ? 'end' : Number(word));
  return { task: place(found[1]), action: place(found[2]) };
}
