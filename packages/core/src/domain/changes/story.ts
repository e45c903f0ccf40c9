import { type ChangeEvent, type ChangeLine, eventsOf } from './events.ts';

type Of<Name extends ChangeEvent['event']> = Extract<ChangeEvent, { event: Name }>;

export interface Told {
  readonly at: string;
  readonly event: ChangeEvent['event'];
  readonly text: string;
}

const SHOWN_DIGITS = 16;
/** As much of a hash as a person reads and repeats. */
export const short = (hash: string): string => hash.slice(0, SHOWN_DIGITS);

/** What happened to one change, a sentence an event, from its part of the log alone. */
export function storyOf(id: string, lines: readonly ChangeLine[]): Told[] {
  const about = { id, entries: '', landing: '', yes: false };
  return lines.flatMap(eventsOf).flatMap((event) => {
    if ('change_id' in event && event.change_id !== id) return [];
    const text = sentence(event, about);
    return text === undefined ? [] : [{ at: event.at, event: event.event, text }];
  });
}

/** What the sentences before left: the entries as they are, whether a yes holds, the landing under way. */
interface About {
  readonly id: string;
  entries: string;
  landing: string;
  yes: boolean;
}

function sentence(event: ChangeEvent, about: About): string | undefined {
  switch (event.event) {
    case 'change_opened':
      return `attempt ${event.attempt} of ${event.task_id} begins on ${event.project} at ${short(event.base_commit)}, by ${event.author_id ?? 'nobody'} with ${event.executor}`;
    case 'work_saved':
      return `step ${event.step} is saved: tree ${short(event.tree)}`;
    case 'check_recorded':
      return `${event.rule}${event.suite ? ` (${event.suite})` : ''} ${event.passed ? 'passes' : 'FAILS'} on tree ${short(event.tree)}: ${event.detail}`;
    case 'change_ended':
      return `${event.actor} ends it, ${event.state}: ${event.because}${lost(about)}`;
    case 'integrated':
      return integrated(event, about);
    case 'change_handed_in':
    case 'tests_added':
    case 'change_moved':
    case 'change_behind':
      return ofPatch(event, about);
    case 'project_seen':
      return about.yes ? `the project's settings or its branch changed (${short(event.commit)})${lost(about)}` : undefined;
    default:
      return ofLanding(event, about);
  }
}

function ofPatch(event: Of<'change_handed_in' | 'tests_added' | 'change_moved' | 'change_behind'>, about: About): string {
  if (event.event === 'change_behind') return `it is behind: ${event.because}`;
  const other = about.entries !== event.entries_sha256;
  about.entries = event.entries_sha256;
  const now = `entries ${short(event.entries_sha256)}, tree ${short(event.tree)}`;
  if (event.event === 'change_handed_in') return `it is handed in, ${event.files.length} files, tier ${event.tier}: ${now}`;
  const lostNow = other ? lost(about) : '';
  if (event.event === 'tests_added') return `${event.by} brings tests: ${now}${lostNow}`;
  return `it is merged onto ${short(event.base_commit)}, ${other ? 'with other entries' : 'its entries stay'}: ${now}${lostNow}`;
}

function ofLanding(event: ChangeEvent, about: About): string | undefined {
  switch (event.event) {
    case 'approval_given':
      about.yes = true;
      return `${event.by === 'human' ? 'the person approves' : 'the policy approves'} entries ${short(event.entries_sha256)} (${event.approval_id}, ${event.mode}) until ${event.expires_at}`;
    case 'approval_void':
      about.yes = false;
      return `${event.actor} takes the yes ${event.approval_id} back: ${event.because}`;
    case 'landing_started':
      about.landing = event.landing_id;
      return `${event.by} lands it with ${event.approval_id}: ${short(event.from_commit)} becomes ${short(event.to_commit)}`;
    case 'landing_taken':
      return `${event.by} takes the landing over (epoch ${event.epoch})`;
    case 'landing_retried':
      return `${event.actor} says that nothing is in the way of its landing any more`;
    case 'landing_finished':
      if (event.landing_id !== about.landing) return `another landing moved the branch${lost(about)}`;
      return event.ok ? 'it has landed' : `it has not landed: ${event.because ?? event.held ?? 'given up'}`;
    default:
      return undefined;
  }
}

function integrated({ batch_id, members, passed, at_fault }: Of<'integrated'>, { id }: About): string {
  const fault = at_fault[id];
  const others = `${batch_id}, ${members.length === 1 ? 'by itself' : `${members.length} changes together`}`;
  if (fault !== undefined) return `it is at fault in ${others}: ${fault}`;
  return passed ? `it passes in ${others}` : `${others} failed through others`;
}

function lost(about: About): string {
  if (!about.yes) return '';
  about.yes = false;
  return '; its yes holds no longer';
}
