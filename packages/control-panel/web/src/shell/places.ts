import { LayoutDashboard, ListTree, type LucideIcon, ScrollText } from 'lucide-react';

export interface Place {
  readonly href: string;
  readonly name: string;
  readonly icon: LucideIcon;
  /** Pressed after `g`. */
  readonly key: string;
}

/** Every page that the navigation leads to. */
export const PLACES: readonly Place[] = [
  { href: '/', name: 'Today', icon: LayoutDashboard, key: 't' },
  { href: '/tasks', name: 'Tasks', icon: ListTree, key: 'q' },
  { href: '/log', name: 'Log', icon: ScrollText, key: 'e' },
];

export function isHere(place: Place, location: string): boolean {
  return place.href === '/' ? location === '/' : location.startsWith(place.href);
}
