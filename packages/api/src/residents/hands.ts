import type { HandedIn } from '@vivarium/core';
import type { GateCall } from '../gate/call/gate-call.ts';
import type { ToolCall, ToolOffer } from '../gate/call/message.ts';
import type { ToolAnswer } from './kit.ts';
import type { StepEnd } from './steps.ts';

/** What a tool of hands-on work answered; `origin` names what was read, whose text keeps that origin. */
export interface Handled {
  readonly answer: ToolAnswer;
  readonly origin?: string;
}

export type Begun = Pick<StepEnd, 'messages' | 'spent'>;

/**
 * Hands-on work that a cycle is for: tools of its own beside those of the society, more steps, and files whose state goes
 * with each step. Acts that others see are offered once it is handed in.
 */
export interface Hands {
  /** What it is about and how it goes, for the system message. */
  readonly system: string;
  readonly max_steps: number;
  /** Its tools as a model is told them. */
  readonly offers: readonly ToolOffer[];
  /** `over`: nothing more is taken. */
  readonly state: 'working' | 'handed_in' | 'over';
  readonly handed_in: HandedIn | undefined;
  /**
   * Take up the work where its last step left it. Called once, before anything else. What was done before the first step,
   * by somebody else, is told the model, and what it cost.
   */
  begin(ends: readonly StepEnd[], call: GateCall): Promise<Begun>;
  /** The files as they are, kept under a number. */
  save(): Promise<Pick<StepEnd, 'tree' | 'saved_step'>>;
  call(call: ToolCall['function']): Promise<Handled>;
  /** The model only spoke: what it is told, once, when it seems to have forgotten something. */
  remind(): Promise<string | undefined>;
  /** What a person reads of how the work ended, behind the model's last words. */
  conclusion(): string | undefined;
}
