import type { Backend } from '../../ports/backend.ts';
import { type Clock, systemClock } from '../../ports/clock.ts';
import type { LineWriter } from '../../ports/lines.ts';
import type { SkillLibrary } from '../../ports/skill-library.ts';
import { memoryArtifacts } from './memory-artifacts.ts';
import { memoryDocuments } from './memory-documents.ts';
import { emptyBytes, type MemoryBytes, memoryLog } from './memory-log.ts';
import { memoryPresence } from './memory-presence.ts';
import { memorySwitches } from './memory-switches.ts';

/** A world that lives and dies with the process. Each call is a world of its own; its logs may be opened any number of times. */
export function memoryBackend(clock: Clock = systemClock): Backend {
  const logs = new Map<string, MemoryBytes>();
  const lines = new Map<string, string[]>();
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
    documents: memoryDocuments(),
    artifacts: memoryArtifacts(),
    presence: memoryPresence(clock),
    switches: memorySwitches(clock),
    clock,
    close: async () => undefined,
  };
}

function memoryLines(kept: string[]): LineWriter {
  return {
    write: (line) => void kept.push(line),
    flush: () => true,
    dropped: 0,
    tail: (bytes) =>
      Buffer.from(kept.map((line) => `${line}\n`).join(''))
        .subarray(-bytes)
        .toString('utf8'),
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
