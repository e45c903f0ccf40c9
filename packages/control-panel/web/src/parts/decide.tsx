import { type FormEvent, useState } from 'react';
import type { TaskRow } from '../../../src/protocol/tasks.ts';
import { api } from '../state/api.ts';
import { useDraft } from '../state/draft.ts';
import { attempt } from '../state/notices.ts';
import { endOf } from '../state/status.ts';
import { Dialog } from './dialog.tsx';
import { FormField } from './form-field.tsx';

/** What a person may decide about a task in its present state. */
export function choicesFor(row: TaskRow) {
  const end = endOf(row.status);
  const review = row.hold?.kind === 'review' || row.hold?.kind === 'gates';
  return {
    review,
    retry:
      end === 'badly' ||
      (row.hold !== undefined && !review && row.hold.kind !== 'land') ||
      (row.not_before !== undefined && !row.lease),
    cancel: end === 'open',
  };
}

/** The buttons for a task: only those that its state allows. */
export function Decide({ row, withCancel = false }: { row: TaskRow; withCancel?: boolean }) {
  const [busy, setBusy] = useState(false);
  const [rejecting, setRejecting] = useState(false);
  const choices = choicesFor(row);
  const proposal = row.hold?.kind === 'proposal';
  const decide = async (verb: 'approve' | 'retry' | 'cancel', done: string) => {
    setBusy(true);
    await attempt(() => api[verb](row.id), done);
    setBusy(false);
  };
  if (!choices.review && !choices.retry && !(withCancel && choices.cancel)) return null;
  return (
    <div className="flex flex-wrap gap-2">
      {choices.review ? (
        <>
          <button type="button" className="btn btn-go" disabled={busy} onClick={() => decide('approve', `Approved ${row.id}`)}>
            Approve
          </button>
          <button type="button" className="btn" disabled={busy} onClick={() => setRejecting(true)}>
            Reject
          </button>
        </>
      ) : null}
      {choices.retry ? (
        <button
          type="button"
          className="btn"
          disabled={busy}
          onClick={() => decide('retry', proposal ? `Accepted ${row.id}` : `Queued ${row.id} again`)}
        >
          {proposal ? 'Accept' : 'Retry'}
        </button>
      ) : null}
      {(withCancel || proposal) && choices.cancel ? (
        <button type="button" className="btn btn-bad" disabled={busy} onClick={() => decide('cancel', `Cancelled ${row.id}`)}>
          {proposal ? 'Decline' : 'Cancel'}
        </button>
      ) : null}
      <Dialog
        open={rejecting}
        onOpenChange={setRejecting}
        title={`Reject “${row.title}”?`}
        description="The task is tried again with your reason, while attempts are left."
      >
        <RejectForm row={row} onDone={() => setRejecting(false)} />
      </Dialog>
    </div>
  );
}

const NO_REASON = { reason: '' };

function RejectForm({ row, onDone }: { row: TaskRow; onDone: () => void }) {
  const [draft, change, clear] = useDraft(`reject_${row.id}`, NO_REASON);
  const [missing, setMissing] = useState(false);
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (draft.reason.trim() === '') return setMissing(true);
    if (!(await attempt(() => api.reject(row.id, draft.reason), `Rejected ${row.id}`))) return;
    clear();
    onDone();
  };
  return (
    <form onSubmit={submit} className="mt-4 flex flex-col gap-4">
      <FormField
        label="Reason"
        hint="The next attempt reads this"
        error={missing ? 'Say why, so that the next attempt can do better' : undefined}
      >
        {(given) => (
          <textarea
            {...given}
            rows={3}
            className="field"
            value={draft.reason}
            onChange={(event) => change({ reason: event.target.value })}
          />
        )}
      </FormField>
      <div className="flex justify-end gap-2">
        <button type="button" className="btn" onClick={onDone}>
          Keep it held
        </button>
        <button type="submit" className="btn btn-bad">
          Reject
        </button>
      </div>
    </form>
  );
}
