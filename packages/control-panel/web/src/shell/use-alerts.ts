import { useEffect, useRef } from 'react';
import { tell } from '../state/notices.ts';
import { useWorld } from '../state/world.ts';

/** Say, also on the desktop when a person allowed it, that something began to wait for them. */
export function useAlerts(): void {
  const needsYou = useWorld((world) => world.picture?.needsYou);
  const known = useRef<ReadonlySet<string> | undefined>(undefined);
  useEffect(() => {
    if (needsYou === undefined) return;
    const former = known.current;
    known.current = new Set(Object.keys(needsYou));
    if (former === undefined) return;
    const fresh = Object.values(needsYou).filter(({ id }) => !former.has(id));
    const [first] = fresh;
    if (!first) return;
    const text = fresh.length === 1 ? `${first.title} waits for you` : `${fresh.length} tasks wait for you`;
    if (document.visibilityState === 'visible') tell('waiting', text, first.hold?.reason);
    else notify(text, first.hold?.reason ?? '');
  }, [needsYou]);
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
