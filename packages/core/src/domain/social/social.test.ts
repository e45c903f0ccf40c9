import { describe, expect, it } from 'vitest';
import { shuffled } from '../economy/hash.ts';
import { winnerOf } from './bounties/bids.ts';
import { rewardCap, SlotPolicy, slotMultiplier } from './bounties/slots.ts';
import { coverageReward, skillReward, skillUseReward, testReward } from './crafts/rules.ts';
import { verdictOf } from './guilds/guilds.ts';
import { attemptCost, estimateQuality, type JournalVote, tally } from './judging/journal-rules.ts';
import { cycleOf, isoWeek, isSunday, residentWeek } from './kit/calendar.ts';
import { shares } from './kit/shares.ts';
import { plain, similarity } from './kit/text.ts';
import { facetOverlay } from './people/facets.ts';
import { hatOverlay } from './people/hat-overlay.ts';
import { emptyHats, findHat, hatProblem } from './people/hats.ts';
import { inertCss, inertHtml } from './people/inert-html.ts';
import { levelOf } from './people/people.ts';
import { rankIdentities } from './people/selection.ts';
import { coreItemCost, mutableCost, mutableRefundRate, refund, respecCost, respecRefundRate } from './people/self-edit-costs.ts';
import { giftShare } from './tokens/gifts.ts';
import { poolShare, qualityRefund, returnsOf, weeklyBonus } from './tokens/thrift-rules.ts';

const votes = (letters: string): JournalVote[] =>
  [...letters].map((letter) => ({ A: 'accept', E: 'exceptional', R: 'reject', G: 'gaming' })[letter] as JournalVote);

describe('journals', () => {
  it.each([
    ['AAA', true, 5, 0, 5],
    ['EAA', true, 7, 1, 8],
    ['EEA', true, 9, 5, 14],
    ['EEE', true, 10, 10, 20],
    ['AAR', false, 0, 0, 0],
    ['ERA', true, 5, 0, 5],
    ['GGE', false, 0, 0, 0],
  ])('%s at cost 10', (letters, accepted, refund_tokens, bonus_tokens, total) => {
    expect(tally(votes(letters), 10)).toMatchObject({ accepted, refund_tokens, bonus_tokens, total });
    expect(tally(votes(letters), 10).gaming_flagged).toBe(letters === 'GGE');
  });

  it('costs 10, 13 under a penalty', () => {
    expect([attemptCost(false), attemptCost(true)]).toEqual([10, 13]);
  });

  it('estimates by length and marks of reflection', () => {
    const words = (n: number) => Array.from({ length: n }, () => 'word').join(' ');
    expect(estimateQuality(`${words(40)} insight learned`).tier).toBe('basic');
    expect(estimateQuality(`${words(60)}`).tier).toBe('basic');
    expect(estimateQuality(`${words(60)} insight`).tier).toBe('quality');
    expect(estimateQuality(words(150)).tier).toBe('quality');
    expect(estimateQuality(`${words(150)} insight learned`)).toMatchObject({
      tier: 'exceptional',
      markers_found: ['learned', 'insight'],
    });
  });
});

describe('prices of changing oneself', () => {
  it('follows sessions', () => {
    expect([0, 1, 5, 20, 50].map(respecCost)).toEqual([10, 13, 25, 70, 160]);
    expect([0, 20].map(mutableCost)).toEqual([1, 10]);
    expect([0, 4, 9, 16, 25, 100].map(levelOf)).toEqual([1, 2, 3, 4, 5, 10]);
    expect([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10].map(coreItemCost)).toEqual([0, 0, 0, 5, 7, 11, 16, 25, 37, 56, 85]);
  });

  it('gives back by reflection', () => {
    const words = (n: number, more = '') => `${Array.from({ length: n }, () => 'word').join(' ')} ${more}`;
    expect([words(3), words(20), words(30, 'insight'), words(50, 'insight learned')].map(respecRefundRate)).toEqual([
      0.2, 0.25, 0.35, 0.45,
    ]);
    expect(['short', 'ten characters', words(20, 'insight')].map(mutableRefundRate)).toEqual([0, 0.1, 0.25]);
    expect([refund(9, 0.1), refund(10, 0.1), refund(3, 0.25), refund(4, 0.25)]).toEqual([0, 1, 0, 1]);
  });
});

