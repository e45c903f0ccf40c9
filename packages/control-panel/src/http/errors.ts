import { type FieldProblem, InvalidInputError, VivariumError } from '@vivarium/core';
import type { ErrorRequestHandler } from 'express';
import type { Refusal } from '../protocol/refusal.ts';

/** Where faults nobody expected are written. */
export interface FaultLog {
  error(details: object, message: string): void;
}

/** Turns every failure into `{success: false, error, …}` with a fitting status; a surprise shows none of its inside. */
export function errorAnswers(log: FaultLog): ErrorRequestHandler {
  return (error: unknown, _request, response, next) => {
    if (response.headersSent) return next(error);
    const { status, body } = refusalOf(error);
    if (status >= 500) log.error({ err: error }, 'A request to the panel failed');
    response.status(status).json(body);
  };
}

function refusalOf(error: unknown): { status: number; body: Refusal } {
  if (error instanceof VivariumError) return { status: error.status, body: refusalFrom(error) };
  const parser = bodyParserFault(error);
  if (parser) return parser;
  const body: Refusal = {
    success: false,
    error: 'The panel could not do this',
    code: 'VIV_INTERNAL',
    fix: "See the panel's log on its terminal for the cause",
  };
  return { status: 500, body };
}

function refusalFrom(error: VivariumError): Refusal {
  return {
    success: false,
    error: error.message,
    code: error.code,
    ...(error.fix === undefined ? {} : { fix: error.fix }),
    ...(error instanceof InvalidInputError ? { errors: error.problems.map(told) } : {}),
  };
}

const told = ({ field, message, line }: FieldProblem) => ({
  field,
  message: line === undefined ? message : `line ${line}: ${message}`,
});

/** What express and its body parser raise: broken JSON, a body that is too large, an address that does not decode. */
function bodyParserFault(error: unknown): { status: number; body: Refusal } | undefined {
  if (!(error instanceof Error) || !('status' in error) || typeof error.status !== 'number') return undefined;
  if (error.status === 413)
    return answer(
      413,
      'VIV_TOO_LARGE',
      'The body is larger than 1 MB',
      'Send less, or add many tasks with: pnpm worker add --file',
    );
  if ('type' in error && error.type === 'entity.parse.failed')
    return answer(400, 'VIV_BAD_JSON', `The body is not valid JSON: ${error.message}`, 'Correct the JSON and send it again');
  if (error.status >= 400 && error.status < 500) return answer(error.status, 'VIV_BAD_REQUEST', 'The request cannot be read');
  return undefined;
}

function answer(status: number, code: string, error: string, fix?: string): { status: number; body: Refusal } {
  return { status, body: { success: false, error, code, ...(fix === undefined ? {} : { fix }) } };
}
