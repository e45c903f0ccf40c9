import { type ComponentType, lazy, useState } from 'react';
import { renew } from '../state/version.ts';

/** A component whose code is fetched when it is shown, or before. */
export type Late<Props> = ComponentType<Props> & { fetch(): Promise<void> };

/**
 * A part whose code is not in the first bundle. Once fetched it is drawn at once; React would show what stands in its place
 * for at least 300 ms, however soon the code is there.
 */
export function late<Props extends object>(load: () => Promise<{ default: ComponentType<Props> }>): Late<Props> {
  let ready: ComponentType<Props> | undefined;
  const Later = lazy(() => load().catch(renewed));
  // biome-ignore lint/correctness/noComponentHookFactories: made once for each part, when its module is read
  function Part(props: Props) {
    const [Chosen] = useState<ComponentType<Props>>(() => ready ?? Later);
    return <Chosen {...props} />;
  }
  const fetch = async () => {
    ready ??= (await load()).default;
  };
  return Object.assign(Part, { fetch });
}

/** Code that is not there belongs to a version that is no longer served; the page of the present one knows its own. */
function renewed(error: unknown): Promise<never> {
  if (renew()) return new Promise(() => undefined);
  throw error;
}
