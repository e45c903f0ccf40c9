import type { TaskRow } from '../../../../src/protocol/tasks.ts';
import { lookOf } from '../../parts/status.tsx';
import { isStatus, type Status, statusesThatEnd } from '../../state/status.ts';

export interface Filter {
  readonly status: string;
  readonly text: string;
  readonly resident: string;
  readonly min_cost: string;
  readonly held: string;
  /** The statuses in words. */
  readonly words: string;
}

/** A choice of statuses as the address and the server write it. */
export const choiceOf = (statuses: readonly Status[]): string => statuses.join(',');

const OPEN = choiceOf(statusesThatEnd('open'));

export const FILTERS = [
  { name: 'All', status: '', held: '' },
  { name: 'Open', status: OPEN, held: '' },
  { name: 'Needs you', status: OPEN, held: 'true' },
  { name: 'Approved', status: choiceOf(statusesThatEnd('well')), held: '' },
  { name: 'Failed', status: choiceOf(statusesThatEnd('badly')), held: '' },
] as const;

export function filterOf(params: URLSearchParams): Filter {
  const of = (key: string) => params.get(key) ?? '';
  const status = of('status');
  return {
    status,
    text: of('text'),
    resident: of('resident'),
    min_cost: of('min_cost'),
    held: of('held'),
    words: wordsOf(status),
  };
}

/** Whether a row of the feed belongs to what is shown. */
export function fits(filter: Filter, row: TaskRow): boolean {
  const { status, text, resident, min_cost, held } = filter;
  return (
    (status === '' || status.split(',').includes(row.status)) &&
    (text === '' || `${row.id} ${row.title}`.toLowerCase().includes(text.toLowerCase())) &&
    (resident === '' || row.resident === resident) &&
    (min_cost === '' || row.spent_usd >= Number(min_cost)) &&
    (held === '' || (row.hold !== undefined) === (held === 'true'))
  );
}

export const isFiltered = ({ status, text, resident, min_cost, held }: Filter): boolean =>
  [status, text, resident, min_cost, held].some((value) => value !== '');

function wordsOf(status: string): string {
  return status
    .split(',')
    .map((one) => (isStatus(one) ? lookOf(one).word : one))
    .join(', ');
}
