import { Link } from 'wouter';
import type { TaskRow } from '../../../src/protocol/tasks.ts';
import { inAddress } from '../state/address.ts';

/** A task's title, leading to its page. */
export function TaskLink({ row, className = '' }: { row: TaskRow; className?: string }) {
  return (
    <Link href={`/tasks/${inAddress(row.id)}`} className={`break-words font-medium hover:text-leaf hover:underline ${className}`}>
      {row.title}
    </Link>
  );
}
