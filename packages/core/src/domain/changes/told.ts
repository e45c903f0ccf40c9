import type { ChangeRecord } from './state.ts';
import { shownFiles } from './view.ts';

/** At most this share of the room is for what the author says, and this for what the runtime says. */
const AUTHORS_SHARE = 1 / 6;
const FACTS_SHARE = 1 / 3;

/**
 * A change as somebody reads it who judges it: its files with their tiers, what the runtime saw, what its author says of it,
 * and the patch, cut to `room` characters. Never who made it, with what, or what it cost. Every line of the author's own begins
 * with a mark, so that none can pass for the runtime's, and none can push the runtime's out.
 */
export function toldChange(change: ChangeRecord, patch: string, room: number): string {
  const { title, summary, kind, removed_tests } = change;
  const said = [
    `${kind}: ${title}`,
    ...removed_tests.map(({ name, because }) => `It removes the test ${name}: ${because}`),
    summary,
  ];
  const kept = [
    cut(factsOf(change).join('\n'), room * FACTS_SHARE),
    'Its author says:',
    quoted(cut(said.join('\n'), room * AUTHORS_SHARE)),
    'Patch:',
  ].join('\n');
  const left = Math.max(0, room - kept.length);
  return patch.length <= left
    ? `${kept}\n${patch}`
    : `${kept}\n${patch.slice(0, left)}\n[the patch is cut: ${patch.length - left} more characters]`;
}

function factsOf({ files, checks, tree, removed_tests, qa }: ChangeRecord): string[] {
  return [
    'What the runtime saw:',
    ...checks
      .filter((check) => check.tree === tree)
      .map(
        ({ rule, suite, passed, detail }) => `- ${rule}${suite ? ` (${suite})` : ''}: ${passed ? 'passed' : 'FAILED'}: ${detail}`,
      ),
    ...(removed_tests.length > 0 ? [`- tests that it takes away: ${removed_tests.length}`] : []),
    ...(qa ? [`- tests by another resident: ${qa.paths.join(', ')}`] : []),
    ...(files.length === 0 ? ['It changes nothing.'] : ['Files:']),
    ...shownFiles(files).map((file) => {
      const path = file.from === undefined ? file.path : `${file.from} -> ${file.path}`;
      return `- ${path} (${file.change}, tier ${file.tier}, +${file.added} -${file.removed})`;
    }),
  ];
}

/** Every kind of line end that a reader may take for one. */
const quoted = (text: string): string =>
  text
    .split(/\r\n|[\n\r\v\f\u0085\u2028\u2029]/)
    .map((line) => `> ${line}`)
    .join('\n');

function cut(text: string, most: number): string {
  const room = Math.floor(most);
  return text.length <= room ? text : `${text.slice(0, room)} [${text.length - room} more characters]`;
}
