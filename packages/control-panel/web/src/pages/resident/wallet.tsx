import { Wallet } from 'lucide-react';
import type { ProfileView } from '../../../../src/protocol/residents.ts';
import { Card, Empty } from '../../parts/card.tsx';
import { Reading } from '../../parts/reading.tsx';
import { Fact, More, Tokens, When } from '../../parts/small.tsx';
import { useRead } from '../../state/society.ts';
import { society } from '../../state/society-api.ts';
import { useOlder } from '../../state/use-older.ts';

/** What a resident owns, and every entry that led to it. */
export function WalletCard({ id, profile }: { id: string; profile: ProfileView }) {
  const read = useRead(`ledger ${id}`, (signal) => society.ledger(id, undefined, signal), ['wallets']);
  return (
    <Card title="Wallet" icon={Wallet}>
      <dl className="flex flex-col gap-1 px-4 pb-3">
        <Fact name="Free time">
          <Tokens amount={profile.tokens} />{' '}
          <span className="text-[12.5px] text-dim">of at most {profile.free_time_cap.toLocaleString()}</span>
        </Fact>
        <Fact name="Journal">
          <Tokens amount={profile.journal_tokens} />{' '}
          <span className="text-[12.5px] text-dim">of at most {profile.journal_cap.toLocaleString()}</span>
        </Fact>
      </dl>
      <Reading read={read} label="Loading the ledger">
        {(page) => <Entries id={id} page={page} />}
      </Reading>
    </Card>
  );
}

type Ledger = Awaited<ReturnType<typeof society.ledger>>;
const pageOf = ({ entries, next_cursor }: Ledger) => ({ rows: entries, next: next_cursor });

function Entries({ id, page }: { id: string; page: Ledger }) {
  const { rows, more } = useOlder(pageOf(page), async (cursor) => pageOf(await society.ledger(id, cursor)));
  if (rows.length === 0) return <Empty>No token has moved yet.</Empty>;
  return (
    <div className="max-h-[26rem] overflow-y-auto border-t border-line" tabIndex={0} role="region" aria-label="Ledger">
      <table className="w-full">
        <caption className="sr-only">Every entry, newest first</caption>
        <tbody>
          {rows.map((entry) => (
            <tr key={entry.seq} className="border-b border-line last:border-0">
              <td className="py-1.5 pl-4 pr-2 align-top">
                <span className="block">{entry.text}</span>
                {entry.about ? <span className="block break-words text-[12.5px] text-dim">{entry.about}</span> : null}
                <When at={entry.timestamp} className="text-[12px]" />
              </td>
              <td className="py-1.5 pr-4 text-right align-top">
                {entry.free === 0 && entry.journal === 0 ? <span className="text-dim">–</span> : null}
                {entry.free === 0 ? null : <Tokens amount={entry.free} signed />}
                {entry.journal === 0 ? null : (
                  <span className="block whitespace-nowrap text-[12px] text-dim">
                    journal <Tokens amount={entry.journal} signed />
                  </span>
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {more ? <More onMore={more}>Show earlier entries</More> : null}
    </div>
  );
}
