export { winnerOf } from './bounties/bids.ts';
export { payoutsOf } from './bounties/payout.ts';
export { rewardCap, SlotPolicy, slotMultiplier } from './bounties/slots.ts';
export { isSealed } from './bounties/state.ts';
export { bountiesView } from './bounties/view.ts';
export { skillMadeKey, useReward } from './crafts/crafts.ts';
export { skillReward, skillUseReward } from './crafts/rules.ts';
export { dueForFreeTime } from './day/free-time.ts';
export { actsAtHand, toDecide } from './day/waiting.ts';
export { estimateTokens, WAKE_UP_TOKENS, type WakeUp, type WakeUpText, wakeUpText } from './day/wake-up.ts';
export { verdictOf } from './guilds/guilds.ts';
export { guildOf, treasuryOf } from './guilds/state.ts';
export { guildLeaderboard, guildsView } from './guilds/view.ts';
export { type Finding as Suspicion, suspicions } from './judging/detectors.ts';
export { disputesView } from './judging/dispute-view.ts';
export { attemptCost, estimateQuality, type JournalResult, type JournalVote, tally } from './judging/journal-rules.ts';
export { isAsked } from './judging/journals.ts';
export { drawValidators, eligibleTesters, eligibleValidators } from './judging/validators.ts';
export { cycleOf, isoWeek, isSunday, residentWeek, utcDay } from './kit/calendar.ts';
export { entryOf } from './kit/entry.ts';
export { type Accepted, type Context, type Decision, type Post, unknownIdentity } from './kit/index.ts';
export { NUMBERS } from './kit/numbers.ts';
export { RateLimit } from './kit/rate-limit.ts';
export { shares } from './kit/shares.ts';
export { clip as oneLine, markersIn, similarity } from './kit/text.ts';
export { nearDuplicate } from './people/creation.ts';
export { facetOverlay } from './people/facets.ts';
export { findHat, type Hat, hatProblem, MEDIATOR_HAT } from './people/hats.ts';
export { inertCss, inertHtml } from './people/inert-html.ts';
export type { Memory } from './people/memories.ts';
export { levelOf, type Person, readPerson, successRate } from './people/people.ts';
export { recall, recallOneOfAKind } from './people/recall.ts';
export { affinities, inFairOrder, livesHere, rankIdentities, selectionScore } from './people/selection.ts';
export { withChanges } from './people/self-edit.ts';
export { coreItemCost, mutableCost, mutableRefundRate, respecCost, respecRefundRate } from './people/self-edit-costs.ts';
export { type DueAct, dueActs, dutyMark, WEEKLY_METRIC } from './registry/due.ts';
export { applyLedger, emptyLedger, type LedgerFold } from './registry/ledger.ts';
export {
  ACTIONS,
  ACTS,
  type ActArgs,
  type Action,
  type ActName,
  type ActOutput,
  emptySociety,
  type Society,
  type World as SocietyState,
} from './registry/subjects.ts';
export { directRoom, mayRead, normalRoom, PUBLIC_ROOMS } from './talk/rooms.ts';
export { type ActCall, type Source as TaintSource, Taint, type Tainted } from './talk/taint.ts';
export { milestoneReached } from './tokens/collective.ts';
export { giftShare } from './tokens/gifts.ts';
export { podium } from './tokens/recognition.ts';
