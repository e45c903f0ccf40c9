import { type CycleInput, CycleResult, fieldProblemsOf, Problem, StatusReport } from '@vivarium/core';
import { Pool } from 'undici';

/** How a call to the API ended. */
export type CycleAnswer =
  | { readonly kind: 'result'; readonly result: CycleResult }
  | { readonly kind: 'problem'; readonly problem: Problem }
  /** Nobody answered, or the connection broke: the call says nothing about the task. */
  | { readonly kind: 'away'; readonly reason: string }
  /** The API obeys a switch that the worker has not seen yet, or is going down. */
  | { readonly kind: 'closed'; readonly reason: string }
  /** No call to a model is possible before a time that was named: true for every task alike, so no failure of this one. */
  | { readonly kind: 'busy'; readonly reason: string; readonly retry_after_ms: number }
  /** The worker itself gave up: HALT or shutdown. */
  | { readonly kind: 'aborted' };

/** The worker's door to the execution API: keep-alive connections, the internal token, problems as values. */
export interface CycleClient {
  cycle(body: CycleInput, signal: AbortSignal): Promise<CycleAnswer>;
  /** GET /status, or undefined while the API is away. */
  status(signal?: AbortSignal): Promise<StatusReport | undefined>;
  /** True when the API can take calls. */
  ready(signal?: AbortSignal): Promise<boolean>;
  readonly endpoint: string;
  close(): Promise<void>;
}

export interface CycleClientOptions {
  readonly endpoint: string;
  readonly token: string;
  readonly connections: number;
}

/** What is about the API and not about the task: a switch, a full disk, an API that is leaving or knows another token. */
const CLOSED_CODES: ReadonlySet<string> = new Set([
  'VIV_HALTED',
  'VIV_PAUSED',
  'VIV_SHUTTING_DOWN',
  'VIV_STORAGE',
  'VIV_UNHEALTHY',
  'VIV_TOKEN_REQUIRED',
]);
/** A call that names no time ends when the model is silent for too long; this is the net under it. */
const LONGEST_CALL_S = 3_600;
const PROBE_TIMEOUT_MS = 3_000;

export function openCycleClient({ endpoint, token, connections }: CycleClientOptions): CycleClient {
  const url = new URL(endpoint);
  const base = url.pathname.replace(/\/+$/, '');
  const pool = new Pool(url.origin, {
    connections,
    headersTimeout: 0,
    bodyTimeout: 0,
    connectTimeout: 5_000,
    keepAliveTimeout: 30_000,
  });
  const headers = { 'content-type': 'application/json', 'x-vivarium-internal-token': token };

  const get = async (path: string, signal?: AbortSignal) => {
    const timeout = AbortSignal.timeout(PROBE_TIMEOUT_MS);
    const either = signal ? AbortSignal.any([signal, timeout]) : timeout;
    const response = await pool.request({ method: 'GET', path: `${base}${path}`, headers, signal: either });
    return { status: response.statusCode, text: await response.body.text() };
  };

  return {
    endpoint,
    async cycle(body, signal) {
      const patience = AbortSignal.timeout(patienceMs(body.timeout));
      try {
        const response = await pool.request({
          method: 'POST',
          path: `${base}/cycle`,
          headers,
          body: JSON.stringify(body),
          signal: AbortSignal.any([signal, patience]),
        });
        return toAnswer(response.statusCode, response.headers['retry-after'], await response.body.text());
      } catch (error) {
        if (signal.aborted) return { kind: 'aborted' };
        if (patience.aborted) return { kind: 'problem', problem: gaveUp(body.timeout) };
        return { kind: 'away', reason: `the execution API at ${endpoint} does not answer: ${reasonOf(error)}` };
      }
    },
    async status(signal) {
      try {
        const { status, text } = await get('/status', signal);
        const report = status === 200 ? StatusReport.safeParse(parsed(text)) : undefined;
        return report?.success ? report.data : undefined;
      } catch {
        return undefined;
      }
    },
    async ready(signal) {
      try {
        return (await get('/healthz', signal)).status < 500;
      } catch {
        return false;
      }
    },
    close: () => pool.destroy(),
  };
}

/** The gate behind the API may wait for money and for its turn, and a resident's cycle has many calls. */
function patienceMs(timeoutS: number | undefined): number {
  return ((timeoutS ?? LONGEST_CALL_S) * 6 + 120) * 1_000;
}

function toAnswer(status: number, retryAfter: string | string[] | undefined, text: string): CycleAnswer {
  const json = parsed(text);
  if (status === 200) {
    const result = CycleResult.safeParse(json);
    if (result.success) return { kind: 'result', result: result.data };
    const [wrong] = fieldProblemsOf(result.error, { at: 'body' });
    return { kind: 'problem', problem: odd(502, `the execution API answered with a body that does not fit (${wrong?.field})`) };
  }
  const read = Problem.safeParse(json);
  const problem = read.success ? read.data : odd(status, `the execution API answered ${status} without a problem document`);
  if (status === 423 || CLOSED_CODES.has(problem.code)) return { kind: 'closed', reason: problem.detail };
  const seconds = Number(retryAfter);
  const wait = problem.retry_after_ms ?? (Number.isFinite(seconds) && seconds > 0 ? seconds * 1_000 : undefined);
  if (problem.disposition === 'retry_after_backoff' && wait !== undefined)
    return { kind: 'busy', reason: problem.detail, retry_after_ms: wait };
  return { kind: 'problem', problem: wait === undefined ? problem : { ...problem, retry_after_ms: wait } };
}

function odd(status: number, detail: string): Problem {
  return { type: 'about:blank', title: 'Unexpected answer', status, detail, code: 'VIV_API_ANSWER' };
}

function gaveUp(timeoutS: number | undefined): Problem {
  const detail = `the execution API gave no answer within ${patienceMs(timeoutS) / 1_000} s`;
  return { ...odd(504, detail), title: 'No answer', code: 'VIV_API_TIMEOUT' };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return 'code' in error && typeof error.code === 'string' ? error.code : error.message;
}
