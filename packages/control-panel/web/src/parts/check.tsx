import { CircleCheck, CircleX, Info } from 'lucide-react';
import { beginningOf, legible } from '../state/legible.ts';
import { Long } from './long.tsx';

interface CheckProps {
  readonly passed: boolean;
  readonly name: string;
  readonly detail: string;
  readonly rule?: string | undefined;
  readonly diff?: string | undefined;
  /** It passed, and is not proof enough by itself; or it says nothing of what stands here. */
  readonly weak?: boolean;
  /** The name is written as it is. */
  readonly exact?: boolean;
}

/** One observation, and how it ended. */
export function Check({ passed, name, detail, rule, diff, weak = false, exact = false }: CheckProps) {
  const Icon = !passed ? CircleX : weak ? Info : CircleCheck;
  const tone = !passed ? 'text-bad' : weak ? 'text-dim' : 'text-ok';
  return (
    <li className="flex items-start gap-2">
      <Icon aria-hidden className={`mt-0.5 size-4 shrink-0 ${tone}`} />
      <span className="min-w-0 break-words">
        <span className={`font-medium ${exact ? '' : 'capitalize'}`}>{name}</span>{' '}
        <span className={tone}>{passed ? 'passed' : 'failed'}</span>
        <span className="text-dim">
          {detail ? `: ${legible(beginningOf(detail))}` : ''}
          {weak && passed && !exact ? ' (not proof enough by itself)' : ''}
        </span>
        {rule ? <code className="ml-1.5 text-[11.5px] text-dim">{rule}</code> : null}
        {diff ? (
          <Long text={diff}>{(shown) => <pre className="mt-1 overflow-x-auto rounded bg-bg p-2 text-[12px]">{shown}</pre>}</Long>
        ) : null}
      </span>
    </li>
  );
}
