import { useEffect, useState } from 'react';
import type { PayoutPreview } from '../../../../src/protocol/bounties.ts';
import { Tokens } from '../../parts/small.tsx';
import { Refused } from '../../state/api.ts';
import { society } from '../../state/society-api.ts';
import { PayoutRow } from './payout-row.tsx';

/** Whose work wins how much, as chosen and typed. */
export type Choice = {
  readonly [Key in 'winner_reward' | 'runner_up_reward' | 'winner_submission_id' | 'runner_up_submission_id']: string;
};

type Previewed = PayoutPreview | Refused | undefined;

/** What the server would pay, asked a moment after the last change. */
export function usePreview(id: string, choice: Choice): Previewed {
  const [preview, setPreview] = useState<Previewed>();
  useEffect(() => {
    const abort = new AbortController();
    const timer = setTimeout(() => {
      society.payout(id, choice, abort.signal).then(setPreview, (error: unknown) => {
        if (error instanceof Refused) setPreview(error);
      });
    }, 150);
    return () => {
      clearTimeout(timer);
      abort.abort();
    };
  }, [id, choice]);
  return preview;
}

/** Who would get how much of what lies in escrow. */
export function Preview({ preview, onTopUp }: { preview: Previewed; onTopUp: (amount: number) => void }) {
  if (preview === undefined) return <p className="text-dim">Working out who gets what…</p>;
  if (preview instanceof Refused)
    return (
      <p className="text-dim">
        {Object.keys(preview.fields).length > 0 ? 'Correct the amounts to see who gets what.' : preview.message}
      </p>
    );
  return (
    <section aria-label="Who gets what" className="rounded-lg border border-line bg-bg p-3">
      {preview.payouts.length === 0 ? (
        <p className="text-dim">Nothing would be paid: no work stands that was not rejected.</p>
      ) : null}
      <ul className="flex flex-col gap-1.5">
        {preview.payouts.flatMap(({ place, shares }) =>
          shares.map(({ identity, amount }) => (
            <PayoutRow key={`${place} ${identity}`} place={place} identity={identity} amount={amount} />
          )),
        )}
      </ul>
      <p className="mt-2 flex flex-wrap gap-x-4 border-t border-line pt-2 text-[12.5px] text-dim">
        <span>
          Pays <Tokens amount={preview.total} /> of <Tokens amount={preview.in_escrow} /> in escrow
        </span>
        {preview.returned > 0 ? (
          <span>
            <Tokens amount={preview.returned} /> go back
          </span>
        ) : null}
        {preview.added > 0 ? (
          <button type="button" className="btn" onClick={() => onTopUp(preview.added)}>
            Pay in the missing <Tokens amount={preview.added} />
          </button>
        ) : null}
      </p>
    </section>
  );
}
