import { useEffect, useRef } from 'react';
import { Frame } from '../../parts/frame.tsx';
import { Mark } from '../../parts/mark.tsx';
import { span } from '../../state/format.ts';
import { useNow } from '../../state/now.ts';
import { ASK_WORDS, askOf, type Item } from '../../state/waiting.ts';

interface Props {
  readonly items: readonly Item[];
  readonly at: number;
  readonly picked: ReadonlySet<string>;
  readonly onChoose: (index: number) => void;
  readonly onPick: (key: string) => void;
}

/** What waits, longest first. */
export function ItemList({ items, at, picked, onChoose, onPick }: Props) {
  return (
    <ul
      aria-label="What waits for you"
      className="card max-h-72 divide-y divide-line overflow-y-auto lg:max-h-[calc(100dvh-9rem)]"
    >
      {items.map((item, index) => (
        <Frame key={item.key} as="li">
          <Row
            item={item}
            current={index === at}
            picked={picked.has(item.key)}
            onChoose={() => onChoose(index)}
            onPick={() => onPick(item.key)}
          />
        </Frame>
      ))}
    </ul>
  );
}

interface RowProps {
  readonly item: Item;
  readonly current: boolean;
  readonly picked: boolean;
  readonly onChoose: () => void;
  readonly onPick: () => void;
}

function Row({ item, current, picked, onChoose, onPick }: RowProps) {
  const now = useNow();
  const line = useRef<HTMLLIElement>(null);
  useEffect(() => {
    if (current) line.current?.scrollIntoView({ block: 'nearest' });
  }, [current]);
  return (
    <li ref={line} className={`flex items-start gap-2.5 px-3 py-2.5 ${current ? 'bg-leafbg' : 'hover:bg-bg'}`}>
      <input
        type="checkbox"
        aria-label={`Select ${item.title}`}
        className="mt-1 size-4 shrink-0 accent-leaf"
        checked={picked}
        onChange={onPick}
      />
      <button
        type="button"
        aria-current={current ? 'true' : undefined}
        onClick={onChoose}
        className="flex min-w-0 flex-1 items-start gap-2.5 text-left"
      >
        <Mark name={item.who} size={22} />
        <span className="min-w-0 flex-1">
          <span className={`line-clamp-2 break-words font-medium ${current ? 'text-leaf' : ''}`}>{item.title}</span>
          <span className="mt-0.5 flex gap-1.5 text-[12px] text-dim">
            <span className="font-medium">{ASK_WORDS[askOf(item)]}</span>
            <span aria-hidden>·</span>
            <span>{span(now - Date.parse(item.at))}</span>
          </span>
        </span>
      </button>
    </li>
  );
}
