import { Component, type ReactNode } from 'react';
import { renewIfOutdated } from '../state/version.ts';

interface Props {
  readonly children: ReactNode;
  /** What stands there when the children cannot be drawn. */
  readonly instead?: ReactNode;
  /** The element that holds the words, where only some may stand. */
  readonly as?: 'div' | 'li';
  /** Tried again whenever this is another one; left out, with every new drawing. */
  readonly of?: unknown;
}

interface State {
  readonly broken: boolean;
  readonly of: unknown;
}

/** Holds one thing that others wrote: when it cannot be drawn, nothing beside it is touched. */
export class Frame extends Component<Props, State> {
  override state: State = { broken: false, of: undefined };

  static getDerivedStateFromError(): Partial<State> {
    return { broken: true };
  }

  static getDerivedStateFromProps({ of, children }: Props, state: State): State | null {
    const drawn = of ?? children;
    return drawn === state.of ? null : { broken: false, of: drawn };
  }

  /** A page of the version before may not understand what the present server sends. */
  override componentDidCatch(): void {
    renewIfOutdated();
  }

  override render(): ReactNode {
    if (!this.state.broken) return this.props.children;
    const { instead, as: Tag = 'div' } = this.props;
    return instead ?? <Tag className="px-4 py-2 text-dim">This could not be drawn. The cause is in the browser's console.</Tag>;
  }
}
