import { affordableTokens, type BudgetLedger, estimateCall } from '@vivarium/core';
import { BudgetBusyError, BudgetExceededError } from '../../errors/index.ts';
import type { Attempt, AuditEnd } from '../attempts/attempt.ts';

type Ledger = Pick<BudgetLedger, 'reserve' | 'spentOn'>;

/** Writes a try's audit line, and settles what it had reserved. */
export interface AttemptRecords {
  line(attempt: Attempt, end: AuditEnd): void;
  close(attempt: Attempt, end: AuditEnd): Promise<void>;
}

/** The money of one try: whether the task's cap pays for it at all, and the reservation before the call. */
export class Purse {
  readonly #budget: Ledger;
  readonly #records: AttemptRecords;

  constructor(budget: Ledger, records: AttemptRecords) {
    this.#budget = budget;
    this.#records = records;
  }

  /** A cap that does not pay for the least call is refused before anything waits for it. @throws BudgetExceededError */
  check(attempt: Attempt): void {
    const { call } = attempt;
    const { minimum_usd } = needOf(attempt);
    if (call.cap_usd === undefined || minimum_usd === 0) return;
    const spent = this.#spentOn(call.task_id);
    if (minimum_usd <= call.cap_usd - spent + 1e-12) return;
    this.#records.line(attempt, { event: 'TASK_BUDGET_EXCEEDED', outcome: 'refused', estimated_cost: minimum_usd });
    throw new BudgetExceededError(
      'task',
      `The budget of $${call.cap_usd} pays for no call: $${round6(spent)} is spent and the least call costs $${round6(minimum_usd)}`,
      'Raise the task’s max_budget, then retry it',
    );
  }

  /** Whether what is left for the task pays for this try with an answer that is long enough. */
  affords({ call, model, input_bound, max_tokens }: Attempt): boolean {
    if (call.cap_usd === undefined) return true;
    const tokens = Math.min(max_tokens, call.enough_tokens ?? max_tokens);
    return estimateCall(model.price, input_bound, tokens).amount_usd <= call.cap_usd - this.#spentOn(call.task_id) + 1e-12;
  }

  /**
   * Money first: what is granted decides how long the answer may be. A free call reserves nothing.
   * @throws BudgetExceededError, BudgetBusyError, the signal's reason
   */
  async reserve(attempt: Attempt, signal: AbortSignal): Promise<void> {
    const { model, input_bound } = attempt;
    const need = needOf(attempt);
    if (need.amount_usd === 0) return;
    const patience = AbortSignal.timeout(Math.max(1, Math.min(2 ** 31 - 1, Math.ceil(attempt.left_ms))));
    const givenUp = AbortSignal.any([signal, patience]);
    const why = () => (signal.aborted ? signal.reason : new BudgetBusyError());
    const answer = await this.#budget.reserve(requestOf(attempt, need), givenUp).catch((error: unknown) => {
      throw givenUp.aborted && error === givenUp.reason ? why() : error;
    });
    if (!answer.granted) {
      const event = answer.level === 'task' ? 'TASK_BUDGET_EXCEEDED' : 'BUDGET_EXCEEDED';
      this.#records.line(attempt, { event, outcome: 'refused', estimated_cost: need.minimum_usd });
      const least = `$${round6(answer.left_usd)} is left and the least call costs $${round6(need.minimum_usd)}`;
      throw new BudgetExceededError(answer.level, `The budget of the ${answer.level} is used up: ${least}`, answer.fix);
    }
    attempt.reserved_usd = answer.amount_usd;
    if (givenUp.aborted) {
      const error = 'given up before it was asked';
      await this.#records.close(attempt, { event: 'API_CALL_ABORTED', outcome: 'aborted', cost: 0, error });
      throw why();
    }
    const { max_tokens, excess } = attempt;
    attempt.max_tokens =
      Math.floor(affordableTokens(model.price, input_bound, answer.amount_usd, Math.ceil(max_tokens * excess)) / excess) || 1;
  }

  #spentOn(task_id: string | undefined): number {
    return task_id === undefined ? 0 : this.#budget.spentOn(task_id);
  }
}

/** What a try may cost at worst, and at least; a model that has passed its limit may do so again. */
const needOf = ({ model, input_bound, max_tokens, excess }: Attempt) =>
  estimateCall(model.price, input_bound, Math.ceil(max_tokens * excess));

function requestOf(
  { call, call_id, model, provider, number, input_bound }: Attempt,
  need: { amount_usd: number; minimum_usd: number },
) {
  const inTask = call.task_id !== undefined;
  return {
    call_id,
    ...(inTask ? { task_id: call.task_id } : {}),
    ...(call.identity_id === undefined ? {} : { identity_id: call.identity_id }),
    ...(inTask && call.cap_usd !== undefined ? { task_cap_usd: call.cap_usd } : {}),
    amount_usd: inTask ? need.amount_usd : Math.min(need.amount_usd, call.cap_usd ?? need.amount_usd),
    ...(call.enough_tokens === undefined
      ? {}
      : { enough_usd: estimateCall(model.price, input_bound, call.enough_tokens).amount_usd }),
    minimum_usd: need.minimum_usd,
    about: { user: call.user, purpose: call.purpose, provider: provider.name, model: model.id, attempt: number },
  };
}

const round6 = (usd: number): number => Math.round(usd * 1e6) / 1e6;
