import { call, type Given } from './api.ts';

export type TaskQuery = NonNullable<Given<'GET /api/tasks'>['query']>;
export interface BulkBody extends Omit<Given<'POST /api/tasks/bulk'>['body'], 'verb'> {
  readonly verb: 'approve' | 'reject' | 'retry' | 'cancel';
}

/** What the pages about tasks, money, the log and the settings ask for. */
export const workApi = {
  tasks: (fields: TaskQuery, signal?: AbortSignal) => call('GET /api/tasks', { query: { limit: 100, ...fields }, signal }),
  live: (id: string, signal?: AbortSignal) => call('GET /api/tasks/:id/live', { params: { id }, signal }),
  bulk: (body: BulkBody) => call('POST /api/tasks/bulk', { body }),
  importFile: async (file: File) => call('POST /api/tasks/import', { body: { name: file.name, ...(await contentOf(file)) } }),
  edit: (id: string, body: Given<'POST /api/tasks/:id/edit'>['body']) =>
    call('POST /api/tasks/:id/edit', { params: { id }, body }),
  graph: (query: Given<'GET /api/graph'>['query'], signal?: AbortSignal) => call('GET /api/graph', { query, signal }),
  spend: (days: number, signal?: AbortSignal) => call('GET /api/budget/spend', { query: { days }, signal }),
  trend: (hours: number, signal?: AbortSignal) => call('GET /api/trend', { query: { hours }, signal }),
  reservations: (signal?: AbortSignal) => call('GET /api/budget', { signal }),
  resetBudget: () => call('POST /api/budget/reset', { body: {} }),
  models: (signal?: AbortSignal) => call('GET /api/models', { signal }),
  settings: (signal?: AbortSignal) => call('GET /api/settings', { signal }),
  workers: (signal?: AbortSignal) => call('GET /api/workers', { signal }),
  startWorkers: (count: number, concurrency: number) => call('POST /api/workers/start', { body: { count, concurrency } }),
  stopWorker: (id: string) => call('POST /api/workers/:id/stop', { params: { id }, body: {} }),
  doctor: (signal?: AbortSignal) => call('GET /api/doctor', { signal }),
  testProvider: () => call('POST /api/provider/test', { body: {} }),
  pace: (signal?: AbortSignal) => call('GET /api/runtime_speed', { signal }),
  savePace: (wait_seconds: number) => call('POST /api/runtime_speed', { body: { wait_seconds } }),
  log: (query: Given<'GET /api/log'>['query'], signal?: AbortSignal) => call('GET /api/log', { query, signal }),
  artifact: (path: string, signal?: AbortSignal) => call('GET /api/artifact/view', { query: { path }, signal }),
};

/** Its text, or its bytes when they are no UTF-8: the panel says then what they are. */
async function contentOf(file: File): Promise<{ content: string } | { base64: string }> {
  const bytes = new Uint8Array(await file.arrayBuffer());
  try {
    return { content: new TextDecoder('utf-8', { fatal: true }).decode(bytes) };
  } catch {
    return { base64: btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join('')) };
  }
}
