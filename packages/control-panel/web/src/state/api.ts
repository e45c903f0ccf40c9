import type { AnswerOf, DoorsOf, GivenTo } from '../../../src/http/door.ts';
import type { Refusal } from '../../../src/protocol/refusal.ts';
import type { PanelRoute } from '../../../src/routes/table.ts';
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

type Doors = DoorsOf<PanelRoute>;
export type Given<Door extends keyof Doors> = GivenTo<Doors[Door]>;
export type Answer<Door extends keyof Doors> = AnswerOf<Doors[Door]>;

interface Asked {
  readonly params?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string | number | boolean | undefined>> | undefined;
  readonly body?: unknown;
  readonly signal?: AbortSignal | undefined;
}

/**
 * One exchange with the server, at a door of its route table: `GET /api/tasks/:id`. The page's one edge: answers are taken
 * for what the table says of them, and the server's tests hold it to that.
 * @throws Refused
 */
export function call<Door extends keyof Doors>(door: Door, given: Given<Door>): Promise<Answer<Door>>;
export async function call(door: string, { params = {}, query = {}, body, signal }: Asked): Promise<unknown> {
  const [method = '', path = ''] = door.split(' ');
  const address = path.replaceAll(/:(\w+)/g, (_, name: string) => inAddress(params[name] ?? ''));
  return exchange(`${address}${inQuery(query)}`, {
    method,
    ...(signal ? { signal } : {}),
    ...(body === undefined ? {} : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
  });
}

/** Fields that are left empty are not asked for. */
function inQuery(fields: NonNullable<Asked['query']>): string {
  const found = new URLSearchParams();
  for (const [key, value] of Object.entries(fields)) if (value !== undefined && value !== '') found.set(key, String(value));
  return found.size === 0 ? '' : `?${found}`;
}

/** @throws Refused also when no whole answer came; AbortError when nobody waits for it any more */
async function exchange(address: string, init: RequestInit): Promise<unknown> {
  const { ok, status, answer } = await fetched(address, init);
  if (!ok) throw new Refused(status, answer);
  return answer;
}

async function fetched(address: string, init: RequestInit) {
  try {
    const response = await fetch(address, init);
    return { ok: response.ok, status: response.status, answer: await response.json() };
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') throw error;
    throw new Refused(0, AWAY);
  }
}

export const api = {
  tasks: (query: Given<'GET /api/tasks'>['query'], signal?: AbortSignal) => call('GET /api/tasks', { query, signal }),
  task: (id: string, signal?: AbortSignal) => call('GET /api/tasks/:id', { params: { id }, signal }),
  addTask: (body: object) => call('POST /api/tasks', { body }),
  approve: (id: string) => call('POST /api/tasks/:id/approve', { params: { id }, body: {} }),
  reject: (id: string, reason: string) => call('POST /api/tasks/:id/reject', { params: { id }, body: { reason } }),
  retry: (id: string) => call('POST /api/tasks/:id/retry', { params: { id }, body: {} }),
  cancel: (id: string) => call('POST /api/tasks/:id/cancel', { params: { id }, body: {} }),
  key: () => call('GET /api/groq_key', {}),
  saveKey: (api_key: string) => call('POST /api/groq_key', { body: { api_key } }),
  removeKey: () => call('DELETE /api/groq_key', {}),
  control: (verb: 'halt' | 'pause' | 'resume') => call(`POST /api/${verb}`, { body: {} }),
};
