import { useState } from 'react';
import type { TaskRow } from '../../../../src/protocol/tasks.ts';
import { choicesFor } from '../../parts/decide.tsx';
import { Dialog } from '../../parts/dialog.tsx';
import { attempt } from '../../state/notices.ts';
import { type BulkBody, workApi } from '../../state/work-api.ts';
import { decideMany } from '../inbox/bulk-bar.tsx';
import type { Filter } from './filter.ts';

interface Props {
  readonly rows: readonly TaskRow[];
  readonly picked: readonly TaskRow[];
  readonly filter: Filter;
  readonly more: boolean;
  readonly onClear: () => void;
}

type Question = { readonly verb: 'retry' | 'cancel'; readonly count: number; readonly body: BulkBody };

/** Decide about the selected, or about everything that fits the filter, after a question that says how many. */
export function BulkTasks({ rows, picked, filter, more, onClear }: Props) {
  const [question, setQuestion] = useState<Question | undefined>();
  const retry = picked.filter((row) => choicesFor(row).retry).map(({ id }) => id);
  const cancel = picked.filter((row) => choicesFor(row).cancel).map(({ id }) => id);
  const wide = filterBody(filter);
  const askWide = (verb: Question['verb']) =>
    attempt(async () => {
      if (!wide) return;
      const { matched } = await workApi.bulk({ ...wide, verb, dry_run: true });
      setQuestion({ verb, count: matched, body: { ...wide, verb } });
    });
  if (picked.length === 0) return null;
  const everything = picked.length === rows.length && more && wide !== undefined;
  return (
    <div role="toolbar" aria-label="For the selected" className="card mb-3 flex flex-wrap items-center gap-2 px-3 py-2">
      <span className="num mr-auto">{picked.length} selected</span>
      {retry.length > 0 ? (
        <button
          type="button"
          className="btn"
          onClick={() => setQuestion({ verb: 'retry', count: retry.length, body: { verb: 'retry', ids: retry } })}
        >
          Retry {retry.length}
        </button>
      ) : null}
      {cancel.length > 0 ? (
        <button
          type="button"
          className="btn btn-bad"
          onClick={() => setQuestion({ verb: 'cancel', count: cancel.length, body: { verb: 'cancel', ids: cancel } })}
        >
          Cancel {cancel.length}
        </button>
      ) : null}
      {everything ? (
        <>
          <button type="button" className="btn" onClick={() => askWide('retry')}>
            Retry all that fit
          </button>
          <button type="button" className="btn btn-bad" onClick={() => askWide('cancel')}>
            Cancel all that fit
          </button>
        </>
      ) : null}
      <button type="button" className="btn" onClick={onClear}>
        Clear
      </button>
      <Sure question={question} onClose={() => setQuestion(undefined)} onDone={onClear} />
    </div>
  );
}

function Sure({ question, onClose, onDone }: { question: Question | undefined; onClose: () => void; onDone: () => void }) {
  if (!question) return null;
  const { verb, count, body } = question;
  const many = count === 1 ? 'one task' : `${count.toLocaleString()} tasks`;
  const run = async () => {
    onClose();
    if (await decideMany(body)) onDone();
  };
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={verb === 'retry' ? `Retry ${many}?` : `Cancel ${many}?`}
      description={
        verb === 'retry'
          ? 'They are queued again and may spend up to their budgets. Those that no longer fit are left as they are.'
          : 'Running work on them is stopped. What they gave so far is kept, and each can be retried.'
      }
    >
      <div className="mt-4 flex justify-end gap-2">
        <button type="button" className="btn" onClick={onClose}>
          Leave them
        </button>
        <button type="button" className={`btn ${verb === 'retry' ? 'btn-go' : 'btn-bad'}`} onClick={run}>
          {verb === 'retry' ? 'Retry' : 'Cancel'} {count.toLocaleString()}
        </button>
      </div>
    </Dialog>
  );
}

/** The filter as the server's bulk route takes it; undefined when it cannot say all of it, or says nothing. */
function filterBody({ status, text, resident, min_cost, held }: Filter): Omit<BulkBody, 'verb'> | undefined {
  if (min_cost !== '' || held !== '' || (status === '' && text === '' && resident === '')) return undefined;
  return { ...(status ? { status: status.split(',') } : {}), ...(text ? { text } : {}), ...(resident ? { resident } : {}) };
}
