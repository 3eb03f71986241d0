/**
 * Formats an ISO 8601 duration in words. The text contains only the two largest units: `P11M2DT4H` becomes `11 months 2
 * days`.
 */
export function spokenDuration(duration: string): string {
  const match = /^P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?$/.exec(
    duration,
  );
  if (match === null) return duration;
  const parts = units.flatMap((unit, index) => {
    const amount = Number(match[index + 1] ?? 0);
    return amount === 0 ? [] : [`${amount} ${unit}${amount === 1 ? '' : 's'}`];
  });
  return parts.length === 0 ? 'no time' : parts.slice(0, 2).join(' ');
}

const units = ['year', 'month', 'week', 'day', 'hour', 'minute', 'second'] as const;
