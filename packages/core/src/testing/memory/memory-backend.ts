import type { Backend } from '../../ports/backend.ts';
import { type Clock, systemClock } from '../../ports/clock.ts';
import type { LineWriter } from '../../ports/lines.ts';
import type { SkillLibrary } from '../../ports/skill-library.ts';
import { emptyBytes, memoryLog } from './memory-log.ts';
import { type MemoryPlace, memoryPlace } from './memory-place.ts';
import { memoryPresence } from './memory-presence.ts';
import { memorySwitches } from './memory-switches.ts';

/** A world that lives and dies with the process: one of its own, or another opening of the one at `place`. */
export function memoryBackend(clock: Clock = systemClock, place: MemoryPlace = memoryPlace()): Backend {
  const { logs, lines, documents, artifacts } = place;
  return {
    async log(name, options) {
      const bytes = logs.get(name) ?? emptyBytes();
      logs.set(name, bytes);
      return memoryLog(bytes, options);
    },
    hasLog: async (name) => logs.has(name),
    logNames: async (folder) => {
      const inside = [...logs.keys()]
        .filter((name) => name.startsWith(`${folder}/`))
        .map((name) => name.slice(folder.length + 1));
      return inside.filter((name) => !name.includes('/')).sort();
    },
    lines: (name) => {
      const kept = lines.get(name) ?? [];
      lines.set(name, kept);
      return memoryLines(kept);
    },
    skills: () => noSkills,
    documents,
    artifacts,
    presence: memoryPresence(clock, place.beats),
    switches: memorySwitches(clock, place.switches),
    clock,
    close: async () => undefined,
  };
}

function memoryLines(kept: string[]): LineWriter {
  return {
    write: (line) => void kept.push(line),
    flush: () => true,
    dropped: 0,
    tail: (bytes) => {
      const all = Buffer.from(kept.map((line) => `${line}\n`).join(''));
      return all.toString('utf8', Math.max(0, all.length - bytes));
    },
    close: () => undefined,
  };
}

const refuse = (): never => {
  throw new TypeError('a world in memory has no skills');
};
const noSkills: SkillLibrary = {
  scan: () => ({ skills: new Map(), findings: [] }),
  check: refuse,
  copy: refuse,
  write: refuse,
  watch: () => () => undefined,
};
