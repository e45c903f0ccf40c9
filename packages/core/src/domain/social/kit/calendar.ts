const DAY_MS = 86_400_000;
const DAYS_PER_WEEK = 7;

/** `2026-11-24`, in UTC. */
export function utcDay(instant: string): string {
  return instant.endsWith('Z') ? instant.slice(0, 10) : new Date(Date.parse(instant)).toISOString().slice(0, 10);
}

export function isSunday(instant: string): boolean {
  return new Date(Date.parse(instant)).getUTCDay() === 0;
}

/** ISO 8601 week, e.g. `2026-W48`: weeks begin on Monday, and a week belongs to the year of its Thursday. */
export function isoWeek(instant: string): string {
  const day = utcDay(instant);
  if (latest.day !== day) latest = { day, week: weekOf(day) };
  return latest.week;
}

/** A log asks for the same day again and again. */
let latest = { day: '', week: '' };

function weekOf(utc_day: string): string {
  const day = new Date(`${utc_day}T00:00:00Z`);
  const thursday = new Date(day.getTime() + (4 - (day.getUTCDay() || 7)) * DAY_MS);
  const year = thursday.getUTCFullYear();
  const week = Math.floor((thursday.getTime() - Date.UTC(year, 0, 1)) / DAY_MS / DAYS_PER_WEEK) + 1;
  return `${year}-W${String(week).padStart(2, '0')}`;
}

/** An instant some days later, ISO 8601. */
export function daysLater(instant: string, days: number): string {
  return new Date(Date.parse(instant) + days * DAY_MS).toISOString();
}

export function hoursLater(instant: string, hours: number): string {
  return daysLater(instant, hours / 24);
}

/** A resident's week and day of the week, both from 1, by its day count. */
export function residentWeek(day_count: number): { week: number; day_of_week: number } {
  const before = Math.max(0, day_count - 1);
  return { week: Math.floor(before / DAYS_PER_WEEK) + 1, day_of_week: (before % DAYS_PER_WEEK) + 1 };
}

/** The cycle an instant falls in. A length of zero or less counts whole seconds. */
export function cycleOf(instant: string, day_seconds: number): number {
  const seconds = Date.parse(instant) / 1000;
  return Math.floor(seconds / (day_seconds > 0 ? day_seconds : 1));
}
