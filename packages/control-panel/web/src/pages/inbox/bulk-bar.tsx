import { useState } from 'react';
import { Dialog } from '../../parts/dialog.tsx';
import { FormField } from '../../parts/form-field.tsx';
import { useDraft } from '../../state/draft.ts';
import { attempt, tell } from '../../state/notices.ts';
import { askOf, type Item } from '../../state/waiting.ts';
import { type BulkBody, workApi } from '../../state/work-api.ts';

const DONE = { approve: 'Approved', reject: 'Rejected', retry: 'Queued again:', cancel: 'Cancelled' } as const;

/** Decide several at once; each button says for how many it fits. */
export function BulkBar({ items, onDone }: { items: readonly Item[]; onDone: () => void }) {
  const [rejecting, setRejecting] = useState(false);
  const ids = (fits: (item: Item) => boolean) =>
    items.flatMap((item) => (item.kind === 'task' && fits(item) ? [item.row.id] : []));
  const reviews = ids((item) => askOf(item) === 'review');
  // Each change that lands is looked at on its own page.
  const others = ids((item) => askOf(item) !== 'review' && askOf(item) !== 'land');
  const all = [...reviews, ...others];
  const run = (verb: BulkBody['verb'], chosen: readonly string[], reason?: string) =>
    decideMany({ verb, ids: chosen, ...(reason ? { reason } : {}) }).then((done) => done && onDone());
  return (
    <div role="toolbar" aria-label="For the selected" className="card mb-3 flex flex-wrap items-center gap-2 px-3 py-2">
      <span className="num mr-auto">{items.length} selected</span>
      {reviews.length > 0 ? (
        <>
          <button type="button" className="btn btn-go" onClick={() => run('approve', reviews)}>
            Approve {reviews.length}
          </button>
          <button type="button" className="btn" onClick={() => setRejecting(true)}>
            Reject {reviews.length}
          </button>
        </>
      ) : null}
      {others.length > 0 ? (
        <button type="button" className="btn" onClick={() => run('retry', others)}>
          Retry {others.length}
        </button>
      ) : null}
      {all.length > 0 ? (
        <button type="button" className="btn btn-bad" onClick={() => run('cancel', all)}>
          Cancel {all.length}
        </button>
      ) : null}
      <button type="button" className="btn" onClick={onDone}>
        Clear
      </button>
      <Dialog
        open={rejecting}
        onOpenChange={setRejecting}
        title={`Reject ${reviews.length === 1 ? 'one task' : `${reviews.length} tasks`}?`}
        description="They are tried again with your reason, while attempts are left."
      >
        <ReasonForm
          onReason={async (reason) => {
            await run('reject', reviews, reason);
            setRejecting(false);
          }}
        />
      </Dialog>
    </div>
  );
}

/** Decide many tasks and say for how many it went well. Resolves to whether the server took it. */
export async function decideMany(body: BulkBody): Promise<boolean> {
  return attempt(async () => {
    const { done, refused } = await workApi.bulk(body);
    if (done.length > 0) tell('done', `${DONE[body.verb]} ${done.length} ${done.length === 1 ? 'task' : 'tasks'}`);
    const [first] = refused;
    if (first) tell('refused', `${refused.length} could not be: ${first.error}`);
  });
}

const NO_REASON = { reason: '' };

function ReasonForm({ onReason }: { onReason: (reason: string) => Promise<void> }) {
  const [{ reason }, change, clear] = useDraft('reject_many', NO_REASON);
  const [missing, setMissing] = useState(false);
  return (
    <form
      className="mt-4 flex flex-col gap-4"
      onSubmit={(event) => {
        event.preventDefault();
        if (reason.trim() === '') setMissing(true);
        else void onReason(reason.trim()).then(clear);
      }}
    >
      <FormField label="Reason" error={missing ? 'Say why, so that the next attempt can do better' : undefined}>
        {(given) => (
          <textarea
            {...given}
            rows={3}
            className="field"
            value={reason}
            onChange={(event) => change({ reason: event.target.value })}
          />
        )}
      </FormField>
      <button type="submit" className="btn btn-bad self-end">
        Reject
      </button>
    </form>
  );
}
