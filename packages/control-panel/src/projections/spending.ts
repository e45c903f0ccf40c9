import type { ApiAuditLine } from '@vivarium/core';
import type { CallLine, SpendReport, SpendRow, SpendSum } from '../protocol/money.ts';
import { Timeline } from './timeline.ts';

const TASKS_WITH_CALLS = 3000;
const CALLS_PER_TASK = 60;
const ROWS = 100;

type Purse = Map<string, SpendSum>;

interface Day {
  readonly total: SpendSum;
  readonly model: Purse;
  readonly resident: Purse;
  readonly task: Purse;
}

/** What calls to models cost, folded line by line from the audit, so that no reader has to go through the file. */
export class Spending {
  readonly #days = new Map<string, Day>();
  readonly #calls = new Map<string, CallLine[]>();
  readonly #costs = new Timeline();

  see(line: ApiAuditLine): void {
    const day = this.#day(line.timestamp.slice(0, 10));
    book(day.total, line);
    book(purse(day.model, line.model), line);
    book(purse(day.resident, line.identity_id ?? ''), line);
    book(purse(day.task, line.task_id ?? ''), line);
    this.#costs.add(line.timestamp, line.cost);
    if (line.task_id !== null) this.#remember(line.task_id, line);
  }

  /** Sums since a day (`2026-11-24`, UTC), the dearest first; days newest first. */
  report(since: string): SpendReport {
    const days = [...this.#days].filter(([day]) => day >= since).sort(([a], [b]) => b.localeCompare(a));
    const merged = (pick: 'model' | 'resident' | 'task') => rows(days.map(([, day]) => day[pick]));
    const total = emptySum();
    for (const [, day] of days) merge(total, day.total);
    return {
      total,
      by_day: days.map(([key, day]) => ({ key, ...day.total })),
      by_model: merged('model'),
      by_resident: merged('resident'),
      by_task: merged('task'),
    };
  }

  /** The calls made for a task, oldest first; only the newest tasks are remembered. */
  callsOf(taskId: string): readonly CallLine[] {
    return this.#calls.get(taskId) ?? [];
  }

  /** What was spent in each step of a span, oldest first. */
  spentIn(from: number, to: number, step: number): readonly number[] {
    return this.#costs.sums(from, to, step);
  }

  #day(key: string): Day {
    const known = this.#days.get(key);
    if (known) return known;
    const day: Day = { total: emptySum(), model: new Map(), resident: new Map(), task: new Map() };
    this.#days.set(key, day);
    return day;
  }

  #remember(taskId: string, line: ApiAuditLine): void {
    const calls = this.#calls.get(taskId) ?? [];
    this.#calls.delete(taskId);
    this.#calls.set(taskId, [...calls.slice(1 - CALLS_PER_TASK), callLine(line)]);
    for (const oldest of this.#calls.keys()) {
      if (this.#calls.size <= TASKS_WITH_CALLS) break;
      this.#calls.delete(oldest);
    }
  }
}

function callLine(line: ApiAuditLine): CallLine {
  const {
    timestamp: at,
    purpose,
    provider,
    model,
    input_tokens,
    output_tokens,
    cost: cost_usd,
    duration_ms,
    outcome,
    event,
  } = line;
  const call = { at, purpose, provider, model, input_tokens, output_tokens, cost_usd, duration_ms, outcome };
  const failed = event !== 'API_CALL_SUCCESS';
  return { ...call, failed, attempt: line.attempt, ...(line.error === undefined ? {} : { error: line.error.slice(0, 500) }) };
}

const emptySum = (): SpendSum => ({ calls: 0, failed: 0, input_tokens: 0, output_tokens: 0, cost_usd: 0 });

function book(sum: SpendSum, line: ApiAuditLine): void {
  sum.calls += 1;
  if (line.event !== 'API_CALL_SUCCESS') sum.failed += 1;
  sum.input_tokens += line.input_tokens;
  sum.output_tokens += line.output_tokens;
  sum.cost_usd += line.cost;
}

function merge(into: SpendSum, sum: SpendSum): void {
  into.calls += sum.calls;
  into.failed += sum.failed;
  into.input_tokens += sum.input_tokens;
  into.output_tokens += sum.output_tokens;
  into.cost_usd += sum.cost_usd;
}

function purse(purses: Purse, key: string): SpendSum {
  const known = purses.get(key);
  if (known) return known;
  const sum = emptySum();
  purses.set(key, sum);
  return sum;
}

function rows(days: readonly Purse[]): readonly SpendRow[] {
  const sums: Purse = new Map();
  for (const day of days) for (const [key, sum] of day) merge(purse(sums, key), sum);
  const all = [...sums].map(([key, sum]): SpendRow => ({ key, ...sum }));
  return all.sort((a, b) => b.cost_usd - a.cost_usd || b.calls - a.calls).slice(0, ROWS);
}
