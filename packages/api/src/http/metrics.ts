import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { ApiAuditLine, Audit, BudgetState } from '@vivarium/core';
import { Counter, Gauge, Histogram, Registry } from 'prom-client';

const SECONDS = [0.005, 0.02, 0.1, 0.5, 1, 2, 5, 10, 30, 60, 300];

/** What `GET /metrics` tells. One per process, with its own registry, so that two apps in one process do not mix. */
export class Metrics {
  readonly #registry = new Registry();
  readonly #cycles = this.#counter('vivarium_cycles_total', 'Cycles by mode and outcome', ['mode', 'outcome']);
  readonly #seconds = new Histogram({
    name: 'vivarium_cycle_seconds',
    help: 'How long a cycle took',
    labelNames: ['mode'],
    buckets: SECONDS,
    registers: [this.#registry],
  });
  readonly #calls = this.#counter('vivarium_model_calls_total', 'Attempts to call a model', ['provider', 'model', 'event']);
  readonly #tokens = this.#counter('vivarium_model_tokens_total', 'Tokens as charged', ['model', 'direction']);
  readonly #cost = this.#counter('vivarium_model_cost_usd_total', 'US dollars as charged', ['model']);
  readonly #lag = monitorEventLoopDelay({ resolution: 20 });

  constructor(budget: () => BudgetState) {
    this.#lag.enable();
    this.#gauge('vivarium_budget_cap_usd', 'The cap of the whole run', () => budget().cap_usd);
    this.#gauge('vivarium_budget_spent_usd', 'Spent since the last reset', () => budget().spent_usd);
    this.#gauge('vivarium_budget_reserved_usd', 'Reserved for running calls', () => budget().reserved_usd);
    this.#gauge('vivarium_budget_reservations', 'Reservations in force', () => budget().reservations.length);
    this.#gauge('vivarium_event_loop_lag_seconds', 'Event loop delay, 99th percentile since the last reading', () =>
      this.#readLag(),
    );
    this.#gauge('vivarium_resident_memory_bytes', 'Resident memory of this process', () => process.memoryUsage.rss());
  }

  /** Start the watch of one cycle; call what it returns with the outcome. */
  cycle(mode: string): (outcome: string) => void {
    const stop = this.#seconds.startTimer({ mode });
    return (outcome) => {
      stop();
      this.#cycles.inc({ mode, outcome });
    };
  }

  /** An audit of calls to models that counts what it takes. */
  counting(audit: Pick<Audit, 'append' | 'flush'>) {
    return {
      append: (line: ApiAuditLine) => {
        this.#modelCall(line);
        return audit.append(line);
      },
      flush: () => audit.flush(),
    };
  }

  #modelCall({ provider, model, event, input_tokens, output_tokens, cost }: ApiAuditLine): void {
    this.#calls.inc({ provider, model, event });
    this.#tokens.inc({ model, direction: 'input' }, input_tokens);
    this.#tokens.inc({ model, direction: 'output' }, output_tokens);
    this.#cost.inc({ model }, cost);
  }

  get contentType(): string {
    return this.#registry.contentType;
  }

  render(): Promise<string> {
    return this.#registry.metrics();
  }

  close(): void {
    this.#lag.disable();
  }

  #counter<Label extends string>(name: string, help: string, labelNames: Label[]): Counter<Label> {
    return new Counter({ name, help, labelNames, registers: [this.#registry] });
  }

  #gauge(name: string, help: string, read: () => number): void {
    new Gauge({
      name,
      help,
      registers: [this.#registry],
      collect() {
        this.set(read());
      },
    });
  }

  #readLag(): number {
    const lag = this.#lag.percentile(99) / 1e9;
    this.#lag.reset();
    return Number.isFinite(lag) ? lag : 0;
  }
}
