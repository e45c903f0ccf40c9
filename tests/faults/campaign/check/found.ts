/** The promises of docs/architecture.md, as the table names them. */
export const PROMISES = [
  'nothing gets stuck',
  'a cap is never passed',
  'done means verified',
  'nothing is lost',
  'nothing is done twice',
  'nothing runs loose',
  'told means synced',
  'bad input is refused',
] as const;
export type PromiseName = (typeof PROMISES)[number];

export interface Violation {
  readonly promise: PromiseName;
  readonly what: string;
}

/** What a part of the checker found, and the figures that say how much it looked at. */
export class Found {
  readonly violations: Violation[] = [];
  readonly figures: Record<string, number> = {};

  broke(promise: PromiseName, what: string): void {
    this.violations.push({ promise, what });
  }

  count(name: string, by = 1): void {
    this.figures[name] = (this.figures[name] ?? 0) + by;
  }
}
