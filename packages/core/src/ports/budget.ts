/** Who calls which model, and what for. */
export interface CallNote {
  readonly user: string;
  readonly purpose: string;
  readonly provider: string;
  readonly model: string;
  readonly attempt: number;
}

/** What a call may cost and for whom. All amounts are US dollars. */
export interface ReservationRequest {
  /** Stable per attempt of a call; reserving the same id twice is one reservation. */
  readonly call_id: string;
  readonly task_id?: string;
  readonly identity_id?: string;
  /** What is asked for at most. */
  readonly amount_usd: number;
  /** Above this the call takes no more than half of what is free, and waits for nobody. Left out: all that it asks for. */
  readonly enough_usd?: number;
  /** What the call cannot do without; between the two the ledger grants what is left. */
  readonly minimum_usd: number;
  readonly task_cap_usd?: number;
  readonly identity_cap_usd?: number;
  /** What the call is, kept beside the money for whoever has to account for it after a crash. */
  readonly about?: CallNote;
}

export type ReservationAnswer =
  | { readonly granted: true; readonly call_id: string; readonly amount_usd: number }
  | { readonly granted: false; readonly level: 'task' | 'identity' | 'run'; readonly left_usd: number; readonly fix: string };

export interface BudgetState {
  readonly cap_usd: number;
  readonly spent_usd: number;
  readonly reserved_usd: number;
  readonly reservations: readonly { call_id: string; task_id?: string; amount_usd: number; reserved_at: string }[];
  readonly since: string;
}

/** What tasks cost, for everybody who shows it. */
export interface TaskCosts {
  /** US dollars that the task's calls came to up to now, over every reset: its own, its critic's and planner's, and those without an answer. */
  chargedTo(task_id: string): number;
}

/**
 * Money: reserved before a call on every level at once, settled after it. At every instant spent + reserved <= cap.
 * A reservation outlives its process until it is settled. Waiters are served in order of arrival.
 */
export interface BudgetLedger extends TaskCosts {
  /**
   * Waits (first come, first served) while others' reservations stand in the way; refuses when waiting cannot help. Who
   * gives up while the reservation is being written gets it all the same, and settles it like any other.
   * @throws the signal's reason
   */
  reserve(request: ReservationRequest, signal?: AbortSignal): Promise<ReservationAnswer>;
  /** Record the true cost and free the rest. Settling twice changes nothing; without a reservation it is refused. */
  settle(call_id: string, cost_usd: number): Promise<void>;
  state(): BudgetState;
  spentOn(task_id: string): number;
  /** A person starts the count anew. */
  reset(actor: string): Promise<void>;
  refresh(): void;
  close(): Promise<void>;
}
