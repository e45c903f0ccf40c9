import { Leaf } from 'lucide-react';
import { Link, useLocation } from 'wouter';
import { useWorld } from '../state/world.ts';
import { isHere, PLACES } from './places.ts';

/** The pages, at the left of a wide screen. */
export function Sidebar() {
  const [location] = useLocation();
  return (
    <div className="sticky top-0 hidden h-dvh flex-col border-r border-line p-3 md:flex">
      <Link href="/" className="mb-3 flex items-center gap-2 px-2 py-1.5 text-[15px] font-semibold">
        <Leaf aria-hidden className="size-4 text-leaf" />
        Vivarium
      </Link>
      <nav aria-label="Pages" className="flex flex-col gap-0.5">
        {PLACES.map((place) => (
          <Link
            key={place.href}
            href={place.href}
            aria-current={isHere(place, location) ? 'page' : undefined}
            className={`flex items-center gap-2.5 rounded-lg px-2 py-2 ${isHere(place, location) ? 'bg-leafbg font-medium text-leaf' : 'text-dim hover:bg-panel hover:text-ink'}`}
          >
            <place.icon aria-hidden className="size-4" />
            {place.name}
            <PlaceCount href={place.href} />
          </Link>
        ))}
      </nav>
      <div className="mt-auto px-2 pb-1">
        <LinkState />
      </div>
    </div>
  );
}

/** The pages, at the foot of a phone. */
export function BottomNav() {
  const [location] = useLocation();
  return (
    <nav
      aria-label="Pages"
      className="fixed inset-x-0 bottom-0 z-30 flex border-t border-line bg-panel pb-[env(safe-area-inset-bottom)] md:hidden"
    >
      {PLACES.map((place) => (
        <Link
          key={place.href}
          href={place.href}
          aria-current={isHere(place, location) ? 'page' : undefined}
          className={`flex flex-1 flex-col items-center gap-0.5 py-2 text-[12px] ${isHere(place, location) ? 'font-medium text-leaf' : 'text-dim'}`}
        >
          <place.icon aria-hidden className="size-5" />
          {place.name}
        </Link>
      ))}
    </nav>
  );
}

function PlaceCount({ href }: { href: string }) {
  const waiting = useWorld((world) => Object.keys(world.picture?.needsYou ?? {}).length);
  if (href !== '/' || waiting === 0) return null;
  return (
    <span className="ml-auto rounded-full bg-leaf px-1.5 text-[12px] font-medium leading-5 text-panel">
      {waiting}
      <span className="sr-only"> waiting for you</span>
    </span>
  );
}

const WORDS = { live: 'Live', connecting: 'Connecting…', lost: 'Connection lost' } as const;
const TONES = { live: 'bg-ok', connecting: 'bg-warn', lost: 'bg-bad' } as const;

/** Whether the page is in step with the server. */
export function LinkState({ wordless = false }: { wordless?: boolean }) {
  const link = useWorld((world) => world.link);
  return (
    <span role="status" className="inline-flex items-center gap-2 whitespace-nowrap text-[12.5px] text-dim">
      <span aria-hidden className={`size-2 rounded-full ${TONES[link]}`} />
      <span className={wordless ? 'sr-only' : ''}>{WORDS[link]}</span>
    </span>
  );
}
