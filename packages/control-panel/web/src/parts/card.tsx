import type { LucideIcon } from 'lucide-react';
import { type ReactNode, useId } from 'react';
import { Frame } from './frame.tsx';

/** A titled surface. `aside` stands at the right of the title. */
export function Card(props: { title: string; icon: LucideIcon; aside?: ReactNode; className?: string; children: ReactNode }) {
  const { title, icon: Icon, aside, className = '', children } = props;
  const id = useId();
  return (
    <section aria-labelledby={id} className={`card flex flex-col ${className}`}>
      <header className="flex flex-wrap items-center gap-x-4 gap-y-1 px-4 pt-3 pb-2">
        <h2 id={id} className="flex items-center gap-2 text-[12.5px] font-medium text-dim">
          <Icon aria-hidden className="size-4" />
          {title}
        </h2>
        {aside ? <div className="ml-auto flex flex-wrap items-center gap-x-3 gap-y-1">{aside}</div> : null}
      </header>
      <Frame>{children}</Frame>
    </section>
  );
}

/** What stands where nothing is: why, and the next step. */
export function Empty({ children }: { children: ReactNode }) {
  return <p className="px-4 pb-4 pt-1 text-dim">{children}</p>;
}

/** Grey bars while something is on its way. */
export function Loading({ label, lines = 3 }: { label: string; lines?: number }) {
  return (
    <div role="status" aria-label={label} className="flex flex-col gap-3 px-4 pb-4 pt-2">
      {Array.from({ length: lines }, (_, index) => (
        <div key={index} className={`skeleton h-4 ${index % 2 === 0 ? 'w-3/4' : 'w-1/2'}`} />
      ))}
    </div>
  );
}

/** Something could not be shown: what, what to do, and a way to try again. */
export function Trouble({ text, fix, onRetry }: { text: string; fix?: string | undefined; onRetry?: () => void }) {
  return (
    <div role="alert" className="px-4 py-3">
      <p className="font-medium text-bad">{text}</p>
      {fix ? <p className="mt-0.5 text-dim">{fix}</p> : null}
      {onRetry ? (
        <button type="button" className="btn mt-2" onClick={onRetry}>
          Try again
        </button>
      ) : null}
    </div>
  );
}
