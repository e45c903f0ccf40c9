import { z } from 'zod';
import type { Backend } from '../../ports/backend.ts';
import type { SharedLog } from '../../ports/shared-log.ts';

/** One line of a room, the person's mailbox or a diary. */
const Line = z.looseObject({ id: z.string(), timestamp: z.string().default('') });
export type Line = z.infer<typeof Line>;

/** A line as its author wrote it, without what the log itself puts into it. */
function lineOf(value: unknown): Line {
  const { rec: _, part: __, sum: ___, ...line } = Line.parse(value);
  return line;
}

export interface Page {
  /** Oldest first. */
  readonly lines: readonly Line[];
  /** Give it as `before` to read on; absent when nothing older is there. */
  readonly next?: number;
}

interface OpenLog {
  readonly log: SharedLog<Line>;
  readonly ids: Set<string>;
  /** Ids of lines that are being written. */
  readonly coming: Set<string>;
  readonly positions: number[];
  /** The newest lines, which are asked for again and again. */
  readonly newest: Line[];
}

const KEPT_LINES = 64;

/** The logs of lines in `.swarm`, by name. A line's id makes it appear once, whoever writes it how often. */
export class LineLogs {
  readonly #backend: Pick<Backend, 'log' | 'hasLog' | 'logNames'>;
  readonly #open = new Map<string, Promise<OpenLog>>();

  constructor(backend: Pick<Backend, 'log' | 'hasLog' | 'logNames'>) {
    this.#backend = backend;
  }

  /** Returns false when a line with this id stands there or is on its way. */
  async append(name: string, line: Line, durable = false): Promise<boolean> {
    const { log, ids, coming } = await this.#get(name);
    log.refresh();
    if (ids.has(line.id) || coming.has(line.id)) return false;
    coming.add(line.id);
    await log.append([line], { durable }).finally(() => coming.delete(line.id));
    return true;
  }

  async page(name: string, limit = 50, before?: number): Promise<Page> {
    if (!(await this.#exists(name))) return { lines: [] };
    const { log, positions, newest } = await this.#get(name);
    log.refresh();
    const end = Math.min(before ?? positions.length, positions.length);
    const start = Math.max(0, end - Math.max(1, limit));
    const kept = positions.length - newest.length;
    const lines = start >= kept ? newest.slice(start - kept, end - kept) : log.read(positions.slice(start, end));
    return { lines, ...(start > 0 ? { next: start } : {}) };
  }

  async count(name: string): Promise<number> {
    return (await this.#exists(name)) ? (await this.#get(name)).positions.length : 0;
  }

  /** The lines with these ids, in the order of the log. */
  async find(name: string, wanted: (line: Line) => boolean): Promise<readonly Line[]> {
    if (!(await this.#exists(name))) return [];
    const { log, positions } = await this.#get(name);
    log.refresh();
    return log.read(positions).filter(wanted);
  }

  /** Names of the logs that exist under a subfolder. */
  names(sub: string): Promise<readonly string[]> {
    return this.#backend.logNames(`.swarm/${sub}`);
  }

  async close(): Promise<void> {
    for (const opening of this.#open.values()) await opening.then(({ log }) => log.close()).catch(() => undefined);
    this.#open.clear();
  }

  async #exists(name: string): Promise<boolean> {
    return this.#open.has(name) || (await this.#backend.hasLog(logOf(name)));
  }

  #get(name: string): Promise<OpenLog> {
    const known = this.#open.get(name);
    if (known) return known;
    const opening = this.#openLog(name);
    this.#open.set(name, opening);
    opening.catch(() => this.#open.delete(name));
    return opening;
  }

  async #openLog(name: string): Promise<OpenLog> {
    const ids = new Set<string>();
    const positions: number[] = [];
    const newest: Line[] = [];
    const log = await this.#backend.log<Line>(logOf(name), {
      parse: lineOf,
      onRecord: ({ value, position }) => {
        if (ids.has(value.id)) return;
        ids.add(value.id);
        positions.push(position);
        if (newest.push(value) > KEPT_LINES) newest.shift();
      },
    });
    return { log, ids, coming: new Set(), positions, newest };
  }
}

const logOf = (name: string): string => `.swarm/${name}`;
