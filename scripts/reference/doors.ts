import { WORK_ENTRIES } from '../../packages/api/src/changes/work-offers.ts';
import { TOOLS } from '../../packages/api/src/residents/tools.ts';
import { entryOf } from '../../packages/worker/src/cli/command.ts';
import { ALL_COMMANDS } from '../../packages/worker/src/cli/commands/all.ts';
import { build } from '../../packages/worker/src/program.ts';

/** A way to something of the catalogue. */
export interface Door {
  readonly kind: 'command' | 'route' | 'tool';
  /** As people write it: `pnpm worker approve`, `POST /api/tasks/{id}/approve`, `post_message`. */
  readonly name: string;
  /** What it leads to; undefined when it names nothing of the catalogue. */
  readonly entry: string | undefined;
}

/** The panel's own description of itself, as far as it concerns doors. */
export interface Described {
  readonly paths: Readonly<Record<string, Readonly<Record<string, { readonly operationId?: string }>>>>;
}

/** Every command, every route of the panel and every tool of residents. */
export const doors = (panel: Described): readonly Door[] => [...commands(), ...routes(panel), ...tools(), ...ON_THE_WAY];

/** Done on the way through a door that is mainly for something else: a promise, a juror's word, the other kind of ballot. */
const ON_THE_WAY: readonly Door[] = [
  { kind: 'command', name: 'pnpm worker add', entry: 'create_quest' },
  { kind: 'command', name: 'pnpm worker guild vote', entry: 'vote_treasury' },
  { kind: 'tool', name: 'vote_gate', entry: 'judge' },
];

type Command = ReturnType<typeof build>;

function commands(): readonly Door[] {
  const leaves = (command: Command, words: readonly string[]): readonly Door[] =>
    command.commands.length > 0
      ? command.commands.flatMap((child) => leaves(child, [...words, child.name()]))
      : [{ kind: 'command', name: words.join(' '), entry: entryOf(command) }];
  return leaves(
    build(ALL_COMMANDS, () => undefined),
    ['pnpm worker'],
  );
}

const routes = ({ paths }: Described): readonly Door[] =>
  Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, { operationId: entry }]) => {
      const name = `${method.toUpperCase()} ${path}`;
      return { kind: 'route', name, entry } as const;
    }),
  );

/** Tools that hands-on work has beside those of the society. */
const workTools = [...WORK_ENTRIES].filter(([name]) => !TOOLS.has(name));

const tools = (): readonly Door[] => [
  ...[...TOOLS.keys()].map((name) => ({ kind: 'tool', name, entry: name }) as const),
  ...workTools.map(([name, entry]) => ({ kind: 'tool', name, entry }) as const),
];
