/** What somebody on the network may be allowed: from there one can ask, judge and stop; only at the machine one can widen. */
export type Capability = 'look' | 'read' | 'oversee' | 'task' | 'say' | 'mail' | 'judge' | 'stop';

export interface CapabilityMeaning {
  /** The least role that has it. */
  readonly role: 'viewer' | 'member' | 'operator';
  /** The scope of a token that carries it. */
  readonly scope: 'read' | 'task' | 'say' | 'judge' | 'stop';
  readonly means: string;
}

export const CAPABILITIES: Readonly<Record<Capability, CapabilityMeaning>> = {
  look: { role: 'viewer', scope: 'read', means: 'See totals, residents, rooms, the library and bounties' },
  read: { role: 'member', scope: 'read', means: 'See tasks: own ones with their output, those of others where they are shared' },
  oversee: { role: 'operator', scope: 'read', means: 'See everybody’s work, mail and money' },
  task: { role: 'member', scope: 'task', means: 'Add, change, cancel and repeat own tasks' },
  say: { role: 'member', scope: 'say', means: 'Speak in rooms' },
  mail: { role: 'operator', scope: 'say', means: 'Write to residents' },
  judge: { role: 'operator', scope: 'judge', means: 'Approve and reject, vote, tip, decide disputes' },
  stop: { role: 'operator', scope: 'stop', means: 'Halt, pause and resume' },
};
