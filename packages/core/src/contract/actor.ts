/** Who does something. Its `id` is what logs name: a resident's identity, `human` for the person at this machine, or `runtime`. */
export type Actor =
  | {
      readonly kind: 'person';
      readonly id: string;
      readonly role: 'owner' | 'operator' | 'member' | 'viewer';
      /** By which door, where it is not the command line: `panel`. */
      readonly via?: string;
    }
  | { readonly kind: 'resident'; readonly id: string; readonly role: 'resident' }
  | { readonly kind: 'runtime'; readonly id: 'runtime'; readonly role: 'runtime' };

export type ActorKind = Actor['kind'];

/** The person at this machine. */
export const asOwner: Actor = { kind: 'person', id: 'human', role: 'owner' };
/** The same, at the panel. */
export const asOwnerInPanel: Actor = { ...asOwner, kind: 'person', role: 'owner', via: 'panel' };
/** What Vivarium does on its own schedule. */
export const asRuntime: Actor = { kind: 'runtime', id: 'runtime', role: 'runtime' };
export const asResident = (id: string): Actor => ({ kind: 'resident', id, role: 'resident' });

/** Whom logs call so. */
export const actorOf = (id: string): Actor => (id === asOwner.id ? asOwner : id === asRuntime.id ? asRuntime : asResident(id));

/** What the records of tasks, switches and activity call somebody: `person`, `person:panel`, `person:<id>`, or the id. */
export function loggedAs(actor: Actor): string {
  if (actor.kind !== 'person') return actor.id;
  const which = actor.id === asOwner.id ? actor.via : actor.id;
  return which === undefined ? 'person' : `person:${which}`;
}
