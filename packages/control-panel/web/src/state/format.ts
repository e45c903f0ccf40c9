/** US dollars as the panel writes them: four decimals below ten dollars, two above. */
export function usd(amount: number): string {
  return `$${amount.toFixed(amount < 10 ? 4 : 2)}`;
}

// Made once: a formatter costs more than all that one page formats with it in a busy second.
const CLOCK = new Intl.DateTimeFormat(undefined, { timeStyle: 'medium', hour12: false });
const DAY_AND_CLOCK = new Intl.DateTimeFormat(undefined, {
  month: 'numeric',
  day: 'numeric',
  hour: '2-digit',
  minute: '2-digit',
  hour12: false,
});
/** An instant as a format has it; what names none stands as it is. */
function inWords(format: Intl.DateTimeFormat, at: string): string {
  const then = new Date(at);
  return Number.isNaN(then.getTime()) ? at : format.format(then);
}

const WHOLE = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'medium' });

/** The local time of day of an instant, for a screen only. */
export function clockTime(at: string): string {
  return inWords(CLOCK, at);
}

/** The time of day for what happened today, else the day and the minute. */
export function shortTime(at: string): string {
  const then = new Date(at);
  if (then.toDateString() === new Date().toDateString()) return clockTime(at);
  return inWords(DAY_AND_CLOCK, at);
}

export function localTime(at: string): string {
  return inWords(WHOLE, at);
}

/** How long work took: milliseconds below a second, tenths below ten. */
export function took(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)} ms`;
  return ms < 10_000 ? `${(ms / 1000).toFixed(1)} s` : span(ms);
}

/** A span as people say it: `12 s`, `3 min 5 s`, `2 h 4 min`, `3 d`. */
export function span(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return seconds % 60 === 0 ? `${minutes} min` : `${minutes} min ${seconds % 60} s`;
  const hours = Math.floor(minutes / 60);
  if (hours < 48) return minutes % 60 === 0 ? `${hours} h` : `${hours} h ${minutes % 60} min`;
  return `${Math.floor(hours / 24)} d`;
}

export function bytes(count: number): string {
  if (count < 1024) return `${count} B`;
  return count < 1024 * 1024 ? `${(count / 1024).toFixed(1)} KB` : `${(count / 1024 / 1024).toFixed(1)} MB`;
}
