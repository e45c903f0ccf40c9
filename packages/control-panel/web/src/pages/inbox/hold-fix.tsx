import { type FormEvent, useState } from 'react';
import { Link } from 'wouter';
import type { TaskRow } from '../../../../src/protocol/tasks.ts';
import { FormField } from '../../parts/form-field.tsx';
import { GroqKey } from '../../parts/groq-key.tsx';
import { Plain } from '../../parts/small.tsx';
import { api, Refused } from '../../state/api.ts';
import { useDraft } from '../../state/draft.ts';
import { attempt } from '../../state/notices.ts';
import { numberOr } from '../../state/number.ts';
import { workApi } from '../../state/work-api.ts';
import { useFocusOn } from './use-focus-on.ts';

/** Why a task stands still, and what a person can do about it. */
export function HoldFix({ row, replying }: { row: TaskRow; replying: number }) {
  const kind = row.hold?.kind;
  return (
    <div className="flex flex-col gap-3 border-b border-line bg-bg/60 px-4 py-3">
      <Plain className="text-warn">{row.hold?.reason ?? ''}</Plain>
      {kind === 'budget' ? <Raise row={row} /> : null}
      {kind === 'clarify' ? <Clarify row={row} replying={replying} /> : null}
      {kind === 'provider' ? (
        <div>
          <p className="text-dim">
            It goes on by itself once a model answers. See{' '}
            <Link href="/settings" className="text-leaf underline">
              Settings
            </Link>{' '}
            for all ways to one.
          </p>
          <GroqKey />
        </div>
      ) : null}
      <div className="flex flex-wrap gap-2">
        <button
          type="button"
          className={`btn ${kind === 'proposal' ? 'btn-go' : ''}`}
          onClick={() => attempt(() => api.retry(row.id), kind === 'proposal' ? `Accepted ${row.id}` : `Queued ${row.id} again`)}
        >
          {kind === 'proposal' ? 'Accept' : 'Retry as it is'}
        </button>
        <button
          type="button"
          className="btn btn-bad"
          onClick={() => attempt(() => api.cancel(row.id), kind === 'proposal' ? `Declined ${row.id}` : `Cancelled ${row.id}`)}
        >
          {kind === 'proposal' ? 'Decline' : 'Cancel'}
        </button>
      </div>
    </div>
  );
}

/** Change the task, then let it run. */
async function changeAndRun(id: string, changes: Readonly<Record<string, unknown>>): Promise<void> {
  await workApi.edit(id, changes);
  await api.retry(id);
}

function Raise({ row }: { row: TaskRow }) {
  const [amount, setAmount] = useState(String(Math.max(0.1, row.max_budget * 2).toFixed(2)));
  const [error, setError] = useState<string | undefined>();
  const raise = async (event: FormEvent) => {
    event.preventDefault();
    try {
      await changeAndRun(row.id, { max_budget: numberOr(amount) });
    } catch (refused) {
      setError(refused instanceof Refused ? (refused.fields['max_budget'] ?? refused.message) : 'That did not work');
    }
  };
  return (
    <form onSubmit={raise} className="flex flex-wrap items-end gap-2">
      <FormField label="Max budget, US dollars" error={error}>
        {(given) => (
          <input
            {...given}
            inputMode="decimal"
            className="field w-40"
            value={amount}
            onChange={(event) => setAmount(event.target.value)}
          />
        )}
      </FormField>
      <button type="submit" className="btn btn-go">
        Raise and run
      </button>
    </form>
  );
}

const NO_ANSWER = { answer: '' };

function Clarify({ row, replying }: { row: TaskRow; replying: number }) {
  const [{ answer }, change, clear] = useDraft(`clarify_${row.id}`, NO_ANSWER);
  const field = useFocusOn(replying);
  const send = async (event: FormEvent) => {
    event.preventDefault();
    if (answer.trim() === '') return field.current?.focus();
    const done = await attempt(async () => {
      const { task } = await api.task(row.id);
      await changeAndRun(row.id, {
        prompt: `${task.prompt ?? ''}\n\nAnswer to your question: ${answer.trim()}`.trim(),
        clarify: false,
      });
    }, `Answered ${row.id}`);
    if (done) clear();
  };
  return (
    <form onSubmit={send} className="flex flex-col gap-2">
      <label className="text-[12.5px] font-medium" htmlFor="clarify">
        Answer
      </label>
      <textarea
        id="clarify"
        ref={field}
        rows={3}
        className="field"
        placeholder="It is added to the prompt, and the task runs"
        value={answer}
        onChange={(event) => change({ answer: event.target.value })}
      />
      <button type="submit" className="btn btn-go self-start">
        Answer and run
      </button>
    </form>
  );
}
