import { create } from 'zustand';

const KEY = 'vivarium_renewed_from';
/** Errors come in swarms; the server is asked once for those of this time. */
const TOGETHER_MS = 300;

/** The script of this page: its name changes with whatever it was built from. */
const own = (): string => document.querySelector<HTMLScriptElement>('script[type="module"]')?.src ?? '';

/** Whether the server has a newer page than this one, and a person is in the midst of something here. */
export const useVersion = create<{ readonly outdated: boolean }>(() => ({ outdated: false }));

let asking = false;

/** Load the page anew when the server has another one: at once, or when the person who types here goes to another page. */
export function renewIfOutdated(): void {
  if (asking) return;
  asking = true;
  setTimeout(async () => {
    asking = false;
    if ((await isOutdated()) && (isBusy() || !renew())) useVersion.setState({ outdated: true });
  }, TOGETHER_MS);
}

/**
 * Load the page anew, once for each version of it: whatever is wrong then is not its age. False when that was done, or
 * when this browser could not remember it.
 */
export function renew(): boolean {
  try {
    if (sessionStorage.getItem(KEY) === own()) return false;
    sessionStorage.setItem(KEY, own());
  } catch {
    return false;
  }
  location.reload();
  return true;
}

async function isOutdated(): Promise<boolean> {
  try {
    const answer = await fetch('/', { cache: 'no-store', headers: { accept: 'text/html' } });
    return answer.ok && !(await answer.text()).includes(new URL(own()).pathname);
  } catch {
    return false; // the server is away; it is asked again when it is back
  }
}

/** Somebody types, or a dialog is open. */
function isBusy(): boolean {
  return (
    document.querySelector('[role$="dialog"]') !== null || document.activeElement?.matches('input, textarea, select') === true
  );
}
