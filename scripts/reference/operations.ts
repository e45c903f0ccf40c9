import { CAPABILITIES, ENTRIES } from '@vivarium/core';
import { type Described, type Door, doors } from './doors.ts';
import { code, page, table } from './markdown.ts';

/** Everything of the catalogue: what changes something, then what only shows it. */
export function operationsPage(panel: Described): string {
  const all = doors(panel);
  const rows = (isQuery: boolean) =>
    [...ENTRIES].filter(([, { kind }]) => (kind === 'query') === isQuery).map(([name, entry]) => rowOf(name, entry, all));
  const head = ['Name', 'What it does', 'Who', 'LAN', 'Reach', 'Doors'];
  return page(
    'Operations',
    '`packages/core/src/operations/catalogue`',
    'What can be asked and done here, each once for every door: a command, a route of the panel, a tool of residents (the name in italics). *Who* may do it at this machine; *LAN* says what somebody on the network needs for it, `never` that it can be done at this machine alone. *Public* is what others in this world see.',
    '## Operations',
    'They change something. What has no door is done by the runtime on its own.',
    table(head, rows(false)),
    '## Queries',
    'They change nothing.',
    table(head, rows(true)),
    '## Capabilities',
    'From the network one can ask, judge and stop; only at the machine can one widen.',
    table(
      ['Capability', 'Least role', 'Scope', 'Meaning'],
      Object.entries(CAPABILITIES).map(([name, { role, scope, means }]) => [code(name), role, code(scope), `${means}.`]),
    ),
  );
}

function rowOf(
  name: string,
  entry: { title: string; who: readonly string[]; lan: string; reach: string },
  all: readonly Door[],
): string[] {
  const { title, who, lan, reach } = entry;
  const own = all.filter((door) => door.entry === name);
  const shown = own.map(({ kind, name: door }) => (kind === 'tool' ? `*${door}*` : code(door.replace(/^pnpm worker /, ''))));
  return [code(name), `${title}.`, who.join(', '), lan, reach, shown.join(' · ')];
}
