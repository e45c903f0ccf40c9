import { ArrowLeft } from 'lucide-react';
import type { ReactNode } from 'react';
import { Link } from 'wouter';

/** A list and the one that is open beside it; a phone shows one of the two. */
export function Split({
  list,
  open,
  children,
  back,
  backName,
}: {
  list: ReactNode;
  open: boolean;
  children: ReactNode;
  back: string;
  backName: string;
}) {
  return (
    <div className="grid items-start gap-4 md:grid-cols-[17rem_1fr]">
      <div className={`min-w-0 ${open ? 'max-md:hidden' : ''}`}>{list}</div>
      <div className={`min-w-0 ${open ? '' : 'max-md:hidden'}`}>
        <Link href={back} className="mb-2 inline-flex items-center gap-1 text-dim hover:text-leaf md:hidden">
          <ArrowLeft aria-hidden className="size-4" />
          {backName}
        </Link>
        {children}
      </div>
    </div>
  );
}

/** One line of such a list. */
export function SplitLink({ href, here, children }: { href: string; here: boolean; children: ReactNode }) {
  return (
    <Link
      href={href}
      aria-current={here ? 'true' : undefined}
      className={`flex items-center gap-2.5 border-l-2 px-3 py-2 ${here ? 'border-leaf bg-leafbg' : 'border-transparent hover:bg-bg'}`}
    >
      {children}
    </Link>
  );
}
