import { z } from 'zod';
import { Instant, Oid, Sha256 } from '../../contract/ids.ts';
import { GATE_NAMES, ProjectName } from '../../contract/projects-file.ts';

/** The gates that tests decide, in their order. */
export const GATES = ['unit', 'integration', 'e2e'] as const;
export const GateName = z.enum(GATES);
export type GateName = z.infer<typeof GateName>;

/** What a resident may be good at. Others are dropped where somebody registers. */
export const SPECIALIZATIONS = ['e2e', 'integration', 'qa', 'review', 'testing'] as const;

export const GateVote = z.enum(['approved', 'rejected']);
export type GateVote = z.infer<typeof GateVote>;

/** `actor` is an identity, `human` or `runtime`. */
const base = { at: Instant, actor: z.string().min(1) };
const Id = z.string().min(1).max(160);
const Words = z.string().max(8_000);
/** Of a change to a project: what the event is about, to the byte. */
const Patch = { tree: Oid.optional(), entries_sha256: Sha256.optional() };

/** One line of `.swarm/quality_gates.jsonl`. An event out of order stands in the log and does not count. */
export const GateEvent = z.discriminatedUnion('event', [
  z.object({ ...base, event: z.literal('resident_registered'), resident_id: Id, specializations: z.array(z.string()) }),
  z.object({
    ...base,
    event: z.literal('change_submitted'),
    change_id: Id.describe('The id of the task'),
    attempt: z.int().positive(),
    title: z.string().max(240),
    description: Words,
    author_id: Id,
    excerpt: Words.describe('What voters see of the result'),
    ballot_id: Id,
    project: ProjectName.optional(),
    stages: z.array(z.enum(GATE_NAMES)).optional().describe("The project's gates; all when left out"),
    ...Patch,
  }),
  z
    .object({
      ...base,
      event: z.literal('change_moved'),
      change_id: Id,
      ballot_id: Id.optional(),
      tested: z.boolean().default(false),
      ...Patch,
    })
    .describe(
      'Merged onto what the branch became. `tested`: its batch was tested as exactly that tree. With a ballot when the code is another by it',
    ),
  z.object({ ...base, event: z.literal('vote_cast'), ballot_id: Id, vote: GateVote, reason: Words }),
  z.object({ ...base, event: z.literal('ballot_closed'), ballot_id: Id }),
  z.object({ ...base, event: z.literal('qa_claimed'), change_id: Id, resident_id: Id }),
  z.object({
    ...base,
    event: z.literal('test_submitted'),
    submission_id: Id,
    change_id: Id,
    test_type: GateName,
    description: Words,
    ballot_id: Id,
    ...Patch,
  }),
  z.object({
    ...base,
    event: z.literal('result_recorded'),
    change_id: Id,
    test_type: GateName,
    passed: z.boolean(),
    details: Words,
    integration_task_id: Id.optional().describe('The integration task that a passed unit gate makes'),
    ...Patch,
  }),
  z.object({ ...base, event: z.literal('batch_created'), batch_id: Id, task_ids: z.array(Id).min(1) }),
  z.object({
    ...base,
    event: z.literal('batch_recorded'),
    batch_id: Id,
    passed: z.boolean(),
    details: Words,
    failed: z
      .record(Id, Words)
      .default({})
      .describe('Integration tasks at fault, with why; all of them when empty and not passed'),
  }),
  z.object({ ...base, event: z.literal('change_stopped'), change_id: Id, reason: Words }),
]);
export type GateEvent = z.infer<typeof GateEvent>;
