import { Ellipsis, Leaf } from 'lucide-react';
import { Link, useLocation } from 'wouter';
import { Dialog } from '../parts/dialog.tsx';
import { useItems } from '../state/waiting.ts';
import { useWorld } from '../state/world.ts';
import { AT_HAND, isHere, PLACES, type Place } from './places.ts';
import { openHelp, openPlaces, useUi } from './ui.ts';

const GROUPS = ['work', 'society', 'made', 'running'] as const;

/** The pages, at the left of a wide screen. */
export function Sidebar() {
  const [location] = useLocation();
  return (
    <aside aria-label="Vivarium" className="sticky top-0 hidden h-dvh flex-col border-r border-line p-3 md:flex">
      <Link href="/" className="mb-3 flex items-center gap-2 px-2 py-1.5 text-[15px] font-semibold">
        <Leaf aria-hidden className="size-4 text-leaf" />
        Vivarium
      </Link>
      <nav aria-label="Pages" className="-mx-1 flex min-h-0 flex-col gap-3 overflow-y-auto px-1">
        {GROUPS.map((group) => (
          <div key={group} className="flex flex-col gap-px">
            {PLACES.filter((place) => place.group === group).map((place) => (
              <PlaceLink key={place.href} place={place} location={location} />
            ))}
          </div>
        ))}
      </nav>
      <div className="mt-auto flex items-center px-2 pb-1 pt-3">
        <LinkState />
        <button type="button" className="ml-auto text-dim hover:text-ink" aria-label="Keyboard help" onClick={openHelp}>
          <kbd className="kbd">?</kbd>
        </button>
      </div>
    </aside>
  );
}

function PlaceLink({ place, location, onGo }: { place: Place; location: string; onGo?: () => void }) {
  const here = isHere(place, location);
  return (
    <Link
      href={place.href}
      aria-current={here ? 'page' : undefined}
      onClick={() => onGo?.()}
      className={`flex items-center gap-2.5 rounded-lg px-2 py-1.5 ${here ? 'bg-leafbg font-medium text-leaf' : 'text-dim hover:bg-panel hover:text-ink'}`}
    >
      <place.icon aria-hidden className="size-4 shrink-0" />
      {place.name}
      <PlaceCount href={place.href} />
    </Link>
  );
}

/** All pages, for a screen without the sidebar. */
export function PlacesDialog() {
  const open = useUi((ui) => ui.browsing);
  const [location] = useLocation();
  const close = () => useUi.setState({ browsing: false });
  return (
    <Dialog open={open} onOpenChange={(browsing) => useUi.setState({ browsing })} title="Go to">
      <nav aria-label="All pages" className="mt-3 grid grid-cols-2 gap-1">
        {PLACES.map((place) => (
          <PlaceLink key={place.href} place={place} location={location} onGo={close} />
        ))}
      </nav>
    </Dialog>
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
      {AT_HAND.map((place) => (
        <Link
          key={place.href}
          href={place.href}
          aria-current={isHere(place, location) ? 'page' : undefined}
          className={`relative flex flex-1 flex-col items-center gap-0.5 py-2 text-[12px] ${isHere(place, location) ? 'font-medium text-leaf' : 'text-dim'}`}
        >
          <place.icon aria-hidden className="size-5" />
          {place.name}
          <PlaceDot href={place.href} />
        </Link>
      ))}
      <button type="button" className="flex flex-1 flex-col items-center gap-0.5 py-2 text-[12px] text-dim" onClick={openPlaces}>
        <Ellipsis aria-hidden className="size-5" />
        More
      </button>
    </nav>
  );
}

const useWaiting = () => useItems()?.length ?? 0;

function PlaceDot({ href }: { href: string }) {
  const waiting = useWaiting();
  if (href !== '/needs-you' || waiting === 0) return null;
  return (
    <span className="absolute left-1/2 top-1 ml-1.5 min-w-4 rounded-full bg-leaf px-1 text-center text-[11px] leading-4 text-panel">
      {waiting}
    </span>
  );
}

function PlaceCount({ href }: { href: string }) {
  const waiting = useWaiting();
  if (href !== '/needs-you' || waiting === 0) return null;
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
