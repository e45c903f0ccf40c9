import { CircleAlert, CircleCheck, Hand, X } from 'lucide-react';
import { dismiss, useNotices } from '../state/notices.ts';

const LOOKS = {
  done: [CircleCheck, 'text-ok'],
  refused: [CircleAlert, 'text-bad'],
  waiting: [Hand, 'text-warn'],
} as const;

function Icon({ kind }: { kind: keyof typeof LOOKS }) {
  const [Shape, tone] = LOOKS[kind];
  return <Shape aria-hidden className={`mt-0.5 size-4 shrink-0 ${tone}`} />;
}

/** What a person just did, and how it went. */
export function Notices() {
  const notices = useNotices((state) => state.notices);
  return (
    <div
      aria-live="polite"
      className="pointer-events-none fixed inset-x-4 bottom-16 z-50 flex flex-col items-end gap-2 md:bottom-4"
    >
      {notices.map(({ id, kind, text, fix }) => (
        <div key={id} className="card pointer-events-auto flex max-w-sm items-start gap-2 px-3 py-2 shadow-lg">
          <Icon kind={kind} />
          <div className="min-w-0 break-words">
            {text}
            {fix ? <p className="text-dim">{fix}</p> : null}
          </div>
          <button type="button" aria-label="Dismiss" className="text-dim hover:text-ink" onClick={() => dismiss(id)}>
            <X aria-hidden className="size-4" />
          </button>
        </div>
      ))}
    </div>
  );
}
