import type { ReactNode } from 'react';
import { useLocation, useSearch } from 'wouter';
import { Frame } from '../parts/frame.tsx';

/** Keeps the shell alive when a page cannot be drawn: Halt and every other page stay within reach whatever else breaks. */
export function Mishap({ children }: { children: ReactNode }) {
  const [path] = useLocation();
  const search = useSearch();
  return (
    <Frame of={`${path}?${search}`} instead={<Broken />}>
      {children}
    </Frame>
  );
}

function Broken() {
  return (
    <div role="alert">
      <h1 className="text-[17px] font-semibold">This page could not be drawn</h1>
      <p className="mt-1 text-dim">The rest of the panel works. The cause is in the browser's console.</p>
      <button type="button" className="btn mt-3" onClick={() => location.reload()}>
        Load it again
      </button>
    </div>
  );
}
