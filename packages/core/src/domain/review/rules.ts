import type { CriticVerdict } from '../../contract/cycle.ts';
import type { Feedback, Review, Witness } from '../../contract/outcome.ts';

/** How sure a review is that rests on decisive witnesses alone. */
export const EVIDENCE_CONFIDENCE = 0.95;
/** How sure a rejection is that a witness or a plain rule made. */
export const REJECTION_CONFIDENCE = 0.9;

/** A review that came to an end. */
export type Verdict =
  | { readonly kind: 'accept'; readonly review: Review }
  | { readonly kind: 'reject'; readonly review: Review }
  | { readonly kind: 'hold'; readonly review: Review; readonly reason: string };
export type Conclusion = Verdict | { readonly kind: 'ask_critic' };

/**
 * What witnesses alone decide. A failed one rejects, whatever a critic would say; a decisive one that passed is proof
 * enough in mode `evidence`; with neither, a critic is asked. In mode `human` nothing is approved here.
 */
export function concludeFromWitnesses(witnesses: readonly Witness[], approval: 'evidence' | 'human'): Conclusion {
  const failed = witnesses.filter((witness) => !witness.passed);
  if (failed.length > 0)
    return {
      kind: 'reject',
      review: rejection(
        witnesses,
        failed.map(({ kind, detail }) => `${kind}: ${detail}`),
        'evidence',
      ),
    };
  if (approval === 'human') {
    return { kind: 'hold', review: undecided(witnesses), reason: 'every result waits for a person (VIVARIUM_APPROVAL=human)' };
  }
  if (!witnesses.some((witness) => witness.decisive)) return { kind: 'ask_critic' };
  const review: Review = {
    verdict: 'APPROVE',
    confidence: EVIDENCE_CONFIDENCE,
    issues: [],
    suggestions: [],
    witnesses: [...witnesses],
    by: 'evidence',
  };
  return { kind: 'accept', review };
}

/** What a critic's verdict makes of a result that no witness rejected. APPROVE and MINOR_ISSUES accept. */
export function concludeFromCritic(witnesses: readonly Witness[], verdict: CriticVerdict): Verdict {
  const passed = verdict.verdict !== 'REJECT';
  const critic: Witness = { kind: 'critic', rule: 'critic.verdict', passed, decisive: passed, detail: `says ${verdict.verdict}` };
  const review: Review = {
    verdict: verdict.verdict,
    confidence: verdict.confidence,
    issues: passed || verdict.issues.length > 0 ? verdict.issues : ['the critic rejected the result without naming an issue'],
    suggestions: verdict.suggestions,
    witnesses: [...witnesses, critic],
    by: 'critic',
  };
  return { kind: passed ? 'accept' : 'reject', review };
}

/** No verdict was possible: a person decides. A reviewer that is down never approves. */
export function concludeWithoutCritic(witnesses: readonly Witness[], why: string): Verdict {
  return { kind: 'hold', review: undecided(witnesses), reason: `no verdict was possible: ${why}` };
}

/** What the next attempt is told. Never empty, so that a second attempt is not the first one again. */
export function feedbackOf(review: Review): Feedback {
  const issues = review.issues.length > 0 ? review.issues : ['the result was rejected'];
  return { issues, suggestions: review.suggestions };
}

function rejection(witnesses: readonly Witness[], issues: readonly string[], by: Review['by']): Review {
  return {
    verdict: 'REJECT',
    confidence: REJECTION_CONFIDENCE,
    issues: [...issues],
    suggestions: [],
    witnesses: [...witnesses],
    by,
  };
}

function undecided(witnesses: readonly Witness[]): Review {
  return { verdict: 'NONE', confidence: 0, issues: [], suggestions: [], witnesses: [...witnesses], by: 'nobody' };
}
