import { type Landing, type NewChangeEvent, RUNTIME } from '@vivarium/core';
import type { LandDeps, LandEnd } from './deps.ts';

type Finished = Extract<NewChangeEvent, { event: 'landing_finished' }>;

/** Say in the log how a landing ended. Whoever does not hold it any more says nothing. */
export async function finish(
  { log, by }: Pick<LandDeps, 'log' | 'by'>,
  { landing_id, to_commit, epoch }: Landing,
  end: Pick<Finished, 'ok' | 'because' | 'held' | 'paths'>,
): Promise<LandEnd> {
  const said = await log.tryRecord({ event: 'landing_finished', actor: RUNTIME, landing_id, by, epoch, ...end });
  if (!said) return { kind: 'open' };
  if (end.ok) return { kind: 'landed', commit: to_commit };
  const because = end.because ?? 'it was given up';
  return end.held ? { kind: 'held', because, paths: end.paths ?? [] } : { kind: 'refused', because };
}
