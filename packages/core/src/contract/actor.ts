/** Who does something. Its `id` is what logs name: a resident's identity, `human` for the person at this machine, or `runtime`. */
export type Actor =
  | { readonly kind: 'person'; readonly id: string; readonly role: 'owner' | 'operator' | 'member' | 'viewer' }
  | { readonly kind: 'resident'; readonly id: string; readonly role: 'resident' }
  | { readonly kind: 'runtime'; readonly id: 'runtime'; readonly role: 'runtime' };

export type ActorKind = Actor['kind'];

/** The person at this machine. */
export const asOwner: Actor = { kind: 'person', id: 'human', role: 'owner' };
/** What Vivarium does on its own schedule. */
export const asRuntime: Actor = { kind: 'runtime', id: 'runtime', role: 'runtime' };
export const asResident = (id: string): Actor => ({ kind: 'resident', id, role: 'resident' });

/** How logs name the person: in the society, at the command line, in the panel, and by the hand-edited queue file. */
const PERSON: ReadonlySet<string> = new Set([asOwner.id, 'person', 'person:panel', 'queue.json']);

/** Whether a log means the person by this id. For telling people apart in what is shown; a right follows from an actor's kind. */
export const isPerson = (id: string): boolean => PERSON.has(id);

/** Whom logs call so. */
export const actorOf = (id: string): Actor => (isPerson(id) ? asOwner : id === asRuntime.id ? asRuntime : asResident(id));
