import { ProjectSettings } from '@vivarium/core';
import { z } from 'zod';
import { type Sent, success } from './sent.ts';

/** What the page of projects shows: how each may be changed, and what is wrong with it. */

const Finding = z
  .object({ project: z.string(), field: z.string().describe('In config/projects.json'), problem: z.string(), fix: z.string() })
  .meta({ id: 'ProjectFinding' });

const ProjectView = z
  .object({
    name: z.string(),
    settings: ProjectSettings,
    policy_sha256: z.string(),
    commit: z.string().exactOptional().describe('What its branch showed when it was last looked at'),
    paused: z.string().exactOptional().describe('Why nothing lands'),
    landing: z.boolean().describe('A landing is under way'),
    last_drill: z.object({ passed: z.boolean(), detail: z.string(), at: z.string() }).exactOptional(),
    open_changes: z.number(),
    ready_changes: z.number(),
    landed_changes: z.number(),
  })
  .meta({ id: 'ProjectView' });
export type ProjectView = Sent<typeof ProjectView>;

export const ProjectList = z
  .object({ success, projects: z.array(ProjectView), findings: z.array(Finding) })
  .meta({ id: 'ProjectList' });
export type ProjectList = Sent<typeof ProjectList>;

const ExecutorRow = z
  .object({
    name: z.string(),
    state: z.enum(['ready', 'wrong', 'no_folder']).describe('no_folder: it is known, and not installed here'),
    protocol: z.enum(['chat', 'responses']).exactOptional(),
    package: z.string().exactOptional(),
    folder: z.string().exactOptional(),
    tried: z.array(z.string()).describe('Versions'),
  })
  .meta({ id: 'ExecutorRow' });
export type ExecutorRow = Sent<typeof ExecutorRow>;

export const ExecutorList = z
  .object({
    success,
    executors: z.array(ExecutorRow),
    findings: z.array(z.object({ executor: z.string(), field: z.string(), problem: z.string(), fix: z.string() })),
  })
  .meta({ id: 'ExecutorList' });
