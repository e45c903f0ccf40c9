import type { Clock, StatusReport } from '@vivarium/core';
import type { OpenStanding } from '../circuits/circuit.ts';
import { shortHash } from '../client/adapter.ts';
import { fixFor } from './fixes.ts';
import type { Provider } from './providers.ts';

type Report = StatusReport['provider'];

export interface Standing {
  readonly open: OpenStanding | undefined;
  /** Another whenever something that stood in the way is over. */
  readonly generation: string;
}
export type StandingOf = (provider: Provider, model: string | undefined) => Standing;

interface About {
  readonly provider: Provider;
  readonly default_model: string | undefined;
  /** A call was answered, or needs no proof. */
  readonly ready: boolean;
  readonly standing: Standing;
  readonly clock: Clock;
}

/** What is told of a provider: its state, and the circuit that stands between the runtime and it. */
export function reportOf({ provider, default_model, ready, standing, clock }: About): Report {
  const { name, detail } = provider;
  const { open, generation } = standing;
  const fingerprint = shortHash(`${provider.fingerprint} ${generation}`);
  const shown = { name, fingerprint, ...(default_model === undefined ? {} : { default_model }) };
  if (!open) return { ...shown, state: ready ? 'ready' : 'unverified', detail, circuit: { state: 'closed' } };
  const { failure, state, since } = open;
  const until = new Date(clock.now().getTime() + Math.max(0, open.until_ms - clock.monotonicMs())).toISOString();
  const because = failure.message;
  const fix = fixFor(failure, provider, default_model ?? '');
  return {
    ...shown,
    state: state === 'refused' ? 'misconfigured' : 'backing_off',
    detail:
      state === 'refused' ? `${detail}: refused because ${because}` : `${detail}: backing off until ${until} because ${because}`,
    ...(fix === undefined ? {} : { fix }),
    circuit: { state, because, until, since: since.toISOString() },
  };
}
