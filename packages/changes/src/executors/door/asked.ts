import type { Message, ToolCall, ToolOffer } from '@vivarium/core';

/** What an executor asks a model for, whichever protocol it speaks. Whatever else its request holds is left out. */
export interface Asked {
  readonly messages: readonly Message[];
  readonly tools: readonly ToolOffer[];
  readonly max_tokens?: number | undefined;
  readonly temperature?: number | undefined;
  readonly protocol: 'chat' | 'responses';
  /** It wants the answer as a stream of events. */
  readonly stream: boolean;
}

export interface Answered {
  readonly text: string;
  readonly tool_calls: readonly ToolCall[];
  readonly truncated: boolean;
  readonly usage?: { readonly prompt_tokens: number; readonly completion_tokens: number } | undefined;
}

/** Which request this is: equal ones have one hash, and are counted. An answer that was paid for is kept under it. */
export interface Place {
  readonly hash: string;
  readonly occurrence: number;
}

/** The way on to a model, which pays and waits. @throws VivariumError where there is no answer */
export type Ask = (asked: Asked, place: Place, signal: AbortSignal) => Promise<Answered>;

/** The one name under which an executor knows its model; which one is called is the task's choice. */
export const MODEL_NAME = 'vivarium';

/** How a protocol is read and answered. */
export interface Protocol {
  /** @throws ZodError naming the field */
  read(body: unknown): Asked;
  /** The answer as one value. */
  whole(answered: Answered, about: AnswerName): unknown;
  /** The same as events of a stream, each with its data. */
  events(answered: Answered, about: AnswerName): readonly string[];
  /** What a stream that has begun says when there is no answer after all. */
  failure(message: string, code: string): readonly string[];
}

/** What names an answer: an equal request that is answered anew gets the same. */
export interface AnswerName {
  readonly id: string;
  /** Seconds since 1970. */
  readonly created: number;
}
