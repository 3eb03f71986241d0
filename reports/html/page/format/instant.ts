import { dayText } from '../../../sentences/day-text.ts';

/** Formats an instant in UTC: `5 Jan 2026, 08:00:06`. */
export function instantText(at: number): string {
  return `${dayText(at)}, ${timeText(at)}`;
}

/** Formats the time of day, without a zero fraction: `08:00:06`. */
export function timeText(at: number): string {
  const [, time = ''] = new Date(at).toISOString().split('T');
  return time.replace('Z', '').replace('.000', '');
}
