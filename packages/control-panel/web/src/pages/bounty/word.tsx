import { Circle, CircleCheck, CircleSlash, Hand } from 'lucide-react';
import { Word } from '../../parts/small.tsx';

const LOOKS = {
  open: [Circle, 'Open', 'text-info'],
  claimed: [Hand, 'Claimed', 'text-warn'],
  completed: [CircleCheck, 'Paid', 'text-ok'],
  cancelled: [CircleSlash, 'Cancelled', 'text-dim'],
} as const;

/** How a bounty is, as a word with its sign. */
export function BountyWord({ status }: { status: keyof typeof LOOKS }) {
  const [icon, word, tone] = LOOKS[status];
  return (
    <Word icon={icon} tone={tone}>
      {word}
    </Word>
  );
}
