import {
  CircleCheck,
  CircleDashed,
  CircleSlash,
  CircleX,
  Eye,
  FlaskConical,
  GitMerge,
  Hand,
  Inbox,
  type LucideIcon,
  PencilLine,
  RotateCcw,
  Scale,
} from 'lucide-react';
import type { ChangeFile, ChangeState } from '../../../../src/protocol/changes.ts';
import { Word } from '../../parts/small.tsx';

const STATE_LOOKS: Readonly<Record<ChangeState, readonly [LucideIcon, string, string]>> = {
  working: [PencilLine, 'Working', 'text-info'],
  handed_in: [Inbox, 'Handed in', 'text-info'],
  voting: [Scale, 'At the vote', 'text-info'],
  qa: [Eye, 'At QA', 'text-info'],
  unit: [FlaskConical, 'Unit tests', 'text-info'],
  integration: [FlaskConical, 'Integration', 'text-info'],
  e2e: [FlaskConical, 'End to end', 'text-info'],
  ready_for_merge: [Hand, 'Ready to land', 'text-warn'],
  landing: [GitMerge, 'Landing', 'text-info'],
  landed: [CircleCheck, 'Landed', 'text-ok'],
  behind: [RotateCcw, 'Behind', 'text-warn'],
  rejected: [CircleX, 'Rejected', 'text-bad'],
  abandoned: [CircleSlash, 'Given up', 'text-dim'],
};

/** Where a change stands; one that has its yes waits for nobody's word. */
export function StateWord({ state, approved = false }: { state: ChangeState; approved?: boolean }) {
  const [icon, word, tone] =
    state === 'ready_for_merge' && approved ? ([CircleDashed, 'Lands next', 'text-info'] as const) : STATE_LOOKS[state];
  return (
    <Word icon={icon} tone={tone}>
      {word}
    </Word>
  );
}

type Tier = ChangeFile['tier'];
export const TIERS: Readonly<Record<Tier, readonly [string, string, string]>> = {
  A: ['Never', 'No resident may change it', 'text-bad border-bad'],
  B: ['Asks you', 'Lands only once you have looked at it', 'text-warn border-warn'],
  C: ['Reviewed', 'Other residents look at it', 'text-info border-info'],
  D: ['Open', 'Documents and the like', 'text-dim border-line'],
};

/** The tier of a path: letter, and what it means. */
export function TierMark({ tier, words = false }: { tier: Tier; words?: boolean }) {
  const [name, meaning, tone] = TIERS[tier];
  return (
    <span
      title={`Tier ${tier}: ${meaning}`}
      className={`inline-flex shrink-0 items-center gap-1 rounded border px-1 text-[11.5px] font-semibold leading-4 ${tone}`}
    >
      {tier}
      <span className={words ? 'font-medium' : 'sr-only'}>{name}</span>
    </span>
  );
}

/** Lines that came and went. */
export function Counts({ added, removed }: { added: number; removed: number }) {
  return (
    <span className="num whitespace-nowrap text-[12px]">
      <span className="text-ok">+{added.toLocaleString()}</span> <span className="text-bad">−{removed.toLocaleString()}</span>
    </span>
  );
}
