import { Brain, PenLine } from 'lucide-react';
import { useState } from 'react';
import { Link } from 'wouter';
import type { ProfileView } from '../../../../src/protocol/residents.ts';
import { Card, Empty } from '../../parts/card.tsx';
import { Plain, Tag, When } from '../../parts/small.tsx';
import { inAddress } from '../../state/address.ts';

const FIRST = 8;
/** Shown as they look, on the profile itself. */
const OWN_PAGE: ReadonlySet<string> = new Set(['custom_html', 'custom_css']);

/** What a resident keeps, and where it has it from. */
export function Memories({ profile: { memories } }: { profile: ProfileView }) {
  const [all, setAll] = useState(false);
  const shown = all ? memories : memories.slice(0, FIRST);
  return (
    <Card
      title="Memories"
      icon={Brain}
      aside={memories.length > 0 ? <span className="num text-[12.5px] text-dim">{memories.length}</span> : undefined}
    >
      {memories.length === 0 ? <Empty>It remembers nothing yet. After an approved task it keeps what worked.</Empty> : null}
      <ul className="flex flex-col divide-y divide-line">
        {shown.map((memory) => (
          <li key={memory.id} className={`flex flex-col gap-1 px-4 py-2.5 ${memory.weight === 0 ? 'opacity-60' : ''}`}>
            <Plain>{memory.content}</Plain>
            <div className="flex flex-wrap items-center gap-2 text-[12.5px] text-dim">
              <Tag tone={memory.source === 'verified' ? 'text-ok' : ''}>
                {memory.source === 'verified' ? 'from approved work' : 'its own note'}
              </Tag>
              {memory.outcome ? <span>{memory.outcome}</span> : null}
              {memory.weight < 0.5 ? <span>{memory.weight === 0 ? 'did harm; no longer used' : 'contradicted'}</span> : null}
              {memory.task_id ? (
                <Link href={`/tasks/${inAddress(memory.task_id)}`} className="hover:text-leaf hover:underline">
                  {memory.task_id}
                </Link>
              ) : null}
              <span className="ml-auto">day {memory.day}</span>
              <When at={memory.created_at} />
            </div>
          </li>
        ))}
      </ul>
      {memories.length > FIRST && !all ? (
        <button type="button" className="btn m-4 self-start" onClick={() => setAll(true)}>
          Show all {memories.length}
        </button>
      ) : null}
    </Card>
  );
}

/** How a resident changed itself, newest first. */
export function SelfEdits({ profile: { edits } }: { profile: ProfileView }) {
  if (edits.length === 0) return null;
  return (
    <Card title="How it changed itself" icon={PenLine}>
      <ul className="flex flex-col gap-2 px-4 pb-4">
        {edits.slice(0, 10).map((edit, index) => (
          <li key={index} className="break-words">
            {linesOf(edit).map(([what, to]) => (
              <p key={what}>
                <span className="text-dim">{what}:</span> {to}
              </p>
            ))}
          </li>
        ))}
      </ul>
    </Card>
  );
}

function linesOf(edit: Readonly<Record<string, unknown>>): readonly (readonly [string, string])[] {
  return Object.entries(edit).flatMap(([key, value]) =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? Object.entries(value).map(
          ([inner, to]) => [inner.replaceAll('_', ' '), OWN_PAGE.has(inner) ? 'changed' : short(to)] as const,
        )
      : [[key, short(value)] as const],
  );
}

function short(value: unknown): string {
  const text = Array.isArray(value) ? value.join(', ') : String(value);
  return text.length > 160 ? `${text.slice(0, 159)}…` : text;
}
