/** Who does something. Its `id` is what logs name: a resident's identity, `human` for the person at this machine, or `runtime`. */
export type Actor =
  | {
      readonly kind: 'person';
      readonly id: string;
      readonly role: 'owner' | 'operator' | 'member' | 'viewer';
      /** By which door, where it is not the command line. */
      readonly via?: 'panel';
    }
  | { readonly kind: 'resident'; readonly id: string; readonly role: 'resident' }
  | { readonly kind: 'runtime'; readonly id: 'runtime'; readonly role: 'runtime' };

export type ActorKind = Actor['kind'];

/** How logs name the person at this machine, by the door they came through. */
export const PERSON_IDS = { society: 'human', cli: 'person', panel: 'person:panel', queue_file: 'queue.json' } as const;
const PEOPLE: ReadonlySet<string> = new Set(Object.values(PERSON_IDS));

/** Whether a log means the person by this id. It tells whom to show and count; a right follows from an actor's kind. */
export const isPerson = (id: string): boolean => PEOPLE.has(id);

/** The person at this machine. */
export const asOwner: Actor = { kind: 'person', id: PERSON_IDS.society, role: 'owner' };
/** The same, at the panel. */
export const asOwnerInPanel: Actor = { ...asOwner, kind: 'person', role: 'owner', via: 'panel' };
/** What Vivarium does on its own schedule. */
export const asRuntime: Actor = { kind: 'runtime', id: 'runtime', role: 'runtime' };
export const asResident = (id: string): Actor => ({ kind: 'resident', id, role: 'resident' });

/** Whom logs call so. */
export const actorOf = (id: string): Actor => (isPerson(id) ? asOwner : id === asRuntime.id ? asRuntime : asResident(id));

/** What the records of tasks, switches and activity call somebody: `person`, `person:panel`, `person:<id>`, or the id. */
export function loggedAs(actor: Actor): string {
  if (actor.kind !== 'person') return actor.id;
  if (actor.id !== asOwner.id) return `person:${actor.id}`;
  return actor.via === 'panel' ? PERSON_IDS.panel : PERSON_IDS.cli;
}
