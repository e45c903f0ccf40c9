import { median, quantile } from './stats.ts';

export interface Row {
  readonly name: string;
  readonly unit: string;
  readonly values: number[];
  /** Name of the row this one is set against. */
  readonly against?: string;
  /** What it should reach: the ratio where there is one, else the value. */
  readonly target?: string;
  readonly skipped?: string;
}

/** Rows by name, in order of appearance. */
export class Report {
  readonly #rows = new Map<string, Row>();

  add(row: Omit<Row, 'values'>, ...values: number[]): void {
    const known = this.#rows.get(row.name);
    if (known) known.values.push(...values);
    else this.#rows.set(row.name, { ...row, values: [...values] });
  }

  /** Ratios are taken round by round, so that a machine that slows down slows both sides. */
  ratio(row: Row): number | undefined {
    const base = row.against === undefined ? undefined : this.#rows.get(row.against);
    if (!base || row.values.length === 0) return undefined;
    return median(row.values.map((value, round) => value / (base.values[round] ?? median(base.values))));
  }

  toJSON() {
    return [...this.#rows.values()].map((row) => ({ ...row, median: median(row.values), ratio: this.ratio(row) }));
  }

  /** `second` beside the median: the ratio to another row, or where 19 of 20 values lie below. */
  table(second: 'ratio' | 'p95' = 'ratio'): string {
    const head = `${'measurement'.padEnd(54)}${'median'.padStart(14)}  ${second.padStart(7)}  target`;
    const lines = [...this.#rows.values()].map((row) => {
      if (row.skipped !== undefined) return `${row.name.padEnd(54)}skipped: ${row.skipped}`;
      const middle = median(row.values);
      const shown = `${middle.toFixed(middle < 100 ? 2 : 0)} ${row.unit}`;
      const beside = second === 'p95' ? quantile(row.values, 0.95).toFixed(0) : (this.ratio(row)?.toFixed(2) ?? '');
      return `${row.name.padEnd(54)}${shown.padStart(14)}  ${beside.padStart(7)}  ${row.target ?? ''}`;
    });
    return [head, ...lines].join('\n');
  }
}
