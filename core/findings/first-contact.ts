import type { HistoryEvent } from '../history/events.ts';

/** The service that a device contacts first in an attempt to get into service. */
export type FirstContact = 'dps' | 'hub' | 'unknown';

/**
 * Returns the service that a device contacts first in an attempt, by the first decision of DPS or of a hub about the device, or by the host
 * name in its first TLS handshake. `unknown` if the history has neither, for example if the device is offline.
 *
 * @param later the events after the start of the attempt.
 */
export function firstContactOf(
  { device, registrationId, from }: HistoryEvent & { kind: 'attempt-started' },
  later: readonly HistoryEvent[],
): FirstContact {
  const end = later.findIndex((event) => event.kind === 'attempt-ended' && event.device === device);
  const [ended] = end < 0 ? [] : later.slice(end, end + 1);
  const deviceId = ended?.kind === 'attempt-ended' ? ended.deviceId : undefined;
  for (const event of end < 0 ? later : later.slice(0, end)) {
    if (event.kind === 'decision' && [registrationId, deviceId].includes(event.subject)) {
      if (event.judge === 'dps' || event.judge === 'hub') return event.judge;
    }
    if (event.kind === 'client-hello' && from !== undefined && event.from === from && event.host !== undefined) {
      return event.host.endsWith('.azure-devices.net') ? 'hub' : 'dps';
    }
  }
  return 'unknown';
}
