import { useLayoutEffect, useRef } from 'react';

const NEAR_END_PX = 120;

/** Keep a list at its end while its reader is there; leave it where it is once they scrolled up. */
export function useStickToEnd(last: string | undefined) {
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
