import { Link } from 'wouter';
import type { TaskRow } from '../../../src/protocol.ts';

/** A task's title, leading to its page. */
export function TaskLink({ row, className = '' }: { row: TaskRow; className?: string }) {
  return (
    <Link
      href={`/tasks/${encodeURIComponent(row.id)}`}
      className={`break-words font-medium hover:text-leaf hover:underline ${className}`}
    >
      {row.title}
    </Link>
  );
}
