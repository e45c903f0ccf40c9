import { Coins, type LucideIcon } from 'lucide-react';
import type { ReactNode } from 'react';
import { Link } from 'wouter';
import { inAddress } from '../state/address.ts';
import { localTime, span } from '../state/format.ts';
import { useNow } from '../state/now.ts';
import { useName } from '../state/world.ts';
import { Long } from './long.tsx';
import { Mark } from './mark.tsx';

/** The page's name, and what can be done on it. */
export function PageTitle({ children, aside }: { children: ReactNode; aside?: ReactNode }) {
  return (
    <div className="mb-3 flex min-h-[30px] flex-wrap items-center gap-x-3 gap-y-2">
      <h1 className="mr-auto text-[17px] font-semibold">{children}</h1>
      {aside}
    </div>
  );
}

/** A state: always icon, word and colour together. */
export function Word({ icon: Icon, tone, children }: { icon: LucideIcon; tone: string; children: ReactNode }) {
  return (
    <span className={`inline-flex items-center gap-1 whitespace-nowrap text-[12.5px] font-medium ${tone}`}>
      <Icon aria-hidden className="size-3.5 shrink-0" />
      {children}
    </span>
  );
}

/** An amount of tokens. */
export function Tokens({ amount, signed = false }: { amount: number; signed?: boolean }) {
  const tone = signed && amount < 0 ? 'text-bad' : signed && amount > 0 ? 'text-ok' : '';
  return (
    <span className={`num inline-flex items-center gap-1 whitespace-nowrap ${tone}`}>
      {signed && amount > 0 ? '+' : ''}
      {amount.toLocaleString()}
      <Coins aria-hidden className="size-3.5 text-dim" />
      <span className="sr-only">{amount === 1 ? 'token' : 'tokens'}</span>
    </span>
  );
}

/** How long ago something was. */
export function When({ at, className = '' }: { at: string; className?: string }) {
  const now = useNow();
  const ago = now - Date.parse(at);
  return (
    <time dateTime={at} title={localTime(at)} className={`whitespace-nowrap text-[12.5px] text-dim ${className}`}>
      {Number.isNaN(ago)
        ? ''
        : ago < 10_000
          ? 'just now'
          : ago < 3_600_000
            ? `${span(ago).replace(/ \d+ s$/, '')} ago`
            : longAgo(at, ago)}
    </time>
  );
}

function longAgo(at: string, ago: number): string {
  if (ago < 24 * 3_600_000) return `${Math.floor(ago / 3_600_000)} h ago`;
  return new Date(at).toLocaleDateString(undefined, { dateStyle: 'medium' });
}

/** Somebody's mark and name, leading to their profile. */
export function Who({ id, name, size = 18, mark = true }: { id: string; name?: string; size?: number; mark?: boolean }) {
  const nameOf = useName();
  const shown = name ?? nameOf(id);
  const inside = (
    <>
      {mark ? <Mark name={id} size={size} /> : null}
      <span className="min-w-0 truncate">{shown}</span>
    </>
  );
  const shape = 'inline-flex min-w-0 max-w-full items-center gap-1.5 align-bottom';
  if (id === 'human' || id === 'runtime' || id === 'SYSTEM' || id.startsWith('person'))
    return <span className={shape}>{inside}</span>;
  return (
    <Link href={`/residents/${inAddress(id)}`} className={`${shape} hover:text-leaf hover:underline`}>
      {inside}
    </Link>
  );
}

/** A name and its value, one under the other in a list of facts. */
export function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div className="grid grid-cols-[7.5rem_1fr] items-baseline gap-x-3">
      <dt className="text-dim">{name}</dt>
      <dd className="min-w-0 break-words">{children}</dd>
    </div>
  );
}

/** A short word that says what kind something is. */
export function Tag({ children, tone = '' }: { children: ReactNode; tone?: string }) {
  return (
    <span className={`inline-block max-w-full truncate rounded border border-line px-1.5 text-[12px] leading-5 ${tone}`}>
      {children}
    </span>
  );
}

/** Text as somebody wrote it, its lines kept. Never markup. */
export function Plain({ children, className = '' }: { children: string; className?: string }) {
  return <Long text={children}>{(shown) => <p className={`whitespace-pre-wrap break-words ${className}`}>{shown}</p>}</Long>;
}

/** Asks for the rows behind the last one. */
export function More({ onMore, children }: { onMore: () => void; children: ReactNode }) {
  return (
    <button type="button" className="btn m-3" onClick={onMore}>
      {children}
    </button>
  );
}
