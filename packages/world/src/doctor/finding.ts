/** One thing that was looked at. Everything but `ok` names its fix. */
export interface Finding {
  readonly level: 'ok' | 'warning' | 'error';
  readonly check: string;
  readonly message: string;
  readonly file?: string;
  readonly line?: number;
  readonly fix?: string;
}
