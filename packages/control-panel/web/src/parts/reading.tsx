import type { ReactNode } from 'react';
import type { Read } from '../state/society.ts';
import { Loading, Trouble } from './card.tsx';

/** What was read; until then that it is on its way, or why it cannot be shown. */
export function Reading<T>({
  read,
  label,
  lines = 4,
  children,
}: {
  read: Read<T>;
  label: string;
  lines?: number;
  children: (data: T) => ReactNode;
}) {
  const { data, trouble, again } = read;
  if (data === undefined)
    return trouble ? (
      <Trouble text={trouble.message} fix={trouble.fix} onRetry={again} />
    ) : (
      <Loading label={label} lines={lines} />
    );
  return (
    <>
      {trouble ? <Trouble text={`This may be old: ${trouble.message}`} fix={trouble.fix} onRetry={again} /> : null}
      {children(data)}
    </>
  );
}
