export { DRAFT_SCHEMA, DRAFT_SCHEMA_NAME, type DraftVerdict, draftPrompt, judgeDraft, SkillDraft } from './draft.ts';
export { alike, type Family, familiesOf, fitOf, type Sample, shapeOf, splitSamples, templateOf } from './families.ts';
export {
  type Decision as SkillDecision,
  judgeCandidate,
  judgeUses,
  judgeValidated,
  mayMove,
  NO_USES,
  type PromotionEvidence,
  type Score as SkillScore,
  type SkillCounters,
  type SkillMover,
  SkillOutcome,
  SkillStatus,
  type ValidationCase,
} from './lifecycle.ts';
export {
  meetsExample,
  SKILL_KINDS,
  SkillExample,
  SkillManifest,
  type SkillManifestInput,
  SkillName,
  sameAnswer,
} from './manifest.ts';
export { type NamedSkillFault, namedSkillFault, type SkillsByName } from './named.ts';
export {
  applySkill,
  type SkillFold,
  SkillLogEntry,
  SkillOrigin,
  type SkillStanding,
  type SkillUse,
  standingOf,
} from './record.ts';
export { SHIPPED_SKILLS } from './shipped.ts';
export { keptOf, nearDuplicates, type SkillLikeness } from './similar.ts';
