export type SwitchState = 'running' | 'paused' | 'halted';

/** Who stopped the world and why; empty for a file made by hand. */
export interface SwitchReason {
  readonly state: SwitchState;
  readonly reason: string;
  readonly actor: string;
  readonly since?: string;
}

/** HALT and PAUSE: two files whose existence is the switch, whoever made them. */
export interface Switches {
  /** Two existence checks; cheap enough to ask before every step. HALT wins. */
  state(): SwitchState;
  halt(by: { reason: string; actor: string }): Promise<void>;
  pause(by?: { reason: string; actor: string }): Promise<void>;
  /** Take both away. */
  resume(): Promise<void>;
  reason(): SwitchReason;
  /** Hear every change of state. Returns the way to stop; keeps no process alive. */
  watch(listener: (state: SwitchState) => void): () => void;
}
