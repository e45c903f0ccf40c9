import type { CycleRequest, ModelDecision, TokenUsage } from '@vivarium/core';
import type { AnswerSchema, Message, ToolCall, ToolOffer } from './message.ts';

/** One question to a model, before anything is known of providers and money. */
export interface GateCall {
  readonly purpose: CycleRequest['purpose'];
  readonly user: string;
  readonly task_id?: string | undefined;
  readonly identity_id?: string | undefined;
  readonly model?: string | undefined;
  /** The task's own words, how much they ask for, and which attempt this is: what chooses a model where none is named. */
  readonly prompt?: string;
  readonly intensity?: CycleRequest['intensity'];
  readonly attempt?: number;
  readonly messages: readonly Message[];
  readonly max_tokens: number;
  /** With so many the answer is no worse: what models and purses are judged by. Left out: `max_tokens`. */
  readonly enough_tokens?: number;
  readonly temperature: number;
  readonly schema?: AnswerSchema | undefined;
  readonly tools?: readonly ToolOffer[] | undefined;
  /** For everything: waiting, all tries and the gaps between them. Undefined: what the provider and the settings give. */
  readonly timeout_ms?: number | undefined;
  /** Hears the answer as it grows, where the provider streams. */
  readonly onText?: ((text: string) => void) | undefined;
  /** What all calls of the task may cost together; without a task, what this call may cost. */
  readonly cap_usd?: number | undefined;
}

export interface GateAnswer {
  readonly text: string;
  /** What the model asks to have done; absent when it only spoke. */
  readonly toolCalls?: readonly ToolCall[];
  readonly model: string;
  readonly model_decision?: ModelDecision;
  /** Absent when the provider did not say. */
  readonly usage?: TokenUsage;
  readonly cost_usd: number;
  readonly simulated: boolean;
  readonly truncated: boolean;
  /** The reservation behind the answer, for settling it after a crash; absent for a call that is free. */
  readonly charge?: { readonly call_id: string; readonly cost_usd: number };
  /** Resolves once the cost is on disk. */
  readonly settled: Promise<void>;
}
