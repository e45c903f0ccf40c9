import {
  Ban,
  Circle,
  CircleCheck,
  CircleDashed,
  CircleSlash,
  CircleX,
  Eye,
  Hand,
  type LucideIcon,
  RotateCcw,
} from 'lucide-react';
import type { TaskRow } from '../../../src/protocol/tasks.ts';

interface Look {
  readonly word: string;
  readonly icon: LucideIcon;
  readonly tone: string;
}

const LOOKS: Readonly<Record<TaskRow['status'], Look>> = {
  queued: { word: 'Waiting', icon: Circle, tone: 'text-dim' },
  in_progress: { word: 'Working', icon: CircleDashed, tone: 'text-info' },
  completed: { word: 'Checking', icon: Eye, tone: 'text-info' },
  pending_review: { word: 'In review', icon: Eye, tone: 'text-warn' },
  needs_qa: { word: 'At QA', icon: Eye, tone: 'text-info' },
  needs_integration: { word: 'Integrating', icon: Eye, tone: 'text-info' },
  needs_e2e: { word: 'End to end', icon: Eye, tone: 'text-info' },
  requeue: { word: 'Again', icon: RotateCcw, tone: 'text-warn' },
  approved: { word: 'Approved', icon: CircleCheck, tone: 'text-ok' },
  ready_for_merge: { word: 'Ready to merge', icon: CircleCheck, tone: 'text-ok' },
  failed: { word: 'Failed', icon: CircleX, tone: 'text-bad' },
  safety_blocked: { word: 'Blocked', icon: Ban, tone: 'text-bad' },
  cancelled: { word: 'Cancelled', icon: CircleSlash, tone: 'text-dim' },
};

const HELD: Look = { word: 'Needs you', icon: Hand, tone: 'text-warn' };

export function lookOf(status: TaskRow['status'], held = false): Look {
  return held ? HELD : LOOKS[status];
}

/** A task's status: always icon, word and colour together. */
export function Status({ status, held = false, count }: { status: TaskRow['status']; held?: boolean; count?: number }) {
  const { word, icon: Icon, tone } = lookOf(status, held);
  const turning = status === 'in_progress' && !held && count === undefined ? 'motion-safe:animate-[spin_3s_linear_infinite]' : '';
  return (
    <span className={`inline-flex items-center gap-1 whitespace-nowrap text-[12.5px] font-medium ${tone}`}>
      <Icon aria-hidden className={`size-3.5 shrink-0 ${turning}`} />
      {word}
      {count === undefined ? null : <span className="num text-ink">{count.toLocaleString()}</span>}
    </span>
  );
}
