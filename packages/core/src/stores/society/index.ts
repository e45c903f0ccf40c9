export { ensureStarterIdentities, IDENTITIES, loadIdentities } from './identities.ts';
export type { Line as RoomLine, Page as RoomPage } from './line-logs.ts';
export type { LedgerLine, Profile as ResidentProfile, Queries as SocietyQueries, Wallet as WalletFacts } from './queries.ts';
export { type ActAnswer, type ActOptions, openSociety, type SocietyOptions, type SocietyStore } from './society.ts';
