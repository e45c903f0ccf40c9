import { Moon, Plus, Sun, Users } from 'lucide-react';
import { useState } from 'react';
import { Link } from 'wouter';
import type { IdentityRow } from '../../../src/protocol/residents.ts';
import { Card, Empty, Loading } from '../parts/card.tsx';
import { Frame } from '../parts/frame.tsx';
import { Mark } from '../parts/mark.tsx';
import { PageTitle, Tag, Tokens, Word } from '../parts/small.tsx';
import { inAddress } from '../state/address.ts';
import { useWorld } from '../state/world.ts';
import { CreateResidentDialog } from './resident/create.tsx';

/** Everybody who lives here. */
export default function ResidentsPage() {
  const residents = useWorld((world) => world.picture?.identities);
  const [creating, setCreating] = useState(false);
  return (
    <>
      <PageTitle
        aside={
          <button type="button" className="btn btn-go" onClick={() => setCreating(true)}>
            <Plus aria-hidden className="size-4" />
            Create resident
          </button>
        }
      >
        Residents
      </PageTitle>
      {residents === undefined ? (
        <div className="card">
          <Loading label="Loading residents" lines={6} />
        </div>
      ) : residents.length === 0 ? (
        <Card title="Residents" icon={Users}>
          <Empty>Nobody lives here yet. The first worker brings the starters; or create a resident yourself.</Empty>
        </Card>
      ) : (
        <ul className="grid gap-3 sm:grid-cols-2 2xl:grid-cols-3">
          {residents.map((row) => (
            <li key={row.id} className="card relative flex flex-col gap-2 p-4 focus-within:border-leaf hover:border-leaf">
              <Frame>
                <Resident row={row} />
              </Frame>
            </li>
          ))}
        </ul>
      )}
      <CreateResidentDialog open={creating} onOpenChange={setCreating} />
    </>
  );
}

function Resident({ row }: { row: IdentityRow }) {
  const tried = row.tasks_completed + row.tasks_failed;
  return (
    <>
      <div className="flex items-center gap-3">
        <Mark name={row.id} size={36} />
        <div className="min-w-0 flex-1">
          <h2 className="truncate text-[14.5px] font-semibold">
            <Link href={`/residents/${inAddress(row.id)}`} className="after:absolute after:inset-0">
              {row.name}
            </Link>
          </h2>
          <Wakefulness awake={row.awake} />
        </div>
        <Tokens amount={row.tokens} />
      </div>
      <p className="line-clamp-2 break-words text-dim">{row.profile_display ?? 'Has not said anything about itself yet.'}</p>
      <div className="mt-auto flex flex-wrap items-center gap-1.5 text-[12.5px] text-dim">
        <span>Level {row.level}</span>
        <span aria-hidden>·</span>
        <span>{tried === 0 ? 'No task yet' : `${row.tasks_completed} of ${tried} tasks done`}</span>
        {row.guild ? <Tag>{row.guild}</Tag> : null}
        {row.hat ? <Tag>{row.hat}</Tag> : null}
      </div>
    </>
  );
}

export function Wakefulness({ awake }: { awake: boolean }) {
  return awake ? (
    <Word icon={Sun} tone="text-info">
      Awake
    </Word>
  ) : (
    <Word icon={Moon} tone="text-dim">
      Asleep
    </Word>
  );
}