describe('bounties', () => {
  it('decays beyond its slots and rounds half to even', () => {
    const policy = SlotPolicy.parse({});
    const multipliers = [1, 2, 3, 4, 5, 6, 7, 8].map((place) => slotMultiplier(policy, 2, place));
    expect(multipliers).toEqual([1, 1, 0.5, 0.25, 0.125, 0.0625, 0.05, 0.05]);
    expect(multipliers.map((multiplier) => rewardCap(50, multiplier))).toEqual([50, 50, 25, 12, 6, 3, 2, 2]);
  });

  it('takes policies to their limits', () => {
    expect(SlotPolicy.parse({ in_slot_multiplier: 9, overflow_decay: 0, min_multiplier: -1 })).toMatchObject({
      in_slot_multiplier: 2,
      overflow_decay: 0.1,
      min_multiplier: 0,
    });
  });

  it('splits into shares that sum to the reward', () => {
    expect(shares(50, ['a', 'b', 'c']).map(({ amount }) => amount)).toEqual([18, 16, 16]);
    expect(shares(2, ['a', 'b', 'c']).map(({ amount }) => amount)).toEqual([2, 0, 0]);
  });
});

describe('gifts, guilds, crafts', () => {
  it('sends a fifth of a gift to the commons', () => {
    expect([4, 5, 10, 25, 50].map(giftShare)).toEqual([0, 1, 2, 5, 10]);
  });

  it('lets a guild of one decide alone, and two or more by two votes and 60 %', () => {
    expect(verdictOf(['accept'], 1)).toBe('accepted');
    expect(verdictOf(['reject'], 1)).toBe('rejected');
    expect(verdictOf(['accept'], 2)).toBeUndefined();
    expect(verdictOf(['accept', 'accept'], 5)).toBe('accepted');
    expect(verdictOf(['accept', 'reject'], 5)).toBe('rejected');
  });

  it('pays crafts by checks', () => {
    const marks = (all: boolean) => ({ described: all, tested: all, typed: all });
    expect([skillReward(marks(false)), skillReward(marks(true))]).toEqual([75, 150]);
    expect([skillUseReward(true, 9), skillUseReward(false, 4), skillUseReward(false, 5)]).toEqual([50, 10, 0]);
    expect([
      testReward({ assertions: 0, critical: false, described: false }),
      testReward({ assertions: 3, critical: false, described: true }),
      testReward({ assertions: 99, critical: true, described: true }),
    ]).toEqual([30, 60, 120]);
    expect([coverageReward(7.6), coverageReward(-2)]).toEqual([15, 0]);
  });

  it('gives thrifty work its share, and never more than was spent on it', () => {
    expect([0, 9, 49, 50, 80].map(poolShare)).toEqual([25, 20, 0, 0, 0]);
    expect(qualityRefund(0.9, 10, 1)).toEqual({ individual: 10, guild: 5 });
    expect(qualityRefund(0.9, 10, 2)).toEqual({ individual: 11, guild: 5 });
    expect(qualityRefund(0.84, 10, 1)).toEqual({ individual: 0, guild: 0 });
    expect(returnsOf({ quality: 0.9, spent: 30, collaborators: 1, in_guild: true })).toEqual({
      individual: 5,
      guild: 2,
      pooled: 10,
    });
    for (let spent = 0; spent <= 60; spent += 1)
      for (const quality of [0.5, 0.85, 1]) {
        const { individual, guild, pooled } = returnsOf({ quality, spent, collaborators: 3, in_guild: true });
        expect(individual + guild + pooled).toBeLessThanOrEqual(spent);
      }
  });

  it('knows a thriftier week', () => {
    const week = (tokens: number) => Array.from({ length: 10 }, () => tokens);
    expect([41, 40, 37, 36, 32, 10].map((now) => weeklyBonus(week(now), week(40)).bonus)).toEqual([0, 0, 0, 25, 50, 50]);
    expect(weeklyBonus(week(32), week(40)).saved).toBe(80);
    for (const [now, before] of [
      [week(10).slice(1), week(40)],
      [[], week(40)],
      [week(1), []],
    ] as const)
      expect(weeklyBonus(now, before)).toEqual({ bonus: 0, saved: 0 });
  });
});

describe('time', () => {
  it('knows ISO weeks across years', () => {
    expect(['2026-01-01T00:00:00Z', '2027-01-03T23:59:59Z', '2027-01-04T00:00:00Z', '2024-12-30T12:00:00Z'].map(isoWeek)).toEqual(
      ['2026-W01', '2026-W53', '2027-W01', '2025-W01'],
    );
    expect([isSunday('2026-11-29T23:59:59Z'), isSunday('2026-11-30T00:00:00Z')]).toEqual([true, false]);
  });

  it('counts cycles and resident weeks', () => {
    expect([cycleOf('1970-01-01T00:02:00Z', 60), cycleOf('1970-01-01T00:02:00Z', 0)]).toEqual([2, 120]);
    expect([1, 7, 8].map(residentWeek)).toEqual([
      { week: 1, day_of_week: 1 },
      { week: 1, day_of_week: 7 },
      { week: 2, day_of_week: 1 },
    ]);
  });
});

