import { StatusReport } from '@vivarium/core';
import { z } from 'zod';
import { type Sent, success } from './sent.ts';

/** How the world is set up and run: switches, workers, settings, health, the way to a model. */

const SwitchState = z.enum(['running', 'paused', 'halted']);
export type SwitchState = z.infer<typeof SwitchState>;
export const SwitchView = z.object({ state: SwitchState, reason: z.string().exactOptional() }).meta({ id: 'SwitchView' });
export type SwitchView = Sent<typeof SwitchView>;
export const SwitchAnswer = SwitchView.extend({ success }).meta({ id: 'SwitchAnswer' });

export const StopStatus = z.object({ stopped: z.boolean(), reason: z.string().nullable() }).meta({ id: 'StopStatus' });
export type StopStatus = Sent<typeof StopStatus>;

export const WorkerView = z
  .object({
    worker_id: z.string(),
    live: z.boolean(),
    pid: z.number(),
    beat_at: z.string(),
    started_at: z.string(),
    concurrency: z.number(),
    running: z.array(z.string()),
  })
  .meta({ id: 'WorkerView' });
export type WorkerView = Sent<typeof WorkerView>;

/** A worker process that the panel started. */
const PoolWorker = z
  .object({
    id: z.string(),
    pid: z.number(),
    started_at: z.string(),
    state: z.enum(['starting', 'running', 'stopping', 'ended']),
    concurrency: z.number(),
    said: z.string().exactOptional().describe('Why it ended, in its own last words'),
  })
  .meta({ id: 'PoolWorker' });
export type PoolWorker = Sent<typeof PoolWorker>;

export const WorkersAnswer = z
  .object({ success, workers: z.array(WorkerView), crew: z.array(PoolWorker), most: z.number() })
  .meta({ id: 'WorkersAnswer' });
export type WorkersAnswer = Sent<typeof WorkersAnswer>;
export const WorkersStarted = z.object({ success, started: z.array(PoolWorker) }).meta({ id: 'WorkersStarted' });
export const WorkerStopped = z.object({ success, worker: PoolWorker }).meta({ id: 'WorkerStopped' });

const Away = z.object({ reachable: z.literal(false), detail: z.string(), fix: z.string() });
const There = StatusReport.shape.provider.extend({ reachable: z.literal(true) });
/** What the execution API says of its way to a model; `reachable: false` when it does not answer. */
export const ProviderView = z.discriminatedUnion('reachable', [Away, There]).meta({ id: 'ProviderView' });
export type ProviderView = Sent<typeof ProviderView>;
export const ProviderAnswer = z
  .discriminatedUnion('reachable', [Away.extend({ success }), There.extend({ success })])
  .meta({ id: 'ProviderAnswer' });

export const ProviderTest = z
  .object({
    success,
    ok: z.boolean(),
    detail: z.string(),
    fix: z.string().exactOptional(),
    model: z.string().exactOptional(),
    took_ms: z.number(),
    cost_usd: z.number().exactOptional(),
  })
  .meta({ id: 'ProviderTest' });
export type ProviderTest = Sent<typeof ProviderTest>;

const DoctorFinding = z
  .object({
    level: z.enum(['ok', 'warning', 'error']),
    check: z.string(),
    message: z.string(),
    fix: z.string().exactOptional(),
    file: z.string().exactOptional(),
    line: z.number().exactOptional(),
  })
  .meta({ id: 'DoctorFinding' });
export type DoctorFinding = Sent<typeof DoctorFinding>;

export const DoctorAnswer = z
  .object({ success, ok: z.boolean(), errors: z.number(), warnings: z.number(), findings: z.array(DoctorFinding) })
  .meta({ id: 'DoctorAnswer' });
export type DoctorAnswer = Sent<typeof DoctorAnswer>;

export const SettingsAnswer = z
  .object({
    success,
    workspace: z.string(),
    provider: z.string(),
    approval: z.enum(['evidence', 'human']),
    docs_only: z.boolean(),
    limits: z.array(z.object({ name: z.string(), value: z.string(), meaning: z.string(), from: z.string() })),
    safety: z.object({
      network: z.string(),
      rules: z.array(z.object({ id: z.string(), check: z.string(), about: z.string() })),
      programs: z.array(z.object({ name: z.string(), about: z.string() })),
    }),
  })
  .meta({ id: 'SettingsAnswer' });
export type SettingsAnswer = Sent<typeof SettingsAnswer>;

/** The pace of an idle worker. */
export const Pace = z.object({ wait_seconds: z.number(), updated_at: z.string().nullable() }).meta({ id: 'Pace' });
export const PaceSaved = Pace.extend({ success }).meta({ id: 'PaceSaved' });

/** Whether a Groq key is set; the key itself never comes back. */
export const KeyState = z
  .object({
    success,
    configured: z.boolean(),
    source: z.enum(['env', 'security_file']).nullable(),
    masked_key: z.string().nullable(),
  })
  .meta({ id: 'KeyState' });
export type KeyState = Sent<typeof KeyState>;
