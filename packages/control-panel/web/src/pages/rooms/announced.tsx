import { CircleCheck } from 'lucide-react';
import { Link } from 'wouter';
import type { RoomPost } from '../../../../src/protocol/talk.ts';
import { Word } from '../../parts/small.tsx';
import { inAddress } from '../../state/address.ts';

interface Announcement {
  readonly taskId: string;
  readonly asked: string;
  readonly result: string;
}

/** The approved result that a post announces, as the runtime writes it; undefined where somebody speaks for itself. */
export function announcedIn({ id, task_id, content }: RoomPost): Announcement | undefined {
  const opening = `${task_id} is approved: `;
  if (task_id === undefined || id !== `msg_approved_${task_id}` || !content.startsWith(opening)) return undefined;
  const cut = content.lastIndexOf('\nTask: ');
  if (cut === -1) return undefined;
  return { taskId: task_id, asked: content.slice(cut + '\nTask: '.length), result: content.slice(opening.length, cut) };
}

/** What was asked and, in short, what came of it; the output in its own lines stands on the task's page. */
export function Announced({ taskId, asked, result }: Announcement) {
  return (
    <div className="mt-0.5 flex flex-col gap-1">
      <p className="flex items-start gap-x-2">
        <Word icon={CircleCheck} tone="text-ok">
          Approved
        </Word>
        <Link
          href={`/tasks/${inAddress(taskId)}`}
          className="min-w-0 flex-1 break-words font-medium hover:text-leaf hover:underline"
        >
          {asked || taskId}
        </Link>
      </p>
      {result ? (
        <p className="line-clamp-3 border-l-2 border-line pl-2 text-[12.5px] leading-5 break-words text-dim">{result}</p>
      ) : null}
    </div>
  );
}