describe('hats and facets', () => {
  it('names the facets a text speaks of', () => {
    expect(facetOverlay('Refactor it and verify it')).toContain('You wear: Builder.');
    expect(facetOverlay('Say "build", then audit it')).toContain('You wear: Reviewer.');
    expect(facetOverlay('Hello')).toBeUndefined();
  });

  it('lets a hat add, never replace', () => {
    const hats = emptyHats();
    const made = { name: 'Gardener', description: 'Tends.', prompt: 'Prune what is dead.', category: 'maker', tags: [] };
    expect(hatProblem(hats, made)).toBeUndefined();
    expect(hatProblem(hats, { ...made, name: 'builder ' })).toMatchObject({ reason: 'hat_exists' });
    expect(hatProblem(hats, { ...made, prompt: 'You are  now a gardener' })).toMatchObject({ reason: 'hat_overreaches' });
    expect(hatProblem(hats, { ...made, prompt: 'Schön' })).toMatchObject({ reason: 'hat_not_ascii' });
    const hat = findHat(hats, 'HAT OF OBJECTIVITY');
    expect(hatOverlay(hat, 'ada').own.join('\n')).toContain('Hat of Objectivity');
  });
});

describe('profiles', () => {
  it.each([
    ['<b>hi</b>', '<b>hi</b>'],
    ['<b onclick=x>hi</b>', '&#60;b onclick=x&#62;hi</b>'],
    ['<img/src=x onerror=alert(1)>', '&#60;img/src=x onerror=alert(1)&#62;'],
    ['<scr<b>ipt>', '&#60;scr<b>ipt&#62;'],
    ['<svg/><iframe>', '&#60;svg/&#62;&#60;iframe&#62;'],
  ])('%s is inert', (html, inert) => expect(inertHtml(html)).toBe(inert));

  it('keeps harmless declarations only', () => {
    expect(inertCss('color: red; position: fixed; background: url(http://x); margin: 1px 2px; color: expression(1)')).toBe(
      'color: red; margin: 1px 2px;',
    );
  });
});

describe('likeness', () => {
  it('is the share of common blocks', () => {
    expect(similarity('abcd', 'bcde')).toBe(0.75);
    expect(similarity(plain('Echo Flux'), plain('echo-flux!'))).toBe(1);
    expect(similarity('', 'a')).toBe(0);
  });
});

describe('fairness', () => {
  /** χ² of equal chances; 13.28 is p = 0.01 at four degrees of freedom. */
  const chiSquare = (counts: readonly number[]) => {
    const expected = counts.reduce((sum, count) => sum + count, 0) / counts.length;
    return counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
  };
  const people = ['e', 'a', 'c', 'b', 'd'];

  it('gives equal scores equal chances, whatever the order or the names', () => {
    const identities = people.map((id) => ({
      id,
      name: id.repeat(3),
      summary: '',
      attributes: { core: { personality_traits: [], core_values: [], identity_statement: '' } },
    }));
    const offer = { bounty_titles: [], has_tasks: true, cycle_id: 1 };
    const wins = new Map<string, number>();
    for (let n = 0; n < 5_000; n++) {
      const winner = rankIdentities(identities, offer, `cycle-${n}`)[0]?.id ?? '';
      expect(rankIdentities(identities.toReversed(), offer, `cycle-${n}`)[0]?.id).toBe(winner);
      wins.set(winner, (wins.get(winner) ?? 0) + 1);
    }
    expect(chiSquare([...wins.values()])).toBeLessThan(13.28);
  });

  it('draws equal bids by the seed, not by arrival', () => {
    const wins = new Map<string, number>();
    for (let n = 0; n < 5_000; n++) {
      const bids = shuffled(people, `arrival-${n}`).map((identity_id) => ({ identity_id, price: 3, pitch: '' }));
      const winner = winnerOf(bids, `open-${n}`) ?? '';
      expect(winnerOf(bids.toReversed(), `open-${n}`)).toBe(winner);
      wins.set(winner, (wins.get(winner) ?? 0) + 1);
    }
    expect(wins.size).toBe(5);
    expect(chiSquare([...wins.values()])).toBeLessThan(13.28);
  });
});
