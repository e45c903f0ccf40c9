import { create } from 'zustand';
import { Refused } from './api.ts';

export interface Notice {
  readonly id: number;
  readonly kind: 'done' | 'refused' | 'waiting';
  readonly text: string;
  readonly fix?: string;
}

const SHOW_MS = 6000;
let last = 0;

/** Short words at the edge of the page about what a person just did. */
export const useNotices = create<{ notices: readonly Notice[] }>(() => ({ notices: [] }));

export function tell(kind: Notice['kind'], text: string, fix?: string): void {
  last += 1;
  const id = last;
  const notice: Notice = { id, kind, text, ...(fix ? { fix } : {}) };
  useNotices.setState(({ notices }) => ({ notices: [...notices.slice(-2), notice] }));
  setTimeout(() => dismiss(id), SHOW_MS);
}

export function dismiss(id: number): void {
  useNotices.setState(({ notices }) => ({ notices: notices.filter((notice) => notice.id !== id) }));
}

/** Do something for a person and say how it went. Resolves to whether it was done. */
export async function attempt(work: () => Promise<unknown>, done?: string): Promise<boolean> {
  try {
    await work();
    if (done) tell('done', done);
    return true;
  } catch (error) {
    if (error instanceof Refused) tell('refused', error.message, error.fix);
    else tell('refused', 'That did not work', 'Reload the page and try again');
    return false;
  }
}
