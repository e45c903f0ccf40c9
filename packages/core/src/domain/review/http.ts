import type { Witness } from '../../contract/outcome.ts';

/** What a probe is for: a status, and words that the answer has to hold. */
export interface HttpWish {
  readonly url: string;
  readonly status: number;
  readonly contains?: string | undefined;
}

/** What came back; `fault` when nothing did. */
export type HttpObservation = { readonly status: number; readonly body: string } | { readonly fault: string };

/** An address of this machine that must answer as the task says. A redirect is an answer, and not followed. */
export function httpWitness(wish: HttpWish, sight: HttpObservation): Witness {
  const witness = (passed: boolean, detail: string): Witness => ({
    kind: 'http',
    rule: 'http.answers',
    passed,
    decisive: passed,
    detail: `${wish.url} ${detail}`,
  });
  if ('fault' in sight) return witness(false, `does not answer: ${sight.fault}`);
  if (sight.status !== wish.status) return witness(false, `answers ${sight.status}, and ${wish.status} is wanted`);
  if (wish.contains !== undefined && !sight.body.includes(wish.contains))
    return witness(false, `answers ${sight.status}, but without "${wish.contains.slice(0, 80)}"`);
  return witness(true, `answers ${sight.status}${wish.contains === undefined ? '' : ' with what is wanted'}`);
}
