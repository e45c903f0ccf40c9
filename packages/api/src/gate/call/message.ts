export type { Message, ToolCall, ToolOffer } from '@vivarium/core';

export interface AnswerSchema {
  readonly name: string;
  readonly schema: Readonly<Record<string, unknown>>;
}
