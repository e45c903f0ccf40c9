import { useEffect } from 'react';
import { useLocation } from 'wouter';
import { PLACES } from './places.ts';
import { openAdd, useUi } from './ui.ts';

const CHORD_MS = 1000;

/** `c` adds a task; `g` and a letter go to a page. Silent while a person types or a dialog is open. */
export function useShortcuts(): void {
  const [, go] = useLocation();
  useEffect(() => {
    let chordUntil = 0;
    const onKey = (event: KeyboardEvent) => {
      if (event.metaKey || event.ctrlKey || event.altKey || isTyping(event.target) || isBusy()) return;
      const place = event.timeStamp < chordUntil ? PLACES.find(({ key }) => key === event.key) : undefined;
      chordUntil = event.key === 'g' ? event.timeStamp + CHORD_MS : 0;
      if (place) go(place.href);
      else if (event.key === 'c') openAdd();
      else return;
      event.preventDefault();
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, [go]);
}

function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName));
}

function isBusy(): boolean {
  return Object.values(useUi.getState()).some(Boolean) || document.querySelector('[role="dialog"]') !== null;
}
