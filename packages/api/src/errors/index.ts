import { type Disposition, type ErrorDetails, type SafetyReport, VivariumError } from '@vivarium/core';

/** The model is not on the whitelist, so it is not called. HTTP 403. */
export class ModelNotAllowedError extends VivariumError {
  readonly code = 'VIV_MODEL_NOT_ALLOWED';
  readonly status = 403;
  readonly disposition = 'fail';
}

/** A model whose price nobody knows is not called: an unknown price is never zero. HTTP 403. */
export class PriceUnknownError extends VivariumError {
  readonly code = 'VIV_PRICE_UNKNOWN';
  readonly status = 403;
  readonly disposition = 'hold_for_person';

  constructor(model: string, modelsFile: string) {
    super(`Nobody knows the price of the model ${model}, so it is not called`, {
      fix: `Give it a price: models["${model}"].price_usd_per_million = { "input": …, "output": … } in ${modelsFile}`,
      data: { model },
    });
  }
}

/** Money does not reach for this call on one level. Nothing was called. HTTP 402. */
export class BudgetExceededError extends VivariumError {
  readonly code = 'VIV_BUDGET_EXCEEDED';
  readonly status = 402;
  readonly disposition = 'hold_for_person';
  readonly level: 'task' | 'identity' | 'run';

  constructor(level: 'task' | 'identity' | 'run', message: string, fix: string) {
    super(message, { fix, data: { level } });
    this.level = level;
  }
}

/** How long a call whose money others have reserved may wait before it asks for it again. */
const BUSY_MS = 5_000;

/** Other calls hold the money this one needs, for longer than it may wait. Nothing was called. HTTP 402. */
export class BudgetBusyError extends VivariumError {
  readonly code = 'VIV_BUDGET_BUSY';
  readonly status = 402;
  readonly disposition = 'retry_after_backoff';

  constructor() {
    super('Other calls have reserved the money this one needs', {
      fix: 'Try again when they are settled, or raise the budget',
      data: { retry_after_ms: BUSY_MS },
    });
  }
}

/** Our own limit on model calls per minute, with the time until there is room. HTTP 429. */
export class RateLimitedError extends VivariumError {
  readonly code = 'VIV_RATE_LIMITED';
  readonly status = 429;
  readonly disposition = 'retry_after_backoff';

  constructor(perMinute: number, retryAfterMs: number) {
    super(`More than ${perMinute} model calls were asked for within a minute`, {
      fix: `Try again in ${Math.ceil(retryAfterMs / 1000)} s, or raise SWARM_RATE_LIMIT`,
      data: { retry_after_ms: retryAfterMs },
    });
  }
}

/** How a model provider failed us. */
export type ProviderFault =
  | 'rate_limited'
  | 'unavailable'
  | 'timeout'
  | 'bad_reply'
  | 'no_credit'
  | 'misconfigured'
  | 'forbidden'
  | 'bad_address'
  | 'unknown_model'
  | 'invalid_request'
  | 'fails_request'
  | 'output_limit'
  | 'bad_output'
  | 'absent';

const FAULTS: Record<ProviderFault, { code: string; status: number; disposition: Disposition }> = {
  rate_limited: { code: 'VIV_PROVIDER_RATE_LIMITED', status: 429, disposition: 'retry_after_backoff' },
  unavailable: { code: 'VIV_PROVIDER_UNAVAILABLE', status: 503, disposition: 'retry_after_backoff' },
  timeout: { code: 'VIV_PROVIDER_TIMEOUT', status: 504, disposition: 'retry_after_backoff' },
  bad_reply: { code: 'VIV_PROVIDER_BAD_REPLY', status: 502, disposition: 'retry_after_backoff' },
  no_credit: { code: 'VIV_PROVIDER_NO_CREDIT', status: 503, disposition: 'hold_for_person' },
  misconfigured: { code: 'VIV_PROVIDER_MISCONFIGURED', status: 503, disposition: 'hold_for_person' },
  forbidden: { code: 'VIV_PROVIDER_FORBIDDEN', status: 503, disposition: 'hold_for_person' },
  bad_address: { code: 'VIV_PROVIDER_BAD_ADDRESS', status: 502, disposition: 'hold_for_person' },
  unknown_model: { code: 'VIV_PROVIDER_UNKNOWN_MODEL', status: 502, disposition: 'hold_for_person' },
  invalid_request: { code: 'VIV_PROVIDER_REFUSED_REQUEST', status: 502, disposition: 'hold_for_person' },
  fails_request: { code: 'VIV_PROVIDER_FAILS_REQUEST', status: 422, disposition: 'hold_for_person' },
  output_limit: { code: 'VIV_OUTPUT_LIMIT', status: 422, disposition: 'hold_for_person' },
  bad_output: { code: 'VIV_MODEL_BAD_OUTPUT', status: 502, disposition: 'retry_after_backoff' },
  absent: { code: 'VIV_NO_PROVIDER', status: 503, disposition: 'hold_for_person' },
};

