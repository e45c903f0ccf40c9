import { VivariumError } from '@vivarium/core';

/** A request the panel cannot serve as it came. Nothing was changed. */
export class RequestRefused extends VivariumError {
  readonly disposition = 'fail';
  readonly status: number;
  readonly code: string;

  constructor(status: number, code: string, message: string, fix?: string) {
    super(message, fix === undefined ? {} : { fix });
    this.status = status;
    this.code = code;
  }
}

export function notFound(what: string, fix?: string): RequestRefused {
  return new RequestRefused(404, 'VIV_NOT_FOUND', what, fix);
}
