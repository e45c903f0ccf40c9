import { describe, expect, it } from 'vitest';
import { isAlready, REFUSALS, type RefusalReason, refusalCode, refuse } from './refusals.ts';

const reasons = Object.keys(REFUSALS) as RefusalReason[];

describe('the registry of refusals', () => {
  it('lets nobody refuse for a reason that it does not hold', () => {
    // @ts-expect-error a slip of the pen
    refuse('alredy_voted', 'Your vote stands');
    // @ts-expect-error the reason of another registry
    refuse('VIV_ALREADY_VOTED', 'Your vote stands');
    // @ts-expect-error any text
    refuse(String('already_voted'), 'Your vote stands');
    expect(refuse('already_voted', 'Your vote stands')).toEqual({ ok: false, reason: 'already_voted', fix: 'Your vote stands' });
  });

  it.each([
    ['already_rewarded', true],
    ['already_ended', true],
    ['request_already_resolved', true],
    ['duplicate_submission', true],
    ['already_on_guild', false],
    ['already_awake', false],
    ['bounty_closed', false],
    ['rate_limited', false],
  ] as const)('says of %s whether the same was done before: %s', (reason, done) => {
    expect(isAlready(reason)).toBe(done);
  });

  it.each([
    ['banned_name', 400, 'failed'],
    ['not_yours', 403, 'failed'],
    ['bounty_not_found', 404, 'nothing'],
    ['already_voted', 409, 'failed'],
    ['no_such_work', 409, 'failed'],
    ['invalid_arguments', 400, 'usage'],
    ['rate_limited', 429, 'failed'],
    ['busy', 503, 'failed'],
  ] as const)('tells %s with %d and exit %s', (reason, status, exit) => {
    expect(REFUSALS[reason]).toMatchObject({ status, exit });
    expect(refusalCode(reason)).toBe(`VIV_${reason.toUpperCase()}`);
  });

  it('answers 404 and "nothing" for what is not found, and for nothing else', () => {
    const absent = reasons.filter((reason) => /(^|_)not_found$/.test(reason));
    expect(reasons.filter((reason) => REFUSALS[reason].status === 404)).toEqual(absent);
    expect(reasons.filter((reason) => REFUSALS[reason].exit === 'nothing')).toEqual(absent);
  });

  it('has words for each that say more than its name', () => {
    expect(
      reasons.filter((reason) => REFUSALS[reason].means.split(' ').length < 3 || REFUSALS[reason].means.endsWith('.')),
    ).toEqual([]);
  });
});
