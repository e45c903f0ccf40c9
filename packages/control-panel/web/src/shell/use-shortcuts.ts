import { useEffect } from 'react';
import { useLocation } from 'wouter';
import { PLACES } from './places.ts';
import { openAdd, openHelp, openMenu, useUi } from './ui.ts';

const CHORD_MS = 1000;
const DEEDS: Readonly<Record<string, () => void>> = { c: openAdd, '/': openMenu, '?': openHelp };

/**
 * `c` adds a task, `/` and ⌘K open the menu, `?` the help; `g` and a letter go to a page. Silent while a person types or
 * a dialog is open; ⌘K works while typing too.
 */
export function useShortcuts(): void {
  const [, go] = useLocation();
  useEffect(() => {
    let chordUntil = 0;
    const onKey = (event: KeyboardEvent) => {
      if (isMenuKey(event)) {
        event.preventDefault();
        if (!isBusy()) openMenu();
        return;
      }
      if (event.metaKey || event.ctrlKey || event.altKey || isTyping(event.target) || isBusy()) return;
      if (event.key === 'Shift') return;
      const place = event.timeStamp < chordUntil ? PLACES.find(({ key }) => key === event.key) : undefined;
      chordUntil = event.key === 'g' ? event.timeStamp + CHORD_MS : 0;
      const deed = place ? () => go(place.href) : DEEDS[event.key];
      if (!deed) return;
      event.preventDefault();
      deed();
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, [go]);
}

function isMenuKey(event: KeyboardEvent): boolean {
  return (event.metaKey || event.ctrlKey) && !event.altKey && !event.shiftKey && event.key.toLowerCase() === 'k';
}

export function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName));
}

/** A dialog is open, of the shell or of a page. */
export function isBusy(): boolean {
  return Object.values(useUi.getState()).some(Boolean) || document.querySelector('[role="dialog"],[role="alertdialog"]') !== null;
}
