import type { KeyState, Refusal, SwitchView, TaskAdded, TaskDetail, TaskPage } from '../../../src/protocol.ts';
import { inAddress } from './address.ts';

/** The server said no, or could not be reached. `fields` holds its message for each field it found at fault. */
export class Refused extends Error {
  readonly fix: string | undefined;
  readonly fields: Readonly<Record<string, string>>;
  readonly status: number;

  constructor(status: number, refusal: Refusal) {
    super(refusal.error);
    this.status = status;
    this.fix = refusal.fix;
    const fields = new Map<string, string>();
    for (const { field, message } of refusal.errors ?? [])
      fields.set(field, [fields.get(field) ?? [], message].flat().join('; '));
    this.fields = Object.fromEntries(fields);
  }
}

const AWAY: Refusal = {
  success: false,
  error: 'The panel does not answer',
  code: 'VIV_AWAY',
  fix: 'Nothing you typed is lost. Try again when the connection is back.',
};

/** One exchange with the server. @throws Refused */
export async function call<T>(method: 'GET' | 'POST' | 'DELETE', path: string, body?: object, signal?: AbortSignal): Promise<T> {
  const { ok, status, answer } = await exchange(path, {
    method,
    ...(signal ? { signal } : {}),
    ...(body ? { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) } : {}),
  });
  // The server's answers are typed by the shared protocol; this is the page's one edge.
  if (!ok) throw new Refused(status, answer as Refusal);
  return answer as T;
}

/** @throws Refused when no whole answer came; AbortError when nobody waits for it any more */
async function exchange(path: string, init: RequestInit): Promise<{ ok: boolean; status: number; answer: unknown }> {
  try {
    const response = await fetch(path, init);
    return { ok: response.ok, status: response.status, answer: await response.json() };
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') throw error;
    throw new Refused(0, AWAY);
  }
}

export interface TaskFilter {
  readonly status?: string;
  readonly text?: string;
  readonly cursor?: string;
}

export const api = {
  tasks(filter: TaskFilter, signal?: AbortSignal): Promise<TaskPage> {
    const query = new URLSearchParams({ limit: '50' });
    for (const [key, value] of Object.entries(filter)) if (value) query.set(key, value);
    return call('GET', `/api/tasks?${query}`, undefined, signal);
  },
  task: (id: string, signal?: AbortSignal): Promise<TaskDetail> => call('GET', `/api/tasks/${inAddress(id)}`, undefined, signal),
  addTask: (task: object): Promise<TaskAdded> => call('POST', '/api/tasks', task),
  decide: (id: string, verb: 'approve' | 'reject' | 'retry' | 'cancel', body: object = {}): Promise<{ status: string }> =>
    call('POST', `/api/tasks/${inAddress(id)}/${verb}`, body),
  key: (): Promise<KeyState> => call('GET', '/api/groq_key'),
  saveKey: (api_key: string): Promise<KeyState> => call('POST', '/api/groq_key', { api_key }),
  removeKey: (): Promise<KeyState> => call('DELETE', '/api/groq_key'),
  control: (verb: 'halt' | 'pause' | 'resume'): Promise<SwitchView> => call('POST', `/api/${verb}`, {}),
};
