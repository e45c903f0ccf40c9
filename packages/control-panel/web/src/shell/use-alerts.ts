import { useEffect, useRef } from 'react';
import { tell } from '../state/notices.ts';
import { ASK_WORDS, askOf, useItems } from '../state/waiting.ts';

/** Say, also on the desktop when a person allowed it, that something began to wait for them. */
export function useAlerts(): void {
  const items = useItems();
  const known = useRef<ReadonlySet<string> | undefined>(undefined);
  useEffect(() => {
    if (items === undefined) return;
    const former = known.current;
    known.current = new Set(items.map(({ key }) => key));
    if (former === undefined) return;
    const fresh = items.filter(({ key }) => !former.has(key));
    const [first] = fresh;
    if (!first) return;
    const text = fresh.length === 1 ? `${ASK_WORDS[askOf(first)]}: ${first.title}` : `${fresh.length} things wait for you`;
    const why = first.kind === 'task' ? (first.row.hold?.reason ?? '') : '';
    if (document.visibilityState === 'visible') tell('waiting', text, why || undefined);
    else notify(text, why);
  }, [items]);
}

export type Permission = 'granted' | 'denied' | 'default' | 'missing';

export function notifyPermission(): Permission {
  return 'Notification' in globalThis ? Notification.permission : 'missing';
}

export async function allowNotices(): Promise<Permission> {
  return 'Notification' in globalThis ? await Notification.requestPermission() : 'missing';
}

function notify(title: string, body: string): void {
  if (notifyPermission() !== 'granted') return;
  try {
    const notice = new Notification(title, { body, tag: 'vivarium-needs-you', icon: '/leaf.svg' });
    notice.onclick = () => {
      globalThis.focus();
      notice.close();
    };
  } catch {
    // Some browsers only allow this from a service worker; the page itself says it too.
  }
}
