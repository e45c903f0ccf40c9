import { Component, type ReactNode } from 'react';

/** Keeps the shell alive when a page cannot be drawn: Halt must stay within reach whatever else breaks. */
export class Mishap extends Component<{ children: ReactNode }, { broken: boolean }> {
  override state = { broken: false };

  static getDerivedStateFromError(): { broken: boolean } {
    return { broken: true };
  }

  override render(): ReactNode {
    if (!this.state.broken) return this.props.children;
    return (
      <div role="alert">
        <h1 className="text-[17px] font-semibold">This page could not be drawn</h1>
        <p className="mt-1 text-dim">The rest of the panel works. The cause stands in the browser's console.</p>
        <button type="button" className="btn mt-3" onClick={() => location.reload()}>
          Load it again
        </button>
      </div>
    );
  }
}
