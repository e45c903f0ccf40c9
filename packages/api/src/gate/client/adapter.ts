import { createHash } from 'node:crypto';
import type { AnswerSchema, Message, ToolOffer } from '../call/message.ts';
import type { ReadAnswer } from '../reply/read-answer.ts';
import type { Profile } from './profile.ts';

export interface ChatCall {
  readonly model: string;
  readonly messages: readonly Message[];
  readonly maxTokens: number;
  readonly temperature: number;
  readonly profile: Profile;
  readonly schema?: AnswerSchema | undefined;
  readonly tools?: readonly ToolOffer[] | undefined;
  /** How hard a reasoning model shall think, in its provider's words. */
  readonly effort?: string | undefined;
  readonly time: CallTime;
  /** Hears the answer as it grows, where the provider streams. */
  readonly onText?: ((text: string) => void) | undefined;
  readonly signal: AbortSignal;
}

export interface CallTime {
  /** Longest silence: before the first sign of an answer, and between two pieces of it. */
  readonly silence_ms: number;
  /** For the whole answer. */
  readonly total_ms: number;
}

export type ChatAnswer = ReadAnswer;

/** One way to a model. */
export interface ChatClient {
  /** @throws CallFailure */
  complete(call: ChatCall): Promise<ChatAnswer>;
}

export const shortHash = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 16);
