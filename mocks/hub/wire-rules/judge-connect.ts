import type { History } from '../../../core/history/history.ts';
import { recordDecision, recordFailedDecision } from '../../shared/record-decision.ts';
import type { Hub } from '../hub.ts';

/** A CONNECT packet of MQTT for a hub. */
interface HubConnectRequest {
  readonly host: string;
  /** The decoded device ID, or `{deviceId}/{moduleId}`. */
  readonly deviceId: string;
  /** The device ID as the user name contains it, possibly percent-encoded. */
  readonly written: string;
  readonly moduleId: string | undefined;
  readonly clientId: string;
  /** Network address of the client. */
  readonly from: string | undefined;
}

/**
 * Checks the form of a CONNECT, before the hub verifies the credentials of the device. Records the decision only if a check
 * failed.
 *
 * @param hub the hub that the user name names; undefined if no linked hub has this host.
 */
export function isConnectWellFormed(request: HubConnectRequest, hub: Hub | undefined, history: History): boolean {
  const { host, deviceId, written, moduleId, clientId, from } = request;
  const trace = history.trace('hub', deviceId, `connection to ${host}`, from);
  const name = moduleId === undefined ? written : `${written}/${moduleId}`;
  const isWellFormed =
    trace.check('hub-known', hub !== undefined, 'a linked hub', hub?.host ?? host) &&
    trace.check('client-id-matches', clientId === name, name, clientId);
  recordFailedDecision(history, trace);
  return isWellFormed;
}

/** Records that a client names a host that is not a hub. */
export function recordUnknownHub(
  target: {
    readonly subject: string;
    readonly host: string;
    /** Network address of the client. */
    readonly from: string | undefined;
  },
  history: History,
): void {
  const { subject, host, from } = target;
  const trace = history.trace('hub', subject, `connection to ${host}`, from);
  trace.check('hub-known', false, 'a linked hub', host);
  recordDecision(history, trace);
}
