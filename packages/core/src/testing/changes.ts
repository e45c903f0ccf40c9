import type { ChangedFile, FileSide } from '../domain/changes/entries.ts';
import type { ChangeEvent } from '../domain/changes/events.ts';
import type { NewChangeEvent } from '../stores/changes/change-store.ts';

type Of<Name extends ChangeEvent['event']> = Omit<Extract<ChangeEvent, { event: Name }>, 'at'>;

/** A git object id, or with 64 digits a SHA-256, that a word stands for. */
export const oid = (word: string, digits = 40): string =>
  [...word]
    .map((char) => char.charCodeAt(0).toString(16).padStart(2, '0'))
    .join('')
    .padEnd(digits, '0')
    .slice(0, digits);
export const sha = (word: string): string => oid(word, 64);

const side = (bytes: string): FileSide => ({ mode: '100644', oid: oid(bytes), sha256: sha(bytes), bytes: bytes.length });

/** A changed file; without `before` it was added, without `after` deleted. */
export function aChangedFile(
  path: string,
  ends: { before?: string; after?: string },
  more: Partial<ChangedFile> = {},
): ChangedFile {
  const { before, after } = ends;
  return {
    ...{ path, tier: 'C', test: false, binary: false, added: 1, removed: before === undefined ? 0 : 1 },
    ...(before === undefined ? {} : { before: side(before) }),
    ...(after === undefined ? {} : { after: side(after) }),
    ...more,
  };
}

/** The events of one change's life, each as it is told when nothing odd happens. The project `invoice` stands at commit `c0`. */
export function aChangesLife(change_id = 'chg_0000000001', task_id = 'mend', attempt = 1) {
  const runtime = { actor: 'runtime', change_id } as const;
  const patch = (
    tree: string,
    entries = 'e1',
  ): Pick<Of<'change_moved'>, 'tree' | 'entries_sha256' | 'code_sha256' | 'files' | 'tier'> => ({
    ...{ tree: oid(tree), entries_sha256: sha(entries), code_sha256: sha('code'), tier: 'C' },
    files: [aChangedFile('src/sum.js', { before: 'old', after: entries })],
  });
  const project = 'invoice';
  return {
    seen: (commit = 'c0', policy = 'p0'): Of<'project_seen'> => ({
      ...{ event: 'project_seen', actor: 'runtime', project, config_sha256: sha(policy), branch: 'main', commit: oid(commit) },
    }),
    opened: (): Of<'change_opened'> => ({
      ...{ ...runtime, event: 'change_opened', task_id, attempt, project, executor: 'built-in', author_id: 'ada' },
      ...{ base_commit: oid('c0'), base_tree: oid('t0'), policy_sha256: sha('p0') },
    }),
    saved: (step: number): Of<'work_saved'> => ({ ...runtime, event: 'work_saved', step, tree: oid(`s${step}`) }),
    handedIn: (): Of<'change_handed_in'> => ({
      ...{ ...runtime, ...patch('t1'), event: 'change_handed_in', title: 'Mend the sum', summary: 'It adds.', kind: 'fix' },
      ...{ removed_tests: [], origins: [] },
    }),
    testsAdded: (): Of<'tests_added'> => ({
      ...{ ...runtime, ...patch('t2', 'e2'), event: 'tests_added', by: 'ben' },
    }),
    moved: (commit = 'c1', entries = 'e1'): Of<'change_moved'> => ({
      ...{
        ...runtime,
        ...patch(`m${commit}`, entries),
        event: 'change_moved',
        base_commit: oid(commit),
        base_tree: oid(`t${commit}`),
      },
    }),
    checked: (rule = 'tests.kept', passed = true): Of<'check_recorded'> => ({
      ...{ ...runtime, event: 'check_recorded', rule, suite: 'unit', tree: oid('t1'), passed, decisive: false, detail: '3 of 3' },
    }),
    behind: (): Of<'change_behind'> => ({ ...runtime, event: 'change_behind', because: 'chg_0000000002 landed' }),
    ended: (state: 'rejected' | 'abandoned' = 'rejected'): Of<'change_ended'> => ({
      ...{ ...runtime, event: 'change_ended', state, because: 'not wanted' },
    }),
    approved: (approval_id = 'apr_1'): Of<'approval_given'> => ({
      ...{ event: 'approval_given', actor: 'human', change_id, approval_id, project, attempt, by: 'human', mode: 'same_files' },
      ...{ entries_sha256: sha('e1'), base_tree: oid('t0'), tree: oid('t1'), policy_sha256: sha('p0'), tier: 'C' },
      expires_at: '2026-01-07T00:00:00.000Z',
    }),
    withdrawn: (approval_id = 'apr_1'): Of<'approval_void'> => ({
      ...{ event: 'approval_void', actor: 'human', approval_id, because: 'withdrawn' },
    }),
    checkpoint: (checkpoint_id = 'cp_1'): Of<'checkpoint_taken'> => ({
      ...{ event: 'checkpoint_taken', actor: 'runtime', checkpoint_id, automatic: true, versions: {}, positions: {} },
      trees: [{ project, commit: oid('c0'), tree: oid('t0') }],
    }),
    landing: (landing_id = 'land_1', more: Partial<Of<'landing_started'>> = {}): Of<'landing_started'> => ({
      ...{ event: 'landing_started', actor: 'runtime', landing_id, project, approval_id: 'apr_1', change_id, by: 'w1', epoch: 1 },
      ...{ from_commit: oid('c0'), to_commit: oid('c1'), to_tree: oid('t1'), checkpoint_id: 'cp_1', paths: ['src/sum.js'] },
      ...more,
    }),
    taken: (landing_id = 'land_1', by = 'w2', epoch = 2): Of<'landing_taken'> => ({
      ...{ event: 'landing_taken', actor: 'runtime', landing_id, by, epoch },
    }),
    landed: (landing_id = 'land_1', more: Partial<Of<'landing_finished'>> = {}): Of<'landing_finished'> => ({
      ...{ event: 'landing_finished', actor: 'runtime', landing_id, by: 'w1', epoch: 1, ok: true },
      ...more,
    }),
    retried: (): Of<'landing_retried'> => ({ event: 'landing_retried', actor: 'human', change_id }),
  } satisfies Record<string, (...args: never[]) => NewChangeEvent>;
}
