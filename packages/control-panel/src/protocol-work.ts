import type { ApiAuditLine } from '@vivarium/core';
import type { ThroughputStep } from './books/throughput.ts';
import type { LogLine, TaskRow, WorkerView } from './protocol.ts';

/** What the pages about tasks, money, the log and the settings exchange with the server. Types only. */

export interface SpendSum {
  calls: number;
  failed: number;
  input_tokens: number;
  output_tokens: number;
  cost_usd: number;
}

/** A sum under its key: a day, a model, a resident or a task; empty when the call named none. */
export interface SpendRow extends Readonly<SpendSum> {
  readonly key: string;
}

export interface SpendReport {
  readonly total: Readonly<SpendSum>;
  readonly by_day: readonly SpendRow[];
  readonly by_model: readonly SpendRow[];
  readonly by_resident: readonly SpendRow[];
  readonly by_task: readonly SpendRow[];
}

type CallFacts = 'purpose' | 'provider' | 'model' | 'input_tokens' | 'output_tokens' | 'duration_ms' | 'outcome' | 'attempt';

/** One attempt to call a model, of its line in the audit. */
export interface CallLine extends Readonly<Pick<ApiAuditLine, CallFacts>> {
  readonly at: string;
  readonly cost_usd: number;
  readonly failed: boolean;
  readonly error?: string;
}

/** Spend and queue in equal steps, oldest first. `spent_usd` is the sum since the last reset at the step's end. */
export interface TrendAnswer {
  readonly success: true;
  readonly step_ms: number;
  readonly cap_usd: number;
  /** false for some seconds after a start: tasks that were finished before it are still being counted. */
  readonly complete: boolean;
  readonly points: readonly (ThroughputStep & { readonly spent_usd: number })[];
}

export interface ModelRow {
  readonly id: string;
  readonly provider: string;
  readonly tier?: string;
  readonly context_tokens?: number;
  readonly roles: readonly ('default' | 'critic')[];
  /** Absent when nobody publishes one; then no call is made. */
  readonly price?: {
    readonly input_usd_per_million: number;
    readonly output_usd_per_million: number;
    readonly source: string;
  };
}

export interface RetiredModel {
  readonly id: string;
  readonly model: string;
  readonly because?: string;
}

export interface ModelsAnswer {
  readonly success: true;
  readonly models: readonly ModelRow[];
  readonly retired: readonly RetiredModel[];
  readonly prices_from: string;
}

export interface SettingsAnswer {
  readonly success: true;
  readonly workspace: string;
  readonly provider: string;
  readonly approval: 'evidence' | 'human';
  readonly docs_only: boolean;
  readonly limits: readonly { readonly name: string; readonly value: string; readonly meaning: string; readonly from: string }[];
  readonly safety: {
    readonly network: string;
    readonly rules: readonly { readonly id: string; readonly check: string; readonly about: string }[];
    readonly programs: readonly { readonly name: string; readonly about: string }[];
  };
}

/** A worker process that the panel started. */
export interface CrewMember {
  readonly id: string;
  readonly pid: number;
  readonly started_at: string;
  readonly state: 'starting' | 'running' | 'stopping' | 'ended';
  readonly concurrency: number;
  /** Why it ended, in its own last words. */
  readonly said?: string;
}

export interface WorkersAnswer {
  readonly success: true;
  readonly workers: readonly WorkerView[];
  readonly crew: readonly CrewMember[];
  readonly most: number;
}

export interface DoctorAnswer {
  readonly success: true;
  readonly ok: boolean;
  readonly errors: number;
  readonly warnings: number;
  readonly findings: readonly DoctorFinding[];
}

export interface DoctorFinding {
  readonly level: 'ok' | 'warning' | 'error';
  readonly check: string;
  readonly message: string;
  readonly fix?: string;
  readonly file?: string;
  readonly line?: number;
}

export interface ProviderTest {
  readonly success: true;
  readonly ok: boolean;
  readonly detail: string;
  readonly fix?: string;
  readonly model?: string;
  readonly took_ms: number;
  readonly cost_usd?: number;
}

/** One page of the written logs, newest first. `next` goes on to older lines; null at the beginning. */
export interface LogPage {
  readonly success: true;
  readonly lines: readonly LogLine[];
  readonly next: string | null;
}

export interface BulkAnswer {
  readonly success: true;
  readonly matched: number;
  readonly done: readonly string[];
  readonly refused: readonly { readonly id: string; readonly error: string }[];
}

export interface GraphAnswer {
  readonly success: true;
  readonly nodes: readonly TaskRow[];
  /** The task in the middle, when the picture does not show everything. */
  readonly focus: string | null;
  readonly more: boolean;
  readonly total: number;
}

/** One quality gate of a task as its newest attempt met it. */
export interface GateRow {
  readonly gate: 'vote' | 'qa' | 'unit' | 'integration' | 'e2e';
  readonly verdict: 'pending' | 'passed' | 'failed';
  /** What it rests on, in words: reasons of a decided vote, what was tested, what came of it. */
  readonly evidence: readonly string[];
  /** Who voted, took it on, or handed in the test: identities, or `human`. */
  readonly by: readonly string[];
}
