/** Formats an instant in UTC: `5 Jan 2026, 08:00:06`. */
export function instantText(at: number): string {
  return `${dayText(at)}, ${timeText(at)}`;
}

/** Formats the day: `5 Jan 2026`. */
export function dayText(at: number): string {
  const date = new Date(at);
  return `${date.getUTCDate()} ${months[date.getUTCMonth()]} ${date.getUTCFullYear()}`;
}

/** Formats the time of day, without a zero fraction: `08:00:06`. */
export function timeText(at: number): string {
  const [, time = ''] = new Date(at).toISOString().split('T');
  return time.replace('Z', '').replace('.000', '');
}

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'] as const;
