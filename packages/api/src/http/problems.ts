import { STATUS_CODES } from 'node:http';
import { InvalidInputError, type Problem, VivariumError } from '@vivarium/core';
import { BlockedError } from '../errors/index.ts';

export const PROBLEM_JSON = 'application/problem+json; charset=utf-8';

/** The problem that a failure is told as (RFC 9457). Unknown failures tell nothing of their inside. */
export function problemOf(error: unknown): Problem {
  if (error instanceof VivariumError) return ofOurs(error);
  const { status, code, message } = ofFastify(error);
  return problem(status, code, message);
}

export function problem(status: number, code: string, detail: string, more: Partial<Problem> = {}): Problem {
  return { type: 'about:blank', title: STATUS_CODES[status] ?? 'Error', status, detail, code, ...more };
}

/** `retry-after` in whole seconds, for problems that name a time. */
export function retryAfterSeconds({ retry_after_ms }: Problem): string | undefined {
  return retry_after_ms === undefined ? undefined : String(Math.max(1, Math.ceil(retry_after_ms / 1000)));
}

function ofOurs(error: VivariumError): Problem {
  const wait = error.data['retry_after_ms'];
  return problem(error.status, error.code, error.message, {
    disposition: error.disposition,
    ...(error.fix === undefined ? {} : { fix: error.fix }),
    ...(typeof wait === 'number' ? { retry_after_ms: Math.ceil(wait) } : {}),
    ...(error instanceof InvalidInputError ? { errors: error.problems.map(({ field, message }) => ({ field, message })) } : {}),
    ...(error instanceof BlockedError ? { safety_report: error.safetyReport } : {}),
  });
}

const TOLD: Readonly<Record<number, readonly [code: string, message: string]>> = {
  400: ['VIV_INVALID_INPUT', 'The body is not valid JSON'],
  404: ['VIV_NOT_FOUND', 'There is nothing at this address'],
  413: ['VIV_TOO_LARGE', 'The body is larger than 2 MB'],
  415: ['VIV_NOT_JSON', 'The body must be JSON: send content-type: application/json'],
};

/** The server cannot take the request as it came. */
const REFUSED = 'VIV_REFUSED';

/** What the server itself refuses before any handler runs. */
function ofFastify(error: unknown): { status: number; code: string; message: string } {
  const status = error instanceof Error && 'statusCode' in error && typeof error.statusCode === 'number' ? error.statusCode : 500;
  const told = TOLD[status];
  if (told) return { status, code: told[0], message: told[1] };
  if (status < 500 && error instanceof Error) return { status, code: REFUSED, message: error.message };
  return { status: 500, code: 'VIV_INTERNAL', message: 'Something went wrong inside; the log of the API says what' };
}
