import type { LiveText, TaskAdded, TaskPage } from '../../../src/protocol.ts';
import type {
  BulkAnswer,
  CrewMember,
  DoctorAnswer,
  GraphAnswer,
  LogPage,
  ModelsAnswer,
  ProviderTest,
  SettingsAnswer,
  SpendReport,
  TrendAnswer,
  WorkersAnswer,
} from '../../../src/protocol-work.ts';
import { inAddress } from './address.ts';
import { call } from './api.ts';

export interface TaskQuery {
  readonly status?: string;
  readonly text?: string;
  readonly resident?: string;
  readonly min_cost?: string;
  readonly held?: string;
  readonly cursor?: string;
  readonly limit?: string;
}

export interface BulkBody {
  readonly verb: 'approve' | 'reject' | 'retry' | 'cancel';
  readonly ids?: readonly string[];
  readonly status?: readonly string[];
  readonly text?: string;
  readonly resident?: string;
  readonly reason?: string;
  readonly dry_run?: boolean;
}

const query = (fields: object): string => {
  const found = new URLSearchParams();
  for (const [key, value] of Object.entries(fields)) if (value !== undefined && value !== '') found.set(key, String(value));
  return found.toString();
};

/** What the pages about tasks, money, the log and the settings ask for. */
export const workApi = {
  tasks: (fields: TaskQuery, signal?: AbortSignal): Promise<TaskPage> =>
    call('GET', `/api/tasks?${query({ limit: '100', ...fields })}`, undefined, signal),
  live: (id: string, signal?: AbortSignal): Promise<LiveText> =>
    call('GET', `/api/tasks/${inAddress(id)}/live`, undefined, signal),
  bulk: (body: BulkBody): Promise<BulkAnswer> => call('POST', '/api/tasks/bulk', body),
  importFile: async (file: File): Promise<TaskAdded> =>
    call('POST', '/api/tasks/import', { name: file.name, ...(await contentOf(file)) }),
  edit: (id: string, changes: object): Promise<{ status: string }> => call('POST', `/api/tasks/${inAddress(id)}/edit`, changes),
  graph: (fields: { focus?: string; levels?: number }, signal?: AbortSignal): Promise<GraphAnswer> =>
    call('GET', `/api/graph?${query(fields)}`, undefined, signal),
  spend: (days: number, signal?: AbortSignal): Promise<SpendReport> =>
    call('GET', `/api/budget/spend?days=${days}`, undefined, signal),
  trend: (hours: number, signal?: AbortSignal): Promise<TrendAnswer> =>
    call('GET', `/api/trend?hours=${hours}`, undefined, signal),
  reservations: (signal?: AbortSignal): Promise<{ reservations: readonly Reservation[] }> =>
    call('GET', '/api/budget', undefined, signal),
  resetBudget: (): Promise<object> => call('POST', '/api/budget/reset', {}),
  models: (signal?: AbortSignal): Promise<ModelsAnswer> => call('GET', '/api/models', undefined, signal),
  settings: (signal?: AbortSignal): Promise<SettingsAnswer> => call('GET', '/api/settings', undefined, signal),
  workers: (signal?: AbortSignal): Promise<WorkersAnswer> => call('GET', '/api/workers', undefined, signal),
  startWorkers: (count: number, concurrency: number): Promise<{ started: readonly CrewMember[] }> =>
    call('POST', '/api/workers/start', { count, concurrency }),
  stopWorker: (id: string): Promise<object> => call('POST', `/api/workers/${inAddress(id)}/stop`, {}),
  doctor: (signal?: AbortSignal): Promise<DoctorAnswer> => call('GET', '/api/doctor', undefined, signal),
  testProvider: (): Promise<ProviderTest> => call('POST', '/api/provider/test', {}),
  pace: (signal?: AbortSignal): Promise<{ wait_seconds: number }> => call('GET', '/api/runtime_speed', undefined, signal),
  savePace: (wait_seconds: number): Promise<{ wait_seconds: number }> => call('POST', '/api/runtime_speed', { wait_seconds }),
  log: (fields: { source: string; text: string; before?: string }, signal?: AbortSignal): Promise<LogPage> =>
    call('GET', `/api/log?${query(fields)}`, undefined, signal),
  artifact: (path: string, signal?: AbortSignal): Promise<{ content: string; size: number }> =>
    call('GET', `/api/artifact/view?${query({ path })}`, undefined, signal),
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

export interface Reservation {
  readonly call_id: string;
  readonly task_id?: string;
  readonly amount_usd: number;
  readonly reserved_at: string;
}
