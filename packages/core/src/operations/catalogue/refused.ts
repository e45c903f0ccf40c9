import { REFUSALS, type RefusalReason, type Refused, refusalCode } from '../../contract/refusals.ts';
import { type ExitReason, VivariumError } from '../../errors/index.ts';

/** An expected no, with what the registry of refusals makes of it for each door. Nothing was changed. */
export class RefusedError extends VivariumError {
  readonly code: string;
  readonly status: number;
  readonly disposition = 'fail';
  override readonly exit: ExitReason;
  readonly reason: RefusalReason;

  constructor({ reason, fix }: Pick<Refused, 'reason' | 'fix'>) {
    super(fix);
    const meaning = REFUSALS[reason];
    this.reason = reason;
    this.code = refusalCode(reason);
    this.status = meaning.status;
    this.exit = meaning.exit;
  }
}

/** A decision that does not fit how the task stands: for a command there is nothing to do. Nothing was changed. */
export class NothingToDecideError extends VivariumError {
  readonly code: string;
  readonly status: number;
  readonly disposition = 'fail';
  override readonly exit = 'nothing';

  constructor({ message, code, status, fix }: VivariumError) {
    super(message, fix === undefined ? {} : { fix });
    this.code = code;
    this.status = status;
  }
}
