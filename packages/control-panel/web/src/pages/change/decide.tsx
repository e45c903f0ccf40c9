import { TriangleAlert } from 'lucide-react';
import { useState } from 'react';
import type { ChangeDetail, ChangeFile } from '../../../../src/protocol/changes.ts';
import { Dialog } from '../../parts/dialog.tsx';
import { TextArea } from '../../parts/fields.tsx';
import { Form } from '../../parts/form.tsx';
import { When } from '../../parts/small.tsx';
import { Refused } from '../../state/api.ts';
import { changesApi } from '../../state/changes-api.ts';
import { useDraft } from '../../state/draft.ts';
import { legible } from '../../state/legible.ts';
import { attempt, tell } from '../../state/notices.ts';
import { movedSince, type Shown } from './moved.ts';

/** States in which a person's yes or no has nothing to bind to, or comes too late. */
const ENDED: ReadonlySet<ChangeDetail['state']> = new Set(['landing', 'landed', 'rejected', 'abandoned']);
const MOVED = 409;

/** Files that have to be ticked before a yes can be given. */
export const toBeSeen = (files: readonly ChangeFile[], seen: ReadonlySet<string>): readonly ChangeFile[] =>
  files.filter(({ tier, path }) => tier === 'B' && !seen.has(path));

export interface Deciding {
  readonly detail: ChangeDetail;
  /** What the person looked at; another than `detail` when that moved meanwhile. */
  readonly shown: Shown;
  readonly unseen: readonly ChangeFile[];
  readonly again: () => void;
}

export const canApprove = ({ detail, shown, unseen }: Omit<Deciding, 'again'>): boolean =>
  isOpen(detail) && detail.approval === undefined && unseen.length === 0 && movedSince(shown, detail).length === 0;

const isOpen = ({ state, entries_sha256, tier }: ChangeDetail): boolean =>
  !ENDED.has(state) && entries_sha256 !== '' && tier !== 'A';

/** Say yes to exactly what was shown. Resolves to the server's no when that is not what stands there any more. */
export async function approve({ detail, shown, again }: Deciding): Promise<Refused | undefined> {
  const { entries_sha256, tree } = shown;
  try {
    await changesApi.approve(detail.change_id, { entries_sha256, tree });
    tell('done', `Approved ${entries_sha256.slice(0, 16)}`);
    return undefined;
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    tell('refused', error.message, error.fix);
    return error.status === MOVED ? error : undefined;
  } finally {
    again();
  }
}

interface Props extends Deciding {
  readonly refused: Refused | undefined;
  readonly onApprove: () => void;
  readonly onLook: () => void;
}

/** The person's word about a change: yes to these bytes, or no with a reason. */
export function Decide({ detail, shown, unseen, again, refused, onApprove, onLook }: Props) {
  const [rejecting, setRejecting] = useState(false);
  const moved = movedSince(shown, detail);
  const alive = canApprove({ detail, shown, unseen });
  const open = isOpen(detail);
  return (
    <div className="flex flex-col gap-3">
      <Moved words={moved} refused={refused} onLook={onLook} />
      <Standing detail={detail} again={again} />
      {open && detail.approval === undefined ? (
        <>
          <button
            type="button"
            className="btn btn-go min-h-9 flex-wrap"
            disabled={!alive}
            aria-describedby="why-dead"
            onClick={onApprove}
          >
            Approve <code className="font-mono text-[12px]">{shown.entries_sha256.slice(0, 16)}</code>
          </button>
          <p id="why-dead" className="text-[12px] text-dim empty:hidden">
            {unseen.length > 0
              ? `First look at, and tick: ${unseen
                  .slice(0, 5)
                  .map(({ path }) => legible(path))
                  .join(', ')}${unseen.length > 5 ? ` and ${unseen.length - 5} more` : ''}`
              : ''}
            {detail.state === 'ready_for_merge' || unseen.length > 0
              ? ''
              : 'A yes holds until these bytes are ready; it lands then.'}
          </p>
        </>
      ) : null}
      {open ? (
        <button type="button" className="btn btn-bad self-start" onClick={() => setRejecting(true)}>
          {detail.approval ? 'Withdraw the yes' : 'Reject'}
        </button>
      ) : null}
      <Dialog
        open={rejecting}
        onOpenChange={setRejecting}
        title={detail.approval ? 'Withdraw your yes?' : `Reject “${detail.title}”?`}
        description="The reason is kept with the change, and the next attempt reads it."
      >
        <RejectForm
          id={detail.change_id}
          withdraws={detail.approval !== undefined}
          onDone={() => setRejecting(false)}
          again={again}
        />
      </Dialog>
    </div>
  );
}

