import { fieldProblemLines, fieldProblemsOf, VivariumError } from '@vivarium/core';
import { z } from 'zod';

/** The door's own word against a request: too many of them, or one too large. As with money, asking again does not help. */
export class ExecutorLimitError extends VivariumError {
  readonly code = 'VIV_EXECUTOR_LIMIT';
  readonly status = 402;
  readonly disposition = 'fail';

  constructor(what: string) {
    super(`This attempt has used up its ${what}`, { fix: 'Give the executor a smaller task, or use another executor' });
  }
}

export interface Refusal {
  readonly status: number;
  readonly code: string;
  readonly message: string;
  /** Asking again will never help. */
  readonly final: boolean;
}

/** Agents ask again for a minute at 429, and at most 5xx: neither is said of what will not change. */
const NEVER_TO_SAY = new Set([429, 500, 502, 503, 504]);
const STOPPED = new Set(['VIV_HALTED', 'VIV_PAUSED', 'VIV_SHUTTING_DOWN']);

/** What an executor is told of a call without an answer. */
export function refusalOf(error: unknown): Refusal {
  if (error instanceof z.ZodError) {
    const message = fieldProblemLines(fieldProblemsOf(error, { at: 'body' }).slice(0, 5));
    return { status: 400, code: 'VIV_INVALID_INPUT', message, final: false };
  }
  if (error instanceof SyntaxError)
    return { status: 400, code: 'VIV_INVALID_INPUT', message: `the body is not JSON: ${error.message}`, final: false };
  if (!(error instanceof VivariumError))
    return { status: 403, code: 'VIV_EXECUTOR', message: 'the call could not be made', final: true };
  const { code, message, status } = error;
  if (STOPPED.has(code)) return { status: 503, code, message, final: true };
  return { status: NEVER_TO_SAY.has(status) ? 403 : status, code, message, final: true };
}
