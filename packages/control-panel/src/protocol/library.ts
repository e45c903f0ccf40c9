import { SKILL_KINDS, SkillStatus } from '@vivarium/core';
import { z } from 'zod';
import { next_cursor, type Sent, success } from './sent.ts';

/** What residents wrote and made, and the skills they have. */

const SkillRow = z
  .object({
    name: z.string(),
    kind: z.enum(SKILL_KINDS),
    status: SkillStatus,
    description: z.string(),
    version: z.string(),
    shipped: z.boolean(),
    counters: z.object({
      uses: z.number(),
      useful: z.number(),
      harmful: z.number(),
      failed: z.number(),
      model_calls_avoided: z.number(),
    }),
    useful_share: z.number().nullable().describe('Share of judged uses that helped, 0..1; null before the first'),
    lift: z.number().nullable().describe('Useful share less harmful and failed share, -1..1; null before the first judged use'),
    last_used_at: z.string().nullable(),
    last_reason: z.string().nullable(),
    path: z.string().nullable().describe('Workspace path of its SKILL.md where the viewer can show it'),
  })
  .meta({ id: 'SkillRow' });
export type SkillRow = Sent<typeof SkillRow>;

export const SkillList = z
  .object({
    success,
    skills: z.array(SkillRow),
    findings: z.array(
      z.object({
        file: z.string(),
        line: z.number().exactOptional(),
        field: z.string().exactOptional(),
        reason: z.string(),
        fix: z.string(),
      }),
    ),
    next_cursor,
  })
  .meta({ id: 'SkillList' });

const LibraryItem = z
  .object({
    path: z.string(),
    title: z.string(),
    kind: z.enum(['document', 'suggestion', 'work']),
    author: z.string().nullable(),
    modified: z.string(),
    size: z.number(),
  })
  .meta({ id: 'LibraryItem' });
export type LibraryItem = Sent<typeof LibraryItem>;
export const LibraryList = z.object({ success, items: z.array(LibraryItem), next_cursor }).meta({ id: 'LibraryList' });
export const SuggestionAccepted = z.object({ success, path: z.string() }).meta({ id: 'SuggestionAccepted' });

export const ArtifactView = z
  .object({
    success,
    path: z.string(),
    filename: z.string(),
    content: z.string(),
    file_type: z.string(),
    size: z.number(),
    modified: z.string(),
  })
  .meta({ id: 'ArtifactView' });
export type ArtifactView = Sent<typeof ArtifactView>;

const ArtifactEntry = z
  .object({
    path: z.string(),
    name: z.string(),
    type: z.enum(['creative_work', 'community_doc', 'skill', 'output']),
    modified: z.string(),
  })
  .meta({ id: 'ArtifactEntry' });
export type ArtifactEntry = Sent<typeof ArtifactEntry>;
export const ArtifactList = z.object({ success, artifacts: z.array(ArtifactEntry) }).meta({ id: 'ArtifactList' });
