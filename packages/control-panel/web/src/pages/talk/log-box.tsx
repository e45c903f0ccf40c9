import { type ReactNode, useLayoutEffect, useRef } from 'react';

const NEAR_END_PX = 120;

interface LogBoxProps {
  readonly label: string;
  /** Names the newest of what was said. */
  readonly last: string | undefined;
  readonly children: ReactNode;
}

/** What was said, newest at the end. */
export function LogBox({ label, last, children }: LogBoxProps) {
  const stick = useStickToEnd(last);
  return (
    <div {...stick} className="max-h-[calc(100dvh-21rem)] min-h-40 overflow-y-auto" tabIndex={0} role="log" aria-label={label}>
      {children}
    </div>
  );
}

/** Keep a list at its end while its reader is there; leave it where it is once they scrolled up. */
function useStickToEnd(last: string | undefined) {
  const box = useRef<HTMLDivElement>(null);
  const near = useRef(true);
  const seen = useRef<string | undefined>(undefined);
  useLayoutEffect(() => {
    const element = box.current;
    if (element === null || last === seen.current) return;
    if (near.current || seen.current === undefined) element.scrollTop = element.scrollHeight;
    seen.current = last;
  }, [last]);
  const onScroll = () => {
    const element = box.current;
    if (element) near.current = element.scrollHeight - element.scrollTop - element.clientHeight < NEAR_END_PX;
  };
  return { ref: box, onScroll };
}
