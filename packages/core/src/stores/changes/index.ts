export { type ApproveDeps, changeNamed, giveApproval, policyApproves, yesOf } from './approve.ts';
export * from './change-store.ts';
