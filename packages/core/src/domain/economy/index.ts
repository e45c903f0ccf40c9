export { COMMONS, isAccount, mayGoNegative, type Pool, UNDER_BUDGET_MINT, walletAccount, walletOf } from './accounts.ts';
export { applyToken, emptyTokenFold, REWARD_KIND, type Refusal, refusalOf, type TokenFold } from './fold.ts';
export { hash64, idFrom, seeded, shuffled } from './hash.ts';
export { Postings } from './postings.ts';
export { parseTokenRecord, type TokenEntry, type TokenRecord } from './record.ts';
export { type Earned, type RewardRequest, rewardFor, rewardKey } from './reward.ts';
export {
  FREE_TIME_CAP_TOKENS,
  type Grant,
  JOURNAL_CAP_TOKENS,
  type RewardFacts,
  rewardTokens,
  roundHalfEven,
  splitGrant,
} from './rules.ts';
export { freeCapOf, rewardView, type WalletRow, walletView } from './views.ts';