function Moved({ words, refused, onLook }: { words: readonly string[]; refused: Refused | undefined; onLook: () => void }) {
  if (words.length === 0 && !refused) return null;
  return (
    <div role="alert" className="flex flex-col gap-2 rounded-lg border border-warn bg-warn/10 p-3">
      <p className="flex items-center gap-2 font-medium text-warn">
        <TriangleAlert aria-hidden className="size-4" />
        It moved while you looked
      </p>
      {refused ? <p className="break-words">{refused.message}</p> : null}
      <ul className="list-disc pl-5 text-[12.5px]">
        {words.map((word) => (
          <li key={word} className="break-words">
            {legible(word)}
          </li>
        ))}
      </ul>
      <button type="button" className="btn self-start" onClick={onLook}>
        Look at it as it is
      </button>
    </div>
  );
}

/** A yes that is in force, and what keeps it from landing. */
function Standing({ detail: { approval, held, behind, change_id, state }, again }: { detail: ChangeDetail; again: () => void }) {
  const ended = state === 'rejected' || state === 'abandoned';
  const retry = () => attempt(() => changesApi.retry(change_id), 'It is tried again').then(again);
  return (
    <>
      {approval ? (
        <p>
          You approved <code className="font-mono text-[12px]">{approval.entries_sha256.slice(0, 16)}</code>{' '}
          <When at={approval.at} />
          {state === 'ready_for_merge' || state === 'landing' ? '; it lands next.' : '; it lands once it is ready.'}
        </p>
      ) : null}
      {held && state !== 'landed' ? (
        <div className="flex flex-col gap-2 rounded-lg border border-warn bg-warn/10 p-3">
          <p className="font-medium text-warn">
            {held.why === 'your_edits' ? 'Your edits are in the way' : 'It could not be landed'}
          </p>
          <p className="break-words">{legible(held.because)}</p>
          {held.paths.length > 0 ? (
            <ul className="break-all font-mono text-[12px]">
              {held.paths.map((path) => (
                <li key={path}>{legible(path)}</li>
              ))}
            </ul>
          ) : null}
          <button type="button" className="btn self-start" onClick={retry}>
            Try again
          </button>
        </div>
      ) : null}
      {ended ? (
        <button type="button" className="btn self-start" onClick={retry}>
          Have it made anew
        </button>
      ) : null}
      {behind ? (
        <p className="break-words text-warn">
          The branch went on: {legible(behind)}. It is merged anew and tested again before it lands.
        </p>
      ) : null}
    </>
  );
}

const NO_REASON = { reason: '' };

function RejectForm({ id, withdraws, onDone, again }: { id: string; withdraws: boolean; onDone: () => void; again: () => void }) {
  const [draft, change, clear] = useDraft(`reject_change_${id}`, NO_REASON);
  const [missing, setMissing] = useState(false);
  const send = async () => {
    if (draft.reason.trim() === '') return setMissing(true);
    await changesApi.reject(id, draft.reason.trim());
    clear();
    onDone();
    again();
    tell('done', withdraws ? 'The yes is withdrawn' : 'Rejected');
  };
  return (
    <Form
      onSend={send}
      submit={withdraws ? 'Withdraw' : 'Reject'}
      tone="btn-bad"
      cancel="Keep it"
      onCancel={onDone}
      fields={['reason']}
    >
      {(errorOf) => (
        <TextArea
          label="Reason"
          value={draft.reason}
          onChange={(reason) => {
            setMissing(false);
            change({ reason });
          }}
          error={missing ? 'Say why, so that the next attempt can do better' : errorOf('reason')}
        />
      )}
    </Form>
  );
}
