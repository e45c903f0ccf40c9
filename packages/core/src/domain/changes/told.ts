import type { ChangeRecord } from './state.ts';
import { shownFiles } from './view.ts';

/**
 * A change as somebody reads it who judges it: what it says of itself, its files with their tiers, what the runtime saw, and
 * the patch, cut to `room` characters. Never who made it, with what, or what it cost.
 */
export function toldChange(change: ChangeRecord, patch: string, room: number): string {
  const { title, summary, kind, files, checks, tree } = change;
  const about = [
    `${kind}: ${title}`,
    summary,
    ...(files.length === 0 ? ['It changes nothing.'] : ['Files:']),
    ...shownFiles(files).map((file) => {
      const path = file.from === undefined ? file.path : `${file.from} -> ${file.path}`;
      return `- ${path} (${file.change}, tier ${file.tier}, +${file.added} -${file.removed})`;
    }),
    ...changedTests(change),
    'What the runtime saw:',
    ...checks
      .filter((check) => check.tree === tree)
      .map(
        ({ rule, suite, passed, detail }) => `- ${rule}${suite ? ` (${suite})` : ''}: ${passed ? 'passed' : 'FAILED'}: ${detail}`,
      ),
    'Patch:',
  ].join('\n');
  const kept = about.slice(0, Math.ceil(room / 2));
  const left = Math.max(0, room - kept.length);
  return patch.length <= left
    ? `${kept}\n${patch}`
    : `${kept}\n${patch.slice(0, left)}\n[the patch is cut: ${patch.length - left} more characters]`;
}

function changedTests({ removed_tests, qa }: ChangeRecord): string[] {
  return [
    ...removed_tests.map(({ name, because }) => `It removes the test ${name}: ${because}`),
    ...(qa ? [`Tests by another resident: ${qa.paths.join(', ')}`] : []),
  ];
}
