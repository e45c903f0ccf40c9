import { voidOf } from './approvals.ts';
import type { Draft } from './draft.ts';
import type { ChangedFile } from './entries.ts';
import type { ChangeEvent } from './events.ts';
import type { ChangeRecord } from './state.ts';

type Of<Name extends ChangeEvent['event']> = Extract<ChangeEvent, { event: Name }>;

type OfOne = Of<
  | 'change_opened'
  | 'work_saved'
  | 'change_handed_in'
  | 'tests_added'
  | 'change_moved'
  | 'check_recorded'
  | 'change_behind'
  | 'change_ended'
  | 'landing_retried'
>;

/** What happens to one attempt's change, landing and approval apart. */
export function applyChange(draft: Draft, event: OfOne): void {
  const { change_id, at } = event;
  switch (event.event) {
    case 'change_opened':
      open(draft, event);
      break;
    case 'work_saved':
      draft.change(change_id, at, () => ({ step: event.step, tree: event.tree }));
      break;
    case 'change_handed_in':
      handIn(draft, event);
      break;
    case 'tests_added':
      addTests(draft, event);
      break;
    case 'change_moved':
      move(draft, event);
      break;
    case 'check_recorded':
      check(draft, event);
      break;
    case 'change_behind':
      draft.change(change_id, at, () => ({ behind: event.because }));
      voidOf(draft, change_id, at, 'the branch went on', ({ mode }) => mode === 'exact');
      break;
    case 'change_ended':
      end(draft, change_id, at, event.state, event.because);
      break;
    case 'landing_retried':
      draft.change(change_id, at, () => ({ held: undefined }));
  }
}

/** Another attempt puts an end to what an earlier one left. */
function open(draft: Draft, event: Of<'change_opened'>): void {
  const { state } = draft;
  const { change_id, task_id, attempt, at, author_id } = event;
  const earlier = state.byTask.get(task_id) ?? [];
  for (const id of earlier) {
    const phase = state.changes.get(id)?.phase;
    if (phase === 'working' || phase === 'handed_in') end(draft, id, at, 'abandoned', `attempt ${attempt} of its task began`);
  }
  const { project, executor, base_commit, base_tree, policy_sha256 } = event;
  draft.touched.add(change_id);
  draft.put(state.byTask, task_id, [...earlier, change_id]);
  draft.put(state.changes, change_id, {
    ...{ change_id, task_id, attempt, project, executor, base_commit, base_tree, policy_sha256 },
    ...(author_id === undefined ? {} : { author_id }),
    ...{ phase: 'working', tree: base_tree, step: 0, title: '', summary: '', kind: 'fix', tier: 'D' },
    ...{ entries_sha256: '', code_sha256: '', files: [], removed_tests: [], origins: [], checks: [], reasons: [] },
    ...{ opened_at: at, updated_at: at },
  });
}

const patchOf = ({
  tree,
  entries_sha256,
  code_sha256,
  files,
  tier,
}: Pick<ChangeRecord, 'tree' | 'entries_sha256' | 'code_sha256' | 'files' | 'tier'>) => ({
  ...{ tree, entries_sha256, code_sha256, files, tier },
});

function handIn(draft: Draft, event: Of<'change_handed_in'>): void {
  const { title, summary, kind, removed_tests, prediction, origins } = event;
  draft.change(event.change_id, event.at, () => ({
    ...patchOf(event),
    ...{ phase: 'handed_in', title, summary, kind, removed_tests, origins },
    ...(prediction === undefined ? {} : { prediction }),
  }));
}

/** What QA brings joins the change: other entries, the same code. */
function addTests(draft: Draft, event: Of<'tests_added'>): void {
  const { change_id, at, by } = event;
  draft.change(change_id, at, ({ files, qa }) => {
    const before = new Map(files.map((file) => [file.path, file.after?.sha256]));
    const brought = event.files
      .filter(({ path, after }) => before.get(path) !== after?.sha256)
      .map(({ path }: ChangedFile) => path);
    return { ...patchOf(event), qa: { by, paths: [...new Set([...(qa?.paths ?? []), ...brought])].sort() } };
  });
  stale(draft, event, 'tests were added to it');
}

/** Whatever was decided on a change holds as long as its entries do; under `exact` also its base. */
function move(draft: Draft, event: Of<'change_moved'>): void {
  const { change_id, at, base_commit, base_tree } = event;
  draft.change(change_id, at, () => ({ ...patchOf(event), base_commit, base_tree, behind: undefined, held: undefined }));
  stale(draft, event, 'on the branch as it is, its files come out differently');
  voidOf(draft, change_id, at, 'the branch went on', (given) => given.mode === 'exact' && given.base_tree !== base_tree);
}

const stale = (draft: Draft, { change_id, at, entries_sha256 }: Of<'tests_added' | 'change_moved'>, because: string) =>
  voidOf(draft, change_id, at, because, (given) => given.entries_sha256 !== entries_sha256);

function check(draft: Draft, { event: _, actor: __, at, change_id, ...made }: Of<'check_recorded'>): void {
  draft.change(change_id, at, ({ checks }) => ({
    checks: [...checks.filter(({ rule, suite, tree }) => rule !== made.rule || suite !== made.suite || tree !== made.tree), made],
  }));
}

function end(draft: Draft, id: string, at: string, phase: 'rejected' | 'abandoned', because: string): void {
  voidOf(draft, id, at, `the change was ${phase}`, () => true);
  draft.change(id, at, ({ reasons }) => ({ phase, reasons: [...reasons, because], behind: undefined, held: undefined }));
}
