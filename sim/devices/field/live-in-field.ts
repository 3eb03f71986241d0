import { addDuration } from '../../../core/time/duration.ts';
import type { AttemptEnd } from '../../../core/history/events.ts';
import type { Network } from '../../world/network.ts';
import { attempt } from '../attempt.ts';
import type { Device } from '../device.ts';
import { QuietVisits, type LastVisitors } from './quiet-visits.ts';
import { QuietRenewals } from './quiet-renewals.ts';
import { isRenewalDue, renewWhenDue, type PlannedPowerFailure, type RenewalPlaces } from '../renewal/renewal.ts';

/** The arguments of the step `run-in-field`. */
export interface FieldWords {
  /** Duration. */
  readonly for: string;
  /** Time between two visits. */
  readonly visits: string;
  readonly offline: boolean;
  readonly powerFails?: PlannedPowerFailure['powerFails'];
}

/** Number of visits and renewals of a device in a step `run-in-field`. */
export interface FieldLife {
  visits: number;
  /** Number of visits in which the hub accepted the device. */
  accepted: number;
  renewals: number;
  failedRenewals: number;
}

/** Runs a device for the duration of `run-in-field`: it visits its hub, and renews its certificate when that is due. Returns the counts. */
export async function liveInField(
  device: Device,
  words: FieldWords,
  places: RenewalPlaces,
  visitors: LastVisitors,
): Promise<FieldLife> {
  const quiet = new QuietVisits(device, places.network, visitors);
  try {
    return await live(device, words, places, quiet);
  } finally {
    quiet.flush();
  }
}

async function live(device: Device, words: FieldWords, places: RenewalPlaces, quiet: QuietVisits): Promise<FieldLife> {
  const { network } = places;
  const { clock } = network;
  const life: FieldLife = { visits: 0, accepted: 0, renewals: 0, failedRenewals: 0 };
  device.setOffline(words.offline);
  const planned = { powerFails: words.powerFails };
  const renewals = new QuietRenewals(device, network, quiet);
  const end = addDuration(clock.now(), words.for);
  for (;;) {
    // The last visit opens a connection: `expect` applies to this visit, so its checks must be in the history.
    const isQuiet = clock.now() < end && (await quiet.visit(addDuration(clock.now(), words.visits)));
    const isAccepted = isQuiet || (await visitByWire(device, network, quiet));
    life.visits++;
    if (isAccepted) life.accepted++;
    // An attempt takes virtual time too. The next step makes a renewal that is due after the end of this step.
    if (clock.now() >= end) break;
    if (isRenewalDue(device, network)) {
      quiet.flush();
      const isQuiet = planned.powerFails === undefined && renewals.isPossible(addDuration(clock.now(), words.visits));
      const renew = async () => renewWhenDue(device, isAccepted, places, planned);
      const renewal = await (isQuiet ? device.withoutConnections(renew) : renew());
      renewals.renewed(isQuiet, renewal === 'renewed');
      if (renewal === 'renewed') {
        life.renewals++;
        // The renewal tried the new certificate at the hub, so the next visits need no connection.
        if (device.renewal?.plan.keepsOld === true) {
          if (isQuiet) quiet.visited(triedAtHub);
          else quiet.visitedByWire(triedAtHub);
        }
      }
      if (renewal === 'failed') life.failedRenewals++;
    }
    const now = clock.now();
    await clock.sleep(Math.min(addDuration(now, words.visits), end, device.renewal?.wakeAfter(now) ?? end) - now);
  }
  device.setOffline(false);
  return life;
}

/** Makes one visit over a connection. Returns true if the hub accepted the device. */
async function visitByWire(device: Device, network: Network, quiet: QuietVisits): Promise<boolean> {
  quiet.flush();
  const end = await attempt(device, 'as-configured', network);
  quiet.visitedByWire(end);
  return end.telemetry === 'accepted';
}

/** The outcome of the visit with which a renewal tries the new certificate. */
const triedAtHub: AttemptEnd = { outcome: 'assigned', sentence: '', telemetry: 'accepted', attempts: 0 };
