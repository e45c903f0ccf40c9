import type { ActionEntry } from '../../contract/files.ts';
import { LINES } from '../../contract/names.ts';
import { maskSecrets } from '../../log/mask.ts';
import type { Backend } from '../../ports/backend.ts';

/** What happened, for people: everything but the time, which the log adds. */
export type Note = Omit<ActionEntry, 'timestamp' | 'metadata'> & { readonly metadata?: ActionEntry['metadata'] };

/** The activity stream: `action_log.jsonl` whole, `action_log.log` one short line each. Secrets are masked in both. */
export interface ActivityLog {
  note(entry: Note): void;
  /** Lines that could not be written, e.g. on a full disk. */
  readonly dropped: number;
  flush(): boolean;
  close(): void;
}

const WEEKDAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'] as const;
const DETAIL_CHARS = 80;

export function openActivityLog({ lines, clock }: Pick<Backend, 'lines' | 'clock'>): ActivityLog {
  const whole = lines(LINES.activity);
  const short = lines(LINES.activityText);
  return {
    note({ actor, action_type, action, detail, metadata = {} }) {
      const now = clock.now();
      const entry: ActionEntry = { timestamp: now.toISOString(), actor, action_type, action, detail, metadata };
      whole.write(maskSecrets(JSON.stringify(entry)));
      short.write(shortLine(entry, now));
    },
    get dropped() {
      return whole.dropped;
    },
    flush: () => [whole.flush(), short.flush()].every(Boolean),
    close() {
      whole.close();
      short.close();
    },
  };
}

/** Weekday, time (UTC), actor, type, action, detail. Masked before it is cut, so that no half of a secret is left. */
function shortLine(entry: ActionEntry, now: Date): string {
  const detail = [...oneLine(entry.detail)].slice(0, DETAIL_CHARS).join('');
  const weekday = WEEKDAYS[now.getUTCDay()] ?? '';
  return [weekday, entry.timestamp.slice(11, 23), oneLine(entry.actor), entry.action_type, oneLine(entry.action), detail].join(
    ' | ',
  );
}

function oneLine(text: string): string {
  return maskSecrets(text).replace(/\s+/g, ' ');
}