/** The provider did not answer the call. The fault decides code, HTTP status and disposition. */
export class ProviderError extends VivariumError {
  readonly fault: ProviderFault;
  readonly code: string;
  readonly status: number;
  readonly disposition: Disposition;

  constructor(fault: ProviderFault, message: string, details: ErrorDetails = {}) {
    super(message, details);
    this.fault = fault;
    ({ code: this.code, status: this.status, disposition: this.disposition } = FAULTS[fault]);
  }
}

/** A person halted or paused the world: nothing new starts, and HALT also ends what runs. HTTP 423. */
export class StoppedError extends VivariumError {
  readonly code: 'VIV_HALTED' | 'VIV_PAUSED';
  readonly status = 423;
  readonly disposition = 'retry_after_backoff';

  constructor(state: 'halted' | 'paused') {
    super(state === 'halted' ? 'Everything is halted: nothing runs' : 'Everything is paused: nothing new starts', {
      fix: `Resume in the panel or with: pnpm worker resume (removes the file ${state === 'halted' ? 'HALT' : 'PAUSE'})`,
    });
    this.code = state === 'halted' ? 'VIV_HALTED' : 'VIV_PAUSED';
  }
}

/** This process is about to end, so it starts nothing. HTTP 503. */
export class ShuttingDownError extends VivariumError {
  readonly code = 'VIV_SHUTTING_DOWN';
  readonly status = 503;
  readonly disposition = 'retry_after_backoff';

  constructor() {
    super('The API is shutting down', { fix: 'Try again when it is back' });
  }
}

/** The key belongs to another request. Nothing was run. HTTP 409. */
export class KeyConflictError extends VivariumError {
  readonly code = 'VIV_EXECUTION_KEY_CONFLICT';
  readonly status = 409;
  readonly disposition = 'fail';

  constructor(key: string) {
    super(`The execution key ${key} belongs to a request with another body`, {
      fix: 'Use a new key for another request; attempts of one task are numbered <task_id>#<attempt>',
    });
  }
}

/** Safety, or the rules for local commands, refused. HTTP 403. */
export class BlockedError extends VivariumError {
  readonly code: string;
  readonly status = 403;
  readonly disposition = 'block';
  readonly safetyReport: SafetyReport;

  constructor(code: 'VIV_SAFETY_BLOCKED' | 'VIV_COMMAND_BLOCKED', message: string, report: SafetyReport, fix?: string) {
    super(message, fix === undefined ? {} : { fix });
    this.code = code;
    this.safetyReport = report;
  }
}

/** The skill that was named is not there, does not read, or has no code. Nothing was run. HTTP 404. */
export class SkillUnusableError extends VivariumError {
  readonly code = 'VIV_SKILL_UNUSABLE';
  readonly status = 404;
  readonly disposition = 'fail';

  constructor(message: string, fix: string) {
    super(message, { fix });
  }
}

/** The task changes a project that is not there, or cannot be used. Nothing was asked of a model. HTTP 422. */
export class ProjectUnusableError extends VivariumError {
  readonly code = 'VIV_PROJECT_UNUSABLE';
  readonly status = 422;
  readonly disposition = 'hold_for_person';

  constructor(project: string) {
    super(`The project ${project} cannot be used`, {
      fix: `See what is wrong with it: pnpm worker project check ${project}`,
      data: { project },
    });
  }
}

/** The executor of a change is not set up, or not as it should be. Nothing was asked of a model. HTTP 422. */
export class ExecutorUnusableError extends VivariumError {
  readonly code = 'VIV_EXECUTOR_UNUSABLE';
  readonly status = 422;
  readonly disposition = 'hold_for_person';
}

/** The executor of a change ended in an error and changed nothing. HTTP 502. */
export class ExecutorFailedError extends VivariumError {
  readonly code = 'VIV_EXECUTOR_FAILED';
  readonly status = 502;
  readonly disposition = 'retry_after_backoff';

  constructor(executor: string, said: string) {
    super(`The executor ${executor} changed nothing: ${said}`, {
      fix: `See whether it works here: pnpm worker executor try ${executor}`,
      data: { executor },
    });
  }
}

/** A test was asked for, and the task has no change that waits for one. HTTP 409. */
export class NothingToTestError extends VivariumError {
  readonly code = 'VIV_NOTHING_TO_TEST';
  readonly status = 409;
  readonly disposition = 'fail';

  constructor(task_id: string) {
    super(`The task ${task_id} has no change that is handed in`, { fix: 'Ask again once it has one', data: { task_id } });
  }
}

/** Any refusal that is only an HTTP status with words. */
export class RequestRefusedError extends VivariumError {
  readonly code: string;
  readonly status: number;
  readonly disposition = 'fail';

  constructor(status: number, code: string, message: string, fix?: string) {
    super(message, fix === undefined ? {} : { fix });
    this.status = status;
    this.code = code;
  }
}
