import { instantAsDate } from '../../core/time/clock.ts';

/** Formats the day of an instant in UTC: `5 Jan 2026`. */
export function dayText(at: number): string {
  const date = instantAsDate(at);
  return `${date.getUTCDate()} ${months[date.getUTCMonth()]} ${date.getUTCFullYear()}`;
}

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'] as const;
